import type { UsageStore } from '../../cost/index.ts'
import type { StateAccess } from './state.ts'

/** Usage in memory: the same cause counts once. */
export function memoryUsageStore(state: StateAccess): UsageStore {
  return {
    record: async entries => {
      for (const entry of entries) {
        const id = `${entry.projectId} ${entry.cause}`
        if (!state().usage.has(id)) state().usage.set(id, structuredClone(entry))
      }
    },
  }
}
