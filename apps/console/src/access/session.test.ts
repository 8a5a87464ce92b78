import { type Account, type Calotype, CalotypeError, type Me, type Organization } from '@calotype/sdk'
import { expect, test } from 'vitest'
import { createSessionKeeper } from './session.ts'

const refusal = (status: number) => new CalotypeError({ code: 'x', status, detail: 'No.' })
const access = { mode: 'accounts', registration: 'closed' } as const
const account: Account = { id: 'U', name: 'Ada', email: 'ada@example.com' }

/** Only that somebody is there matters here. */
const somebody = { id: 'me' } as Me
const organization = (id: string): Organization => ({ id, name: id, role: 'member', created_at: '' })

interface Given {
  link?: CalotypeError
  signedIn: boolean | CalotypeError
  account?: Account
}

/** A keeper on an api that has only what keepers call. */
function keeper(given: Given) {
  const calls: string[] = []
  const state = { ...given }
  const call = (name: string) => async () => void calls.push(name)
  const api = {
    me: async () => {
      calls.push('me')
      if (state.signedIn === true) return somebody
      throw state.signedIn === false ? refusal(401) : state.signedIn
    },
    session: {
      access: async () => access,
      redeem: async () => {
        if (state.link !== undefined) throw state.link
      },
      switchOrganization: async (id: string) => void calls.push(`use ${id}`),
      end: async () => {
        calls.push('end')
        state.signedIn = false
      },
    },
    account: { current: async () => state.account ?? null, signOut: call('sign out') },
    organizations: {
      invitations: { accept: async () => organization('B') },
    },
  } as unknown as Calotype
  return { session: createSessionKeeper(api), calls, state }
}

test('a browser with a session is in, one without learns how to get in', async () => {
  const known = keeper({ signedIn: true }).session
  await known.open()
  expect(known.current()).toEqual({ state: 'open', me: somebody })
  const stranger = keeper({ signedIn: false }).session
  await stranger.open()
  expect(stranger.current()).toEqual({ state: 'closed', why: 'never_opened', access })
})

test('a spent link is called so, unless the browser is signed in anyway', async () => {
  const spent = keeper({ link: refusal(401), signedIn: false }).session
  await spent.redeem('t')
  expect(spent.current()).toEqual({ state: 'closed', why: 'link_spent', access })
  const again = keeper({ link: refusal(401), signedIn: true }).session
  await again.redeem('t')
  expect(again.current().state).toBe('open')
})

test('a server that does not answer is not a spent link', async () => {
  const { session } = keeper({ link: refusal(0), signedIn: false })
  await session.redeem('t')
  expect(session.current().state).toBe('unreachable')
})

test('an account without an organisation is at home nowhere', async () => {
  const { session } = keeper({ signedIn: refusal(403), account })
  await session.open()
  expect(session.current()).toEqual({ state: 'homeless', account })
})

test('a refusal asks once whether the session goes on; others do not', async () => {
  const { session, calls, state } = keeper({ signedIn: true })
  await session.open()
  session.notice(refusal(404))
  session.notice(refusal(403))
  session.notice(refusal(403))
  await session.refresh()
  expect(session.current().state).toBe('open')
  expect(calls).toEqual(['me', 'me'])
  state.signedIn = false
  session.notice(refusal(401))
  await session.refresh()
  expect(session.current()).toEqual({ state: 'closed', why: 'ended', access })
})

test('a connection that breaks while somebody is in takes nothing away', async () => {
  const { session, state } = keeper({ signedIn: true })
  await session.open()
  state.signedIn = refusal(0)
  await session.refresh()
  expect(session.current().state).toBe('open')
})

test('leaving ends the session of the link and of the account', async () => {
  const { session, calls } = keeper({ signedIn: true })
  await session.open()
  await session.leave()
  expect(calls.slice(1, 3)).toEqual(['end', 'sign out'])
  expect(session.current()).toEqual({ state: 'closed', why: 'left', access })
})

test('joining goes to the organisation of the invitation', async () => {
  const { session, calls } = keeper({ signedIn: true })
  await session.join('t')
  expect(calls).toEqual(['use B', 'me'])
})
