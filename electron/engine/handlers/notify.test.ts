import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { notifyDesk, valueOf, type NotifyDesk } from '../../../test/fixtures/notify/desk.ts'
import { alertAt, opened, smtpAt, subscriptionTo } from '../../../test/fixtures/notify/occasions.ts'
import { contract } from '../../../shared/contract.ts'
import { PERMISSIONS, type CallContext } from '../../../shared/rpc/kinds.ts'
import type { Notify } from '../notify/notify.ts'
import { notifyHandlers } from './notify.ts'

let desk: NotifyDesk
let notify: Notify
let ending: AbortController
beforeEach(async () => {
  desk = notifyDesk()
  notify = await desk.open()
  ending = new AbortController()
})
afterEach(async () => {
  ending.abort()
  await notify.close()
  desk.remove()
})
const as = (name: string): CallContext => ({
  caller: { id: name, name, permissions: new Set(PERMISSIONS) },
  signal: ending.signal,
})

describe('being told, over the contract', () => {
  it('gives what the contract says, and never a password', async () => {
    const handlers = notifyHandlers(notify)
    const settings = smtpAt(1, { user: 'soc' })
    const saved = await handlers['notify.saveChannel']({ id: null, enabled: false, settings, secret: 'hunter2' }, as('mina'))
    const channel = contract['notify.saveChannel'].output.parse(valueOf(saved))
    await handlers['notify.saveSubscription']({ id: null, settings: subscriptionTo(channel.id) }, as('mina'))
    valueOf(await notify.tell(opened()))
    const said = JSON.stringify([
      contract['notify.channels'].output.parse(valueOf(await handlers['notify.channels']({}, as('jun')))),
      contract['notify.subscriptions'].output.parse(valueOf(await handlers['notify.subscriptions']({}, as('jun')))),
      contract['notify.messages'].output.parse(
        valueOf(await handlers['notify.messages']({ states: ['waiting'], limit: 10, after: null }, as('jun'))),
      ),
    ])
    expect(said).toContain('INC-2026-0117')
    expect(said).not.toContain('hunter2')
    const message = await handlers['notify.message']({ id: '1' }, as('jun'))
    expect(contract['notify.message'].output.parse(valueOf(message)).text).toContain('INC-2026-0117')
    expect(await handlers['notify.message']({ id: '2' }, as('jun'))).toMatchObject({ ok: false, error: { code: 'not_found' } })
  })
  it('pages through messages, the newest first', async () => {
    const handlers = notifyHandlers(notify)
    const { id } = valueOf(await notify.saveChannel({ id: null, enabled: false, settings: smtpAt(1) }, 'mina'))
    await notify.saveSubscription({ id: null, settings: subscriptionTo(id, { mostPerMinute: 60 }) }, 'mina')
    for (let n = 1; n <= 7; n++) valueOf(await notify.tell(alertAt(n)))
    const seen: (string | null)[] = []
    let after: string | null = null
    do {
      const page: { messages: { about: { alert: string | null } }[]; after: string | null } = valueOf(
        await handlers['notify.messages']({ states: [], limit: 3, after }, as('mina')),
      )
      seen.push(...page.messages.map(({ about }) => about.alert))
      after = page.after
    } while (after !== null)
    expect(seen).toEqual(['7', '6', '5', '4', '3', '2', '1'])
  })
  it('tells screens of changes, and an operator of what they want to see', async () => {
    const handlers = notifyHandlers(notify)
    const revisions: number[] = []
    const titles: string[] = []
    const watching = handlers['notify.watch']({}, ({ revision }) => Promise.resolve(void revisions.push(revision)), as('mina'))
    const showing = handlers['notify.desktop'](
      {},
      ({ notes }) => Promise.resolve(void titles.push(...notes.map(({ title }) => title))),
      as('mina'),
    )
    const settings = subscriptionTo('desktop', { addresses: [] })
    valueOf(await handlers['notify.saveSubscription']({ id: null, settings }, as('mina')))
    valueOf(await notify.tell(alertAt(1, 'critical')))
    await expect.poll(() => titles).toEqual(['Alert (critical): Web shell 1, web-01'])
    await expect.poll(() => revisions.length).toBeGreaterThan(1)
    expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b))
    ending.abort()
    expect((await watching).ok && (await showing).ok).toBe(true)
  })
})
