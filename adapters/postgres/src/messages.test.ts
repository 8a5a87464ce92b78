import { pipelineStoreContract, webhookStoreContract } from '@calotype/core/testing'
import { openTestDatabase } from './testing/test-database.ts'

pipelineStoreContract('postgres', () => openTestDatabase())
webhookStoreContract('postgres', () => openTestDatabase())
