import { describe } from 'vitest'
import { blobReadCases } from './blob-read-cases.ts'
import { blobWriteCases } from './blob-write-cases.ts'
import type { BlobStoreHarness } from './harness.ts'
import { useHarness } from './use-harness.ts'

/** What every blob store does. */
export function blobStoreContract(name: string, factory: () => Promise<BlobStoreHarness>): void {
  describe(`blob store contract: ${name}`, () => {
    const harness = useHarness(factory)
    describe('writing', () => blobWriteCases(harness))
    describe('reading, listing, removing', () => blobReadCases(harness))
  })
}
