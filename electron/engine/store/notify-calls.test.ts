/** The calls of telling over the real writer thread. */
import { afterEach, expect, it } from 'vitest'
import { smtpAt, subscriptionTo } from '../../../test/fixtures/notify/occasions.ts'
import { removeDir, temporaryDir } from '../../../test/fixtures/store/opened.ts'
import { openStoreWith } from './client.ts'
import type { Store } from './types.ts'

const dir = temporaryDir()
let store: Store | undefined
afterEach(async () => {
  await store?.close()
  removeDir(dir)
})

it('every call of the list reaches its method on the writer thread, and what is kept is there after a restart', async () => {
  const open = async (): Promise<Store> => {
    const opened = await openStoreWith(dir, { readAtOnce: false })
    if (!opened.ok) throw new Error(opened.error.message)
    return opened.value
  }
  store = await open()
  const id = '00000000-0000-4000-8000-000000000001'
  const channel = { id, enabled: true, settings: smtpAt(25), created: 1 }
  expect(await store.notify.saveChannel(channel, 'mina')).toEqual({ ok: true, value: null })
  const subscription = { id, owner: 'mina', settings: subscriptionTo(id), created: 1 }
  expect((await store.notify.saveSubscription(subscription, 'mina')).ok).toBe(true)
  const about = { incident: null, alert: null }
  const message = {
    channel: id,
    to: ['a@b.example'],
    kind: 'test',
    language: 'en',
    subject: 's',
    text: 't',
    html: 'h',
    payload: null,
    about,
    reference: 'r',
  } as const
  expect((await store.notify.tell({ messages: [message], gather: [], alertMark: 7 }, 1000)).ok).toBe(true)
  await store.close()

  store = await open()
  const { notify } = store
  expect(await notify.channels()).toEqual({ ok: true, value: [channel] })
  expect(await notify.subscriptions()).toEqual({ ok: true, value: [subscription] })
  expect(await notify.next(id, 1000)).toMatchObject({ ok: true, value: { message: { ...message, id: 1 }, next: null } })
  expect(await notify.alertMark()).toEqual({ ok: true, value: 7 })
  // None throws on the other side for want of a method.
  const answers = await Promise.all([
    notify.gatheredCounts(),
    notify.digestsDue(0),
    notify.gathered(id),
    notify.postpone(id, 1),
    notify.setAlertMark(1),
    notify.newestAlert(),
    notify.alertsAfter(0, 10),
    notify.beginIncidents(),
    notify.untoldIncidents(10),
    notify.digest(id, 0, [], 0),
    notify.refused(9, { code: 'channel_off', values: {} }, null, 0),
    notify.sent(9, 0),
    notify.channelFailed('x', { code: 'channel_off', values: {} }, 0, 0),
    notify.traffic(),
    notify.messages({ states: [], limit: 1, after: null }),
    notify.message('1'),
    notify.retry(['1'], 0),
    notify.cancel(['1'], 0),
    notify.prune(0),
    notify.removeSubscription(id, 'mina'),
    notify.removeChannel(id, 'mina'),
  ])
  expect(answers.filter((answer) => !answer.ok)).toEqual([])
})
