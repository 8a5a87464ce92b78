#!/usr/bin/env node
// Plain JavaScript, so that an old Node can read it and say what is wrong.
const major = Number(process.versions.node.split('.')[0])
if (major < 24) {
  process.exit(1)
}
await import('./src/main.ts')
