// The least that Node can do with a file in memory: what is above this is our own doing.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'

const [file = '', port = '0'] = process.argv.slice(2)
const bytes = readFileSync(file)

createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': bytes.byteLength })
  response.end(bytes)
}).listen(Number(port), '127.0.0.1')
