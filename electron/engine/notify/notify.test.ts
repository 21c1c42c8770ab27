/** From what happens to what arrives: over a desk's database, a real SMTP server and a real webhook. The clock is the tests' own. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { NOW, notifyDesk, valueOf, type NotifyDesk } from '../../../test/fixtures/notify/desk.ts'
import { decodedHeader, headerOf, PASSWORD, startMailServer, type MailServer } from '../../../test/fixtures/notify/mail-server.ts'
import { alertAt, opened, progressed, smtpAt, subscriptionTo } from '../../../test/fixtures/notify/occasions.ts'
import { Message, type DesktopNote, type SubscriptionSettings } from '../../../shared/model/notification.ts'
import { DeskLedger } from '../store/desk-ledger.ts'
import { MOST_WAITING } from '../store/desk-messages.ts'
import type { Notify } from './notify.ts'
import { webhookSignature } from './webhook.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const PLAIN = { disabledCommands: ['AUTH', 'STARTTLS'] }

let desk: NotifyDesk
let notify: Notify
const closing: (() => Promise<unknown>)[] = []
beforeEach(async () => {
  desk = notifyDesk()
  notify = await desk.open()
})
afterEach(async () => {
  await notify.close()
  for (const close of closing.splice(0)) await close()
  desk.remove()
})

async function mailServer(...options: Parameters<typeof startMailServer>): Promise<MailServer> {
  const server = await startMailServer(...options)
  closing.push(() => server.close())
  return server
}
const mailChannel = async (port: number): Promise<string> =>
  valueOf(await notify.saveChannel({ id: null, enabled: true, settings: smtpAt(port) }, 'mina')).id
const subscribe = async (channel: string, more: Partial<SubscriptionSettings> = {}): Promise<string> =>
  valueOf(await notify.saveSubscription({ id: null, settings: subscriptionTo(channel, more) }, 'mina')).id
const messages = async (): Promise<readonly Message[]> =>
  Message.array().parse(valueOf(await notify.messages({ states: [], limit: 500, after: null })).messages)
const states = async (): Promise<string[]> => (await messages()).map(({ state }) => state)
const later = async (milliseconds: number): Promise<void> => {
  desk.clock += milliseconds
  await notify.flushed()
  await notify.settled()
}
/** With messages that are not yet due. */
async function fillQueue(channel: string): Promise<void> {
  const template = {
    channel,
    to: ['a@b.example'],
    kind: 'test',
    language: 'en',
    subject: '',
    text: '',
    html: '',
    payload: null,
    about: { incident: null, alert: null },
  } as const
  const messages = Array.from({ length: MOST_WAITING }, (_, i) => ({ ...template, reference: `r${i}` }))
  valueOf(await desk.store.tell({ messages, gather: [], alertMark: null }, desk.clock + HOUR))
}
const codeOf = (message: Message | undefined): string => message?.lastError?.code ?? ''

