import { describe } from 'vitest'
import type { DatabaseHarness } from './harness.ts'
import { imageListCases } from './image-list-cases.ts'
import { imageLocateCases } from './image-locate-cases.ts'
import { imageLookupCases } from './image-lookup-cases.ts'
import { imageMoveCases } from './image-move-cases.ts'
import { imageReassignCases } from './image-reassign-cases.ts'
import { imageSweepCases } from './image-sweep-cases.ts'
import { imageTombstoneCases } from './image-tombstone-cases.ts'
import { useHarness } from './use-harness.ts'

/** What every image store does. */
export function imageStoreContract(name: string, factory: () => Promise<DatabaseHarness>): void {
  describe(`image store contract: ${name}`, () => {
    const harness = useHarness(factory)
    const database = () => harness().database
    describe('keeping and finding', () => imageLookupCases(database))
    describe('moving and changing', () => imageMoveCases(database))
    describe('listing', () => imageListCases(database))
    describe('many at once, and other projects', () => imageReassignCases(database))
    describe('sweeping', () => imageSweepCases(database))
    describe('locating', () => imageLocateCases(database))
    describe('deleting', () => imageTombstoneCases(database))
  })
}
