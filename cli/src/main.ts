#!/usr/bin/env node
import { run } from './run.ts'

const stop = new AbortController()
process.once('SIGINT', () => stop.abort())
process.exitCode = await run(process.argv.slice(2), {
  env: process.env,
  signal: stop.signal,
  terminal: {
    out: text => void process.stdout.write(text),
    err: text => void process.stderr.write(text),
    interactive: process.stderr.isTTY === true,
  },
})
