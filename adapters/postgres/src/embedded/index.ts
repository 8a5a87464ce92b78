export { DataDirectoryInUse, EmbeddedServerError, type EmbeddedServerErrorCode } from './errors.ts'
export { type DataDirectoryLock, lockDataDirectory } from './lock-data-directory.ts'
export { findRunningServer } from './running-server.ts'
export { type EmbeddedServer, type EmbeddedServerConfig, startEmbeddedServer } from './start-embedded-server.ts'
