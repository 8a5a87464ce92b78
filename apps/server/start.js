// The door of `npm start`: plain JavaScript, so that an old Node can read it and say what is wrong.
const major = Number(process.versions.node.split('.')[0])
if (major < 24) {
  console.error(
    `Calotype runs on Node.js 24; this is ${process.version}.\n` +
      'On Linux and Windows `npm ci` brings it along: start with `npm start`. On macOS install Node 24 (see .nvmrc) first.',
  )
  process.exit(1)
}

if (process.argv.includes('--watch')) {
  const { spawn } = await import('node:child_process')
  const watched = ['core', 'contract', 'adapters', 'apps/server'].map(folder => `--watch-path=${folder}`)
  const child = spawn(process.execPath, [...watched, 'apps/server/src/main.ts'], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  child.on('exit', code => process.exit(code ?? 1))
} else {
  await import('./src/main.ts')
}
