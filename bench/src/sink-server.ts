// The least a server can do with an upload: its body goes into a file as it comes.
import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { createServer } from 'node:http'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'

const [directory = '.', port = '0'] = process.argv.slice(2)

createServer(async (request, response) => {
  await pipeline(request, createWriteStream(path.join(directory, randomUUID())))
  response.writeHead(202).end()
}).listen(Number(port), '127.0.0.1')
