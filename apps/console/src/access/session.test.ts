import { CalotypeError, type Me } from '@calotype/sdk'
import { expect, test } from 'vitest'
import { createSessionKeeper } from './session.ts'

const refusal = (status: number) => new CalotypeError({ code: 'x', status, detail: 'No.' })

/** Only that somebody is there matters here. */
const somebody = { id: 'me' } as Me

function keeper({ link, signedIn }: { link?: CalotypeError | undefined; signedIn: boolean | CalotypeError }) {
  const ended: string[] = []
  const session = createSessionKeeper({
    me: async () => {
      if (signedIn === true) return somebody
      throw signedIn === false ? refusal(401) : signedIn
    },
    session: {
      redeem: async () => {
        if (link !== undefined) throw link
      },
      end: async () => {
        ended.push('end')
      },
    },
  })
  return { session, ended }
}

test('a browser with a session is in, one without is asked for a link', async () => {
  const known = keeper({ signedIn: true }).session
  await known.open()
  expect(known.current()).toEqual({ state: 'open', me: somebody })
  const stranger = keeper({ signedIn: false }).session
  await stranger.open()
  expect(stranger.current()).toEqual({ state: 'closed', why: 'never_opened' })
})

test('a spent link is called so, unless the browser is signed in anyway', async () => {
  const spent = keeper({ link: refusal(401), signedIn: false }).session
  await spent.redeem('t')
  expect(spent.current()).toEqual({ state: 'closed', why: 'link_spent' })
  const again = keeper({ link: refusal(401), signedIn: true }).session
  await again.redeem('t')
  expect(again.current().state).toBe('open')
})

test('a server that does not answer is not a spent link', async () => {
  const { session } = keeper({ link: refusal(0), signedIn: false })
  await session.redeem('t')
  expect(session.current().state).toBe('unreachable')
})

test('a session that is over, and leaving', async () => {
  const { session, ended } = keeper({ signedIn: true })
  await session.open()
  session.notice(refusal(404))
  expect(session.current().state).toBe('open')
  session.notice(refusal(401))
  expect(session.current()).toEqual({ state: 'closed', why: 'ended' })
  await session.leave()
  expect(ended).toEqual(['end'])
})
