export { MAX_URL_LENGTH } from './check-url.ts'
export { createHttpRemoteFiles, type HttpRemoteFilesConfig, MAX_REDIRECTS } from './http-remote-files.ts'
