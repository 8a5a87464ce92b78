import { createSharpImageProcessor } from '../sharp-image-processor.ts'

/** A parent that a test kills while its engine process is stuck: argument 2 is the source that makes it stuck. */

const [, , source = ''] = process.argv
const processor = createSharpImageProcessor({
  processes: 1,
  workerProgram: new URL('./misbehaving-worker.ts', import.meta.url),
  log: ({ event, pid }) => {
    if (event === 'engine.started') process.stdout.write(`${pid}\n`)
  },
})
const limits = { allowedTypes: [], maxSide: 1, maxPixels: 1, maxFrames: 1, maxAnimationPixels: 1 }
const recipe = { id: 'test', variants: [] }
await processor.render({ source, outputDirectory: '/', declaredType: null, limits, recipe })
