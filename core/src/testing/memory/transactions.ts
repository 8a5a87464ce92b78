import { AsyncLocalStorage } from 'node:async_hooks'
import { copyOf } from './copy-of.ts'
import { checkConstraints, emptyState, type MemoryState, type StateAccess } from './state.ts'

export interface MemoryTransactions {
  /** What is committed. Throws inside an open transaction, which may use only its own stores. */
  committed: StateAccess
  /** Runs work on a copy that replaces the state when it succeeds. One transaction at a time. */
  run<T>(work: (draft: StateAccess) => Promise<T>): Promise<T>
  onCommit(listener: () => void): void
}

/** Transactions by copying: serialised, so that every lock is held by the only one who runs. */
export function createMemoryTransactions(): MemoryTransactions {
  let state: MemoryState = emptyState()
  let last: Promise<unknown> = Promise.resolve()
  const scope = new AsyncLocalStorage<{ open: boolean }>()
  const listeners = new Set<() => void>()
  const guard = () => {
    if (scope.getStore()?.open)
      throw new Error(
        'The outer stores were used inside an open transaction. Use the stores that `transaction` passes.',
      )
  }
  async function runAlone<T>(work: (draft: StateAccess) => Promise<T>): Promise<T> {
    const { draft, tables } = draftOf(state)
    draft.transactions += 1
    const life = { open: true }
    const access = () => {
      if (!life.open) throw new Error('The stores of a transaction were used after its end.')
      return draft
    }
    try {
      const result = await scope.run(life, () => work(access))
      checkConstraints(tables)
      state = tables
      return result
    } finally {
      life.open = false
    }
  }
  return {
    committed: () => {
      guard()
      return state
    },
    run: async work => {
      guard()
      const mine = last.then(() => runAlone(work))
      last = mine.catch(() => undefined)
      const result = await mine
      for (const listener of listeners) listener()
      return result
    },
    onCommit: listener => {
      listeners.add(listener)
    },
  }
}

/** A draft copies a table when it first looks at it: most transactions look at few. `tables` is what it comes to. */
function draftOf(state: MemoryState): { draft: MemoryState; tables: MemoryState } {
  const tables = { ...state }
  const own = new Set<PropertyKey>()
  const draft = new Proxy(tables, {
    get: (target, name) => {
      if (!own.has(name)) Reflect.set(target, name, copyOf(Reflect.get(target, name)))
      own.add(name)
      return Reflect.get(target, name)
    },
    set: (target, name, value) => {
      own.add(name)
      return Reflect.set(target, name, value)
    },
  })
  return { draft, tables }
}
