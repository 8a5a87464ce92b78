export * from './errors.ts'
export * from './image-processor.ts'
export * from './limits.ts'
export * from './recipe.ts'
