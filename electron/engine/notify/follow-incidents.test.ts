/** From a change of an incident to the mail that arrives, over a desk's database and a real SMTP server. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { NOW, notifyDesk, valueOf, type NotifyDesk } from '../../../test/fixtures/notify/desk.ts'
import { startMailServer, type MailServer } from '../../../test/fixtures/notify/mail-server.ts'
import { smtpAt, subscriptionTo } from '../../../test/fixtures/notify/occasions.ts'
import { DeskLedger } from '../store/desk-ledger.ts'
import { DeskIncidents } from '../store/incidents/desk-incidents.ts'
import type { Notify } from './notify.ts'

let desk: NotifyDesk
let notify: Notify
let server: MailServer
const acting = { by: 'mina', now: NOW * 1000 }
const create = (title: string) => valueOf(new DeskIncidents(desk.db).create({ title, alerts: [], edit: {} }, acting)).number
const subjects = async (): Promise<string[]> => {
  await notify.settled()
  return valueOf(await notify.messages({ states: [], limit: 100, after: null }))
    .messages.map(({ subject }) => subject)
    .reverse()
}
beforeEach(async () => {
  desk = notifyDesk()
  server = await startMailServer({ disabledCommands: ['AUTH', 'STARTTLS'] })
  notify = await desk.open()
  const { id } = valueOf(await notify.saveChannel({ id: null, enabled: true, settings: smtpAt(server.port) }, 'mina'))
  valueOf(await notify.saveSubscription({ id: null, settings: subscriptionTo(id, { mostPerMinute: 60 }) }, 'mina'))
})
afterEach(async () => {
  await notify.close()
  await server.close()
  desk.remove()
})

it('tells once that an incident was opened, what changed, and that it was closed; a restart in between loses and repeats nothing', async () => {
  create('Older than telling')
  await notify.start()
  const number = create('<b>Web shell</b>')
  expect(await subjects()).toEqual([`[TLP:AMBER] ${number} opened (medium): <b>Web shell</b>`])
  expect(await subjects()).toHaveLength(1)

  // Changed while nobody was there to tell it.
  await notify.close()
  const edit = { severity: 'high', owner: 'J. Oh' } as const
  valueOf(new DeskIncidents(desk.db).edit({ number, edit, from: {}, insist: true }, { ...acting, by: 'lee' }))
  desk.restart()
  notify = await desk.open()
  await notify.start()
  expect((await subjects()).slice(1)).toEqual([`[TLP:AMBER] ${number} progress (open): <b>Web shell</b>`])
  const progress = server.mails.at(-1)!.raw
  expect(progress).toContain('lee')
  expect(progress).toContain('&lt;b&gt;Web shell')

  // A note is nothing that is told.
  const note = { kind: 'note', id: null, base: null, part: { text: 'x', internal: false } } as const
  valueOf(new DeskIncidents(desk.db).save({ number, draft: note }, acting))
  expect(await subjects()).toHaveLength(2)

  const times = { occurred: new Date(NOW - 1000).toISOString(), acknowledged: new Date(NOW).toISOString() }
  valueOf(new DeskIncidents(desk.db).edit({ number, edit: { times }, from: {}, insist: true }, acting))
  for (const phase of ['contained', 'eradicated', 'recovered', 'closed'] as const)
    valueOf(new DeskIncidents(desk.db).reach({ number, phase, at: null }, acting))
  expect((await subjects()).slice(2)).toEqual([`[TLP:AMBER] ${number} closed: <b>Web shell</b>`])
  expect(server.mails).toHaveLength(3)
})

it('does not tell as opened what was imported, or went into another incident at once', async () => {
  await notify.start()
  const kept = create('Kept')
  const merged = create('Merged')
  const imported = create('Imported')
  const told = { by: 'mina', action: 'case.imported', subject: imported, body: {} }
  new DeskLedger(desk.db).add('desk', told, NOW * 1000)
  valueOf(new DeskIncidents(desk.db).merge({ number: kept, from: merged, reason: 'the same' }, acting))
  expect(await subjects()).toEqual([`[TLP:AMBER] ${kept} opened (medium): Kept`])
})
