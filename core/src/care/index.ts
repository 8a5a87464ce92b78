export * from './remove-organization.ts'
export * from './remove-project.ts'
