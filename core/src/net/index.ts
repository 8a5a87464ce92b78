export * from './errors.ts'
export * from './is-public-address.ts'
export * from './remote-files.ts'
