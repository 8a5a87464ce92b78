/**
 * Pixels lie outside of V8's small heap, and their coming and going makes it collect once or twice per picture: all at
 * once, that takes half the CPU of collecting step by step beside the running program.
 */
export const ENGINE_NODE_OPTIONS = ['--max-old-space-size=192', '--single-threaded-gc', '--no-incremental-marking']
