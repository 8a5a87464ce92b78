export * from './is-public-address.ts'