describe('what happens', () => {
  it('reaches whoever subscribed to it, each with a mail of their own', async () => {
    const server = await mailServer(PLAIN)
    const channel = await mailChannel(server.port)
    await subscribe(channel, { addresses: ['a@acme.example', 'b@acme.example'], incidentProgress: false })
    await subscribe(channel, { addresses: ['c@acme.example'], language: 'ko', incidentOpened: false })
    valueOf(await notify.tell(opened()))
    valueOf(await notify.tell(progressed()))
    await notify.settled()
    expect(server.mails.map(({ to }) => to).sort()).toEqual([['a@acme.example'], ['b@acme.example'], ['c@acme.example']])
    expect(new Set(server.mails.map(({ raw }) => headerOf(raw, 'Message-ID'))).size).toBe(3)
    expect(
      (await messages()).map(({ state, kind, language, about, attempts }) => ({ state, kind, language, about, attempts }))[0],
    ).toEqual({
      state: 'sent',
      kind: 'incident_progress',
      language: 'ko',
      about: { incident: 'INC-2026-0117', alert: null },
      attempts: 1,
    })
    expect(notify.state).toMatchObject({ waiting: 0, failing: 0 })
    expect(notify.banners).toEqual([])
  })
  it('is for some customers, severities and subscriptions that are on', async () => {
    const server = await mailServer(PLAIN)
    const channel = await mailChannel(server.port)
    await subscribe(channel, { addresses: ['acme@x.example'], customers: ['Acme'] })
    await subscribe(channel, { addresses: ['other@x.example'], customers: ['Other'] })
    await subscribe(channel, { addresses: ['off@x.example'], enabled: false })
    await subscribe(channel, { addresses: ['low@x.example'], alerts: ['low'], incidentOpened: false })
    valueOf(await notify.tell(opened()))
    valueOf(await notify.tell(alertAt(1, 'low')))
    valueOf(await notify.tell(alertAt(2, 'medium')))
    await notify.settled()
    expect(server.mails.map(({ to }) => to[0])).toEqual(['acme@x.example', 'low@x.example'])
  })
  it('reaches the owner and the watchers of an incident, each once, and not who did it', async () => {
    const server = await mailServer(PLAIN)
    const channel = await mailChannel(server.port)
    for (const [name, address] of [
      ['J. Oh', 'oh@acme.example'],
      ['김서연', 'kim@acme.example'],
      ['Oh again', 'OH@acme.example'],
      ['mina', 'mina@acme.example'],
    ] as const)
      valueOf(await notify.savePerson(name, address, 'mina'))
    await subscribe(channel, { addresses: [], people: true })
    await subscribe(channel, { addresses: ['kim@acme.example'], people: true, incidentOpened: false, language: 'ko' })
    const watchers = ['김서연', 'Oh again', 'mina', 'nobody known', '<script>alert(1)</script>']
    valueOf(await notify.tell(opened({ watchers })))
    valueOf(await notify.tell(alertAt(1)))
    await notify.settled()
    // An alert is nobody's: only the listed address is told of it.
    expect(server.mails.map(({ to }) => to[0]).sort()).toEqual(['kim@acme.example', 'kim@acme.example', 'oh@acme.example'])

    // After a restart, and without those whose address was taken away.
    valueOf(await notify.savePerson('J. Oh', null, 'mina'))
    valueOf(await notify.savePerson('Oh again', null, 'mina'))
    await notify.close()
    desk.restart()
    notify = await desk.open()
    expect(valueOf(await notify.people()).map(({ name }) => name)).toEqual(['mina', '김서연'])
    const before = server.mails.length
    valueOf(await notify.tell(progressed({ watchers })))
    await notify.settled()
    expect(server.mails.slice(before).map(({ to }) => to[0])).toEqual(['kim@acme.example', 'kim@acme.example'])
  })
  it('tells people together only of incidents of theirs', async () => {
    const server = await mailServer(PLAIN)
    const channel = await mailChannel(server.port)
    valueOf(await notify.savePerson('J. Oh', 'oh@acme.example', 'mina'))
    await subscribe(channel, { addresses: ['all@acme.example'], people: true, digestMinutes: 10 })
    valueOf(await notify.tell(opened()))
    valueOf(await notify.tell(opened({ number: 'INC-2026-0118', owner: 'lee' })))
    await later(10 * MINUTE)
    expect((await messages()).map(({ to, kind, about }) => [to[0], kind, about.incident]).sort()).toEqual([
      ['all@acme.example', 'digest', null],
      ['oh@acme.example', 'incident_opened', 'INC-2026-0117'],
    ])
    expect(server.mails).toHaveLength(2)
  })
  it('refuses people where there are no mails, and mails without anybody', async () => {
    const channel = await mailChannel(9)
    const save = (settings: SubscriptionSettings) => notify.saveSubscription({ id: null, settings }, 'mina')
    expect(await save(subscriptionTo(channel, { addresses: [] }))).toMatchObject({ ok: false, error: { path: 'addresses' } })
    expect(await save(subscriptionTo('desktop', { addresses: [], people: true }))).toMatchObject({ ok: false })
  })
  it.each([
    ['en', 'succeeded', 'Impact: succeeded'],
    ['ko', '성공', '영향: 성공'],
  ] as const)('says what came of an alert, in %s, and nothing where that is not known', async (language, word, line) => {
    const server = await mailServer(PLAIN)
    const channel = await mailChannel(server.port)
    await subscribe(channel, { language })
    valueOf(await notify.tell(alertAt(1, 'high', { impact: 'succeeded', title: '<img src=x onerror=alert(1)>' })))
    valueOf(await notify.tell(alertAt(2, 'high')))
    await notify.settled()
    const texts = await Promise.all(
      (await messages()).map(async ({ id, subject }) => [subject, valueOf(await notify.message(id)).text] as const),
    )
    const [unknown, known] = texts
    expect(known?.[0]).toContain(`, ${word})`)
    expect(known?.[1].split('\n')).toContain(line)
    expect(unknown?.[1]).not.toContain(line.slice(0, line.indexOf(':') + 1))
    const raw = server.mails.find((mail) => mail.raw.includes('A-1'))?.raw ?? server.mails[0]!.raw
    expect(raw.slice(raw.indexOf('Content-Type: text/html'))).not.toContain('<img')
  })
  it('goes to a webhook with what it is made of', async () => {
    const taken: { body: string; signature: string; at: string }[] = []
    const server: Server = createServer((request, response) => {
      let body = ''
      request.setEncoding('utf8').on('data', (part: string) => (body += part))
      request.on('end', () => {
        const { 'x-watchfloor-signature': signature, 'x-watchfloor-timestamp': at } = request.headers
        taken.push({ body, signature: String(signature), at: String(at) })
        response.writeHead(taken.length === 1 ? 503 : 200).end()
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closing.push(() => new Promise((resolve) => server.close(resolve)))
    const secret = 'a shared secret of both'
    const settings = {
      kind: 'webhook' as const,
      name: 'Hook',
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      ca: null,
      acceptAnyCertificate: false,
    }
    const { id } = valueOf(await notify.saveChannel({ id: null, enabled: true, settings, secret }, 'mina'))
    await subscribe(id, { addresses: [] })
    valueOf(await notify.tell(alertAt(47_120, 'critical')))
    await notify.settled()
    expect(await states()).toEqual(['waiting'])
    await later(2 * MINUTE)
    expect(await states()).toEqual(['sent'])
    const [first, second] = taken
    // The same message again, signed anew.
    expect(second!.body).toBe(first!.body)
    expect(second!.at).not.toBe(first!.at)
    expect(second!.signature).toBe(webhookSignature(secret, Number(second!.at), second!.body))
    expect(JSON.parse(second!.body)).toMatchObject({
      version: 1,
      kind: 'alert',
      about: { alert: '47120' },
      desk: 'desk-1',
      occasions: [{ kind: 'alert', alert: { asset: 'web-01' } }],
    })
  })
})

describe('an outage', () => {
  it('is waited for and said, and nothing is lost, not even over a restart', async () => {
    const server = await startMailServer(PLAIN)
    const channel = await mailChannel(server.port)
    await subscribe(channel)
    await server.close()
    for (let n = 0; n < 3; n++) valueOf(await notify.tell(opened({ title: `Number ${n}` })))
    await notify.settled()
    // One attempt says it for all.
    expect((await messages()).map((message) => [message.state, codeOf(message)])).toEqual(
      Array.from({ length: 3 }, () => ['waiting', 'connection_refused']),
    )
    await later(61_000)
    expect(notify.banners).toMatchObject([
      { key: 'notify_failing', tone: 'late', values: { name: 'Mail', problem: { code: 'connection_refused' } } },
    ])
    expect(notify.state).toMatchObject({ waiting: 3, failing: 1 })
    expect(valueOf(await notify.channels())[0]!.traffic).toMatchObject({ waiting: 3, problem: { code: 'connection_refused' } })

    await notify.close()
    desk.restart()
    desk.clock += HOUR
    notify = await desk.open()
    expect(notify.banners).toHaveLength(1)
    const again = await startMailServer(PLAIN, undefined, server.port)
    closing.push(() => again.close())
    await notify.start()
    await notify.settled()
    expect(again.mails).toHaveLength(3)
    expect(await states()).toEqual(['sent', 'sent', 'sent'])
    expect(notify.banners).toEqual([])
  })
  it('of a day gives up, says so until somebody looks after it, and can be tried again', async () => {
    const server = await startMailServer(PLAIN)
    const channel = await mailChannel(server.port)
    await subscribe(channel)
    await server.close()
    valueOf(await notify.tell(opened()))
    await notify.settled()
    const waits: number[] = []
    for (let hours = 0; hours < 30 && (await states())[0] === 'waiting'; hours++) {
      const next = Date.parse((await messages())[0]!.nextAttempt ?? '')
      waits.push(next - desk.clock)
      await later(next - desk.clock)
    }
    expect(waits.slice(0, 8).map((wait) => wait / MINUTE)).toEqual([1, 2, 4, 8, 16, 32, 60, 60])
    const [message] = await messages()
    expect(message).toMatchObject({ state: 'failed', lastError: { code: 'connection_refused' } })
    expect(desk.clock - NOW).toBeGreaterThanOrEqual(24 * HOUR)
    expect(desk.clock - NOW).toBeLessThan(26 * HOUR)
    expect(notify.state).toMatchObject({ waiting: 0, failing: 1 })

    const again = await startMailServer(PLAIN, undefined, server.port)
    closing.push(() => again.close())
    expect(valueOf(await notify.retry([message!.id]))).toEqual({ changed: 1 })
    await notify.settled()
    expect(await states()).toEqual(['sent'])
    expect(notify.banners).toEqual([])
  })
  it('of one message holds up no other', async () => {
    const server = await mailServer({
      ...PLAIN,
      onRcptTo: ({ address }, _session, done) =>
        address.startsWith('ok')
          ? done()
          : done(Object.assign(new Error('no'), { responseCode: address.startsWith('later') ? 450 : 550 })),
    })
    const channel = await mailChannel(server.port)
    await subscribe(channel, { addresses: ['never@x.example', 'later@x.example', 'ok@x.example'] })
    valueOf(await notify.tell(opened()))
    await notify.settled()
    expect((await messages()).map(({ to, state }) => [to[0], state])).toEqual([
      ['ok@x.example', 'sent'],
      ['later@x.example', 'waiting'],
      ['never@x.example', 'failed'],
    ])
    expect(notify.state.failing).toBe(1)
    expect(valueOf(await notify.cancel((await messages()).map(({ id }) => id)))).toEqual({ changed: 2 })
    await notify.settled()
    expect(await states()).toEqual(['sent', 'cancelled', 'cancelled'])
    expect(notify.state).toMatchObject({ waiting: 0, failing: 0 })
  })
  it('for a moment: taken in the end', async () => {
    const server = await mailServer(PLAIN, (nth) => (nth < 2 ? { code: 451, text: 'greylisted' } : null))
    await subscribe(await mailChannel(server.port))
    valueOf(await notify.tell(opened()))
    await notify.settled()
    await later(MINUTE)
    expect((await messages())[0]).toMatchObject({ state: 'waiting', attempts: 2, lastError: { code: 'mail_deferred' } })
    await later(2 * MINUTE)
    expect(await states()).toEqual(['sent'])
  })
  it('between sending and noting: sent again, with the same Message-ID', async () => {
    const server = await mailServer(PLAIN)
    const channel = await mailChannel(server.port)
    await subscribe(channel)
    valueOf(await notify.tell(opened()))
    await notify.settled()
    // As if the desk had died before the note was written.
    desk.db.prepare("UPDATE notify_message SET state = 'waiting', ended = NULL, attempts = 0").run()
    await later(1000)
    expect(server.mails).toHaveLength(2)
    expect(headerOf(server.mails[0]!.raw, 'Message-ID')).toBe(headerOf(server.mails[1]!.raw, 'Message-ID'))
    expect(headerOf(server.mails[0]!.raw, 'Date')).toBe(headerOf(server.mails[1]!.raw, 'Date'))
  })
  it('that fills the queue: refused with an error, shown, and alerts wait where they are', async () => {
    const server = await mailServer(PLAIN)
    const channel = await mailChannel(server.port)
    await subscribe(channel)
    await fillQueue(channel)
    expect(await notify.tell(opened())).toMatchObject({ ok: false, error: { code: 'store_busy' } })
    expect(notify.banners).toMatchObject([{ tone: 'fault', values: { problem: { code: 'notify_queue_full' } } }])
    valueOf(
      await desk.store.cancel(
        Array.from({ length: 10 }, (_, i) => String(i + 1)),
        desk.clock,
      ),
    )
    expect(await notify.tell(opened())).toMatchObject({ ok: true })
    expect(notify.banners).toEqual([])
  })
})

describe('too much', () => {
  it('in a minute comes together when the minute is over', async () => {
    const server = await mailServer(PLAIN)
    await subscribe(await mailChannel(server.port), { mostPerMinute: 3 })
    for (let n = 1; n <= 10; n++) valueOf(await notify.tell(alertAt(n)))
    await notify.settled()
    expect(server.mails).toHaveLength(3)
    expect(valueOf(await notify.subscriptions('mina'))[0]!.gathered).toBe(7)
    await later(30_000)
    expect(server.mails).toHaveLength(3)
    await later(30_000)
    expect(server.mails).toHaveLength(4)
    expect(decodedHeader(headerOf(server.mails[3]!.raw, 'Subject'))).toMatch(/^7 told together/)
    expect(valueOf(await notify.subscriptions('mina'))[0]!.gathered).toBe(0)
  })
  it('for a digest is counted', async () => {
    const server = await mailServer(PLAIN)
    await subscribe(await mailChannel(server.port), { digestMinutes: 10 })
    const occasion = alertAt(1)
    for (let n = 0; n < 7; n++)
      valueOf(
        await desk.store.tell(
          { messages: [], gather: Array.from({ length: 100 }, () => ({ subscription: '', due: 0, occasion })), alertMark: null },
          desk.clock,
        ),
      )
    expect(valueOf(await desk.store.gathered(''))).toMatchObject({ more: 200 })
    expect(valueOf(await desk.store.gathered('')).occasions).toHaveLength(500)
    // Of a subscription that is gone nothing is told.
    await later(1000)
    expect(valueOf(await desk.store.gathered('')).occasions).toHaveLength(0)
    expect(server.mails).toHaveLength(0)
  })
})

describe('a digest', () => {
  it('has all of its time, over a restart; of one it is that message', async () => {
    const server = await mailServer(PLAIN)
    const channel = await mailChannel(server.port)
    await subscribe(channel, { digestMinutes: 30 })
    valueOf(await notify.tell(opened()))
    await later(20 * MINUTE)
    valueOf(await notify.tell(progressed()))
    await notify.close()
    desk.restart()
    notify = await desk.open()
    await notify.start()
    await notify.settled()
    expect(server.mails).toHaveLength(0)
    await later(10 * MINUTE)
    expect((await messages()).map(({ kind }) => kind)).toEqual(['digest'])
    expect(server.mails).toHaveLength(1)
    valueOf(await notify.tell(progressed()))
    await later(30 * MINUTE)
    expect((await messages()).map(({ kind }) => kind)).toEqual(['incident_progress', 'digest'])
  })
  it('waits for the end of quiet hours, but what is critical does not', async () => {
    const server = await mailServer(PLAIN)
    const quiet = { from: '18:00', to: '20:30', zone: 'UTC', exceptCritical: true }
    await subscribe(await mailChannel(server.port), { quiet })
    valueOf(await notify.tell(alertAt(1)))
    valueOf(await notify.tell(alertAt(2)))
    valueOf(await notify.tell(alertAt(3, 'critical')))
    await notify.settled()
    expect((await messages()).map(({ about }) => about.alert)).toEqual(['3'])
    await later(89 * MINUTE)
    expect(server.mails).toHaveLength(1)
    await later(MINUTE)
    expect((await messages())[0]).toMatchObject({ kind: 'digest', state: 'sent' })
  })
})

describe('new alerts', () => {
  const raise = (id: number, severity: number): void =>
    void desk.db
      .prepare(
        `INSERT INTO alert (id, key, kind, detection, title, severity, attack, src_ip, src_port, asset, count, first, last, raised, state, spark_slot, spark, revision, event, marks)
         VALUES (?, ?, 'rule', 'r', ?, ?, '["T1190"]', '198.51.100.7', 4711, 'web-01', 1, ?, ?, ?, 0, 0, ?, 1, 1, '[]')`,
      )
      .run(id, `k${id}`, `Alert ${id}`, severity, NOW * 1000, NOW * 1000, NOW * 1000, new Uint8Array(48))
  it('are told of once each, from the moment the desk tells anybody', async () => {
    raise(1, 4)
    const server = await mailServer(PLAIN)
    await subscribe(await mailChannel(server.port), { mostPerMinute: 60 })
    await notify.start()
    await notify.settled()
    raise(2, 4)
    raise(3, 2)
    raise(4, 3)
    await notify.settled()
    expect((await messages()).map(({ about, subject }) => [about.alert, subject])).toEqual([
      ['4', 'Alert (high): Alert 4, web-01'],
      ['2', 'Alert (critical): Alert 2, web-01'],
    ])
    // What was raised while the desk was away is told of when it is back.
    await notify.close()
    raise(5, 4)
    desk.restart()
    notify = await desk.open()
    await notify.start()
    await notify.settled()
    expect((await messages()).map(({ about }) => about.alert)).toEqual(['5', '4', '2'])
    expect(server.mails).toHaveLength(3)
  })
  it('that nobody wants are passed over', async () => {
    const server = await mailServer(PLAIN)
    const channel = await mailChannel(server.port)
    await notify.start()
    raise(1, 4)
    await notify.settled()
    await subscribe(channel)
    raise(2, 4)
    await notify.settled()
    expect((await messages()).map(({ about }) => about.alert)).toEqual(['2'])
  })
})

describe('the desktop', () => {
  it('shows an operator what their own subscriptions say, and no more than they want in a minute', async () => {
    const shown: DesktopNote[] = []
    const others: DesktopNote[] = []
    notify.onDesktop('mina', (notes) => shown.push(...notes))
    notify.onDesktop('jun', (notes) => others.push(...notes))
    await subscribe('desktop', { addresses: [], mostPerMinute: 2 })
    for (let n = 1; n <= 4; n++) valueOf(await notify.tell(alertAt(n, 'critical')))
    valueOf(await notify.tell(alertAt(9, 'low')))
    expect(shown.map(({ kind, title, about }) => [kind, title, about.alert])).toEqual([
      ['alert', 'Alert (critical): Web shell 1, web-01', '1'],
      ['alert', 'Alert (critical): Web shell 2, web-01', '2'],
      ['digest', 'More has happened; this desk shows it.', null],
    ])
    expect(others).toEqual([])
    expect(await messages()).toEqual([])
    expect(valueOf(await notify.subscriptions('jun'))).toEqual([])
    const [own] = valueOf(await notify.subscriptions('mina'))
    expect(await notify.removeSubscription(own!.id, 'jun')).toMatchObject({ ok: false, error: { code: 'not_found' } })
  })
})

describe('channels', () => {
  it('never give a password back, and ask for it again where it would go elsewhere', async () => {
    const settings = smtpAt(2525, { user: 'soc', security: 'tls' })
    const channel = valueOf(await notify.saveChannel({ id: null, enabled: true, settings, secret: PASSWORD }, 'mina'))
    expect(channel.secretSet).toBe(true)
    expect(JSON.stringify(valueOf(await notify.channels()))).not.toContain(PASSWORD)
    const change = (more: Partial<typeof settings>, secret?: string | null) =>
      notify.saveChannel(
        { id: channel.id, enabled: true, settings: { ...settings, ...more }, ...(secret === undefined ? {} : { secret }) },
        'jun',
      )
    expect((await change({ name: 'Other', senderName: 'X', sender: 'x@acme.example' })).ok).toBe(true)
    for (const more of [
      { host: 'evil.example' },
      { port: 2526 },
      { user: 'x' },
      { security: 'none' as const },
      { acceptAnyCertificate: true },
    ])
      expect(await change(more)).toMatchObject({ ok: false, error: { code: 'invalid_input', path: 'secret' } })
    expect((await change({ host: 'mail.example' }, 'another')).ok).toBe(true)
    expect(valueOf(await change({}, null)).secretSet).toBe(false)
    expect((await change({ host: 'third.example' })).ok).toBe(true)
    // Neither the database nor its ledger has it; the ledger has who changed what.
    expect(desk.db.serialize().includes(PASSWORD)).toBe(false)
    const entries = desk.db.prepare("SELECT by, action FROM ledger WHERE book = 'desk' ORDER BY number").all()
    expect(entries[0]).toEqual({ by: 'mina', action: 'notify.channel_saved' })
    expect(entries.at(-1)).toEqual({ by: 'jun', action: 'notify.channel_saved' })
    expect(new DeskLedger(desk.db).fault('desk')).toBeNull()
  })
  it('of webhooks have a secret that cannot be guessed', async () => {
    const settings = { kind: 'webhook' as const, name: 'H', url: 'https://a.example/', ca: null, acceptAnyCertificate: false }
    const save = (secret?: string | null) =>
      notify.saveChannel({ id: null, enabled: true, settings, ...(secret === undefined ? {} : { secret }) }, 'x')
    for (const secret of [undefined, null, 'short'])
      expect(await save(secret)).toMatchObject({ ok: false, error: { path: 'secret' } })
    expect((await save('long enough to be one')).ok).toBe(true)
  })
  it('are not removed while a subscription uses them; what waits is cancelled with them', async () => {
    const channel = await mailChannel(1)
    const subscription = await subscribe(channel)
    valueOf(await notify.tell(opened()))
    await notify.settled()
    expect(await notify.removeChannel(channel, 'mina')).toMatchObject({ ok: false, error: { code: 'conflict' } })
    valueOf(await notify.removeSubscription(subscription, 'mina'))
    valueOf(await notify.removeChannel(channel, 'mina'))
    expect(await states()).toEqual(['cancelled'])
    expect(valueOf(await notify.retry([(await messages())[0]!.id]))).toEqual({ changed: 0 })
    expect(valueOf(await notify.channels())).toEqual([])
  })
  it('that are off keep what is for them, and send it when they are on', async () => {
    const server = await mailServer(PLAIN)
    const settings = smtpAt(server.port)
    const { id } = valueOf(await notify.saveChannel({ id: null, enabled: false, settings }, 'mina'))
    await subscribe(id)
    valueOf(await notify.tell(opened()))
    await notify.settled()
    expect(await states()).toEqual(['waiting'])
    valueOf(await notify.saveChannel({ id, enabled: true, settings }, 'mina'))
    await notify.settled()
    expect(await states()).toEqual(['sent'])
  })
  it('that are off for longer than a message is tried give it up, and say so', async () => {
    const { id } = valueOf(await notify.saveChannel({ id: null, enabled: false, settings: smtpAt(1) }, 'mina'))
    await subscribe(id)
    valueOf(await notify.tell(opened()))
    valueOf(await desk.store.prune(desk.clock + 23 * HOUR))
    expect(await states()).toEqual(['waiting'])
    valueOf(await desk.store.prune(desk.clock + 25 * HOUR))
    expect(await messages()).toMatchObject([{ state: 'failed', lastError: { code: 'channel_off' } }])
  })
  it('that are off do not fill the queue for others: the oldest of theirs make room', async () => {
    const server = await mailServer(PLAIN)
    const { id } = valueOf(await notify.saveChannel({ id: null, enabled: false, settings: smtpAt(1) }, 'mina'))
    await fillQueue(id)
    await subscribe(await mailChannel(server.port))
    valueOf(await notify.tell(opened()))
    await notify.settled()
    expect(server.mails).toHaveLength(1)
    expect(valueOf(await notify.messages({ states: [], limit: 1, after: null })).counts).toMatchObject({
      waiting: MOST_WAITING - 1,
      failed: 1,
      sent: 1,
    })
  })
  it('can be tried, and say what is wrong', async () => {
    const server = await mailServer(PLAIN)
    const channel = await mailChannel(server.port)
    const ask = { channel, to: 'me@acme.example', language: 'ko' as const }
    const never = new AbortController().signal
    expect(valueOf(await notify.test(ask, 'mina', never))).toMatchObject({
      problem: null,
      answer: expect.stringMatching(/^250 /) as string,
    })
    expect(server.mails[0]!.to).toEqual(['me@acme.example'])
    expect(await messages()).toEqual([])
    const off = await mailChannel(1)
    expect(valueOf(await notify.test({ ...ask, channel: off }, 'mina', never)).problem).toMatchObject({
      code: 'connection_refused',
    })
    expect(await notify.test({ ...ask, to: null }, 'mina', never)).toMatchObject({ ok: false, error: { path: 'to' } })
  })
  it('and addresses of a subscription must fit', async () => {
    const channel = await mailChannel(1)
    const save = (of: string, addresses: string[]) =>
      notify.saveSubscription({ id: null, settings: subscriptionTo(of, { addresses }) }, 'x')
    expect(await save(channel, [])).toMatchObject({ ok: false, error: { path: 'addresses' } })
    expect(await save('desktop', ['a@b.example'])).toMatchObject({ ok: false, error: { path: 'addresses' } })
    expect(await save('00000000-0000-4000-8000-00000000ffff', ['a@b.example'])).toMatchObject({
      ok: false,
      error: { path: 'channel' },
    })
  })
})
