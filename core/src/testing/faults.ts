/** How the planned call goes wrong. After a kill nothing works any more until `revive`; a failure is over at once. */
export interface Fault {
  /** Counting from 1, over everything that is watched. */
  call: number
  /** Before the call has any effect, or after all of it: then only the answer is lost. */
  when: 'before' | 'after'
  kill: boolean
}

export interface Faults {
  plan(fault: Fault): void
  /** Forgets the plan and counts anew; resolves what a restart resolves. */
  revive(): void
  /** Calls since the last `revive`, by name. */
  readonly calls: readonly string[]
  /** Whether the planned fault has happened. */
  readonly struck: boolean
  /** The same object with its methods watched; `nested` ones are objects whose methods are watched. */
  watch<T extends object>(name: string, target: T, how: { error: () => Error; only?: readonly string[] }): T
}

/** Lets the N-th call to the outside world fail, so that a test can try every N. */
export function createFaults(): Faults {
  let fault: Fault | null = null
  let calls: string[] = []
  let struck = false
  const killed = () => struck && fault?.kill === true
  async function call(name: string, error: () => Error, work: () => unknown): Promise<unknown> {
    if (killed()) throw new Error(`killed before ${name}`)
    calls.push(name)
    const mine = fault !== null && calls.length === fault.call
    if (!mine) return work()
    if (fault?.when === 'after') await work()
    struck = true
    throw fault?.kill ? new Error(`killed at ${name}`) : error()
  }
  return {
    plan: planned => {
      fault = planned
    },
    revive: () => {
      fault = null
      calls = []
      struck = false
    },
    get calls() {
      return calls
    },
    get struck() {
      return struck
    },
    watch: (name, target, { error, only }) =>
      new Proxy(target, {
        get: (object, property) => {
          const member: unknown = Reflect.get(object, property)
          if (typeof member !== 'function' || (only && !only.includes(String(property)))) return member
          return (...args: unknown[]) =>
            call(`${name}.${String(property)}`, error, () => Reflect.apply(member, object, args))
        },
      }),
  }
}
