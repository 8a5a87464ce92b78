import { generateKeyPairSync, type KeyObject, sign as signRandomly } from 'node:crypto'
import { createCloudFrontCdn } from '@calotype/aws'
import { createDiskCdn } from '@calotype/disk'
import { median } from './statistics.ts'
import { printTable, ratio, whole } from './table.ts'

const ROUNDS = 15
const IMAGES = 50
const NAMES = ['full.avif', 'full.webp', 'full.jpg', 'thumb.avif', 'thumb.webp', 'thumb.jpg']
const PROJECT = '01HZX0000000000000000000AA'

/** Keys of a page of images that nobody has asked for yet; each round has another page. */
const pageOf = (round: number, names = NAMES): string[] =>
  Array.from({ length: IMAGES }, (_, image) => `r${round}i${image}`).flatMap(image =>
    names.map(name => `private/${PROJECT}/${image}/r1/${name}`),
  )

const EXPIRES = 2_000_000_000

interface Signer {
  sign(objectKey: string, expires: number): string
}

/** Each run is long enough for the clock of the processor's time. */
const REPEATS = { anew: 2, kept: 200 }

/** URLs that one core signs in a second: one by one and for 50 images at once, each signed anew or kept for the window. */
function ratesOf(anew: Signer, kept: Signer): number[] {
  const rate = (by: Signer, repeats: number, keys: readonly string[]) => {
    const took = microseconds(() => {
      for (let repeat = 0; repeat < repeats; repeat++) for (const objectKey of keys) by.sign(objectKey, EXPIRES)
    })
    return (keys.length * repeats * 1e6) / took
  }
  const batch = pageOf(0, ['full.avif'])
  const single = batch.map(() => batch[0] ?? '')
  return [single, batch].flatMap(keys => [rate(anew, REPEATS.anew, keys), rate(kept, REPEATS.kept, keys)])
}

/** Median microseconds of CPU of a run over `ROUNDS` runs, the first of which only warms up. Time on the wall would be that of a busy machine. */
function microseconds(run: (round: number) => void): number {
  const times: number[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    const before = process.cpuUsage()
    run(round)
    const { user, system } = process.cpuUsage(before)
    if (round > 0) times.push(user + system)
  }
  return median(times)
}

const pemOf = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString()

/** What signed URLs cost: one signature by each kind of key, and a page of 50 images with six files each. */
export async function sign(): Promise<void> {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey
  const ecdsa = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const cdn = (key: KeyObject, maxKeptSignatures?: number) =>
    createCloudFrontCdn({
      ...{ domain: 'd111111abcdef8.cloudfront.net', maxKeptSignatures },
      keyPairs: [{ id: 'K2JCJMDEHXQW5F', privateKey: pemOf(key) }],
    })
  const embedded = createDiskCdn({ publicUrl: 'http://127.0.0.1:3000', secret: 'x'.repeat(32) })
  const text = Buffer.from('x'.repeat(180))
  const contestants = [
    { name: 'RSA-2048', floor: () => signRandomly('sha256', text, rsa), key: rsa },
    { name: 'ECDSA P-256, the same in all processes', floor: () => signRandomly('sha256', text, ecdsa), key: ecdsa },
  ]
  const rows = contestants.map(({ name, floor, key }) => {
    const [each, shared] = [cdn(key, 0), cdn(key)]
    const signPage = (by: Signer) => (round: number) => {
      for (const objectKey of pageOf(round)) by.sign(objectKey, EXPIRES)
    }
    const alone = microseconds(signPage(each))
    const page = microseconds(signPage(shared))
    const again = microseconds(() => signPage(shared)(1))
    const openssl = microseconds(() => {
      for (let call = 0; call < IMAGES; call++) floor()
    })
    return [name, openssl / IMAGES, alone / (IMAGES * NAMES.length), alone, page, again] as const
  })
  const hmac = microseconds(round => {
    for (const objectKey of pageOf(round)) embedded.sign(objectKey, EXPIRES)
  })
  printTable(
    `Signed URLs, a page of ${IMAGES} images × ${NAMES.length} files (µs of CPU, medians of ${ROUNDS})`,
    ['', 'OpenSSL alone', 'per signature', 'page, each signed', 'page, one per image', 'page, kept', 'URLs/s kept'],
    [
      ...rows.map(([name, openssl, one, alone, page, again]) => [
        ...[name, whole(openssl), whole(one), whole(alone), whole(page), whole(again)],
        whole((IMAGES * NAMES.length * 1e6) / again),
      ]),
      ['HMAC (embedded CDN)', '', ratio(hmac / (IMAGES * NAMES.length)), whole(hmac), '', '', ''],
    ],
  )
  printTable(
    `Signed URLs per second and core, one by one and for ${IMAGES} images at once (medians of ${ROUNDS})`,
    ['', 'single, signed anew', 'single, kept', `batch of ${IMAGES}, signed anew`, `batch of ${IMAGES}, kept`],
    contestants.map(({ name, key }) => [name, ...ratesOf(cdn(key, 0), cdn(key)).map(whole)]),
  )
}
