/** Mails over a real SMTP server on loopback. */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { makeCertificates, type Certificates } from '../../../test/fixtures/notify/certificates.ts'
import {
  decodedHeader,
  headerOf,
  headersOf,
  partOf,
  PASSWORD,
  startMailServer,
  type MailServer,
} from '../../../test/fixtures/notify/mail-server.ts'
import { smtpAt } from '../../../test/fixtures/notify/occasions.ts'
import type { Outcome, Patience } from './outcome.ts'
import { sendMail, type Mail } from './smtp.ts'

const PATIENCE: Patience = { connect: 20_000, silent: 20_000, whole: 40_000 }
/** For servers that never answer. */
const IMPATIENCE: Patience = { connect: 300, silent: 300, whole: 1000 }
const MAIL: Mail = {
  to: ['contact@acme.example'],
  kind: 'alert',
  language: 'ko',
  subject: '경보(심각): Web shell, web-01',
  text: '웹 셸\n본문\n',
  html: '<p>웹 셸</p>',
  about: { incident: null, alert: '47120' },
  reference: '6f1c2d9e-0000-4000-8000-000000000001@acme.example',
  created: Date.UTC(2026, 10, 28, 19, 0),
}
const never = new AbortController().signal
const send = (
  settings: Parameters<typeof sendMail>[0],
  mail: Partial<Mail> = {},
  password: string | null = null,
  patience = PATIENCE,
): Promise<Outcome> => sendMail(settings, password, { ...MAIL, ...mail }, never, patience)
const codeOf = (outcome: Outcome): string => (outcome.kind === 'sent' ? 'sent' : `${outcome.kind} ${outcome.problem.code}`)

let certificates: Certificates
beforeAll(() => void (certificates = makeCertificates()))
afterAll(() => certificates.remove())

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})
async function server(...options: Parameters<typeof startMailServer>): Promise<MailServer> {
  const started = await startMailServer(...options)
  open.push(started)
  return started
}
/** A server that is none: what it does with a connection. */
async function listening(on: (socket: Socket) => unknown): Promise<number> {
  const sockets = new Set<Socket>()
  const plain: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    on(socket)
  })
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve))
  open.push({
    close: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise<void>((resolve) => plain.close(() => resolve()))
    },
  })
  return (plain.address() as AddressInfo).port
}

describe('a mail', () => {
  it('arrives as it was written, with a stable Message-ID', async () => {
    const { port, mails } = await server({ disabledCommands: ['AUTH', 'STARTTLS'] })
    expect(await send(smtpAt(port, { senderName: '관제 센터' }))).toMatchObject({ kind: 'sent' })
    expect(await send(smtpAt(port))).toMatchObject({ kind: 'sent' })
    const raw = mails[0]!.raw
    expect(mails[0]).toMatchObject({ from: 'soc@acme.example', to: ['contact@acme.example'], secure: false, user: null })
    expect(decodedHeader(headerOf(raw, 'Subject'))).toBe(MAIL.subject)
    expect(decodedHeader(headerOf(raw, 'From'))).toBe('관제 센터 <soc@acme.example>')
    expect(headerOf(raw, 'Message-ID')).toBe(`<${MAIL.reference}>`)
    expect(headerOf(mails[1]!.raw, 'Message-ID')).toBe(headerOf(raw, 'Message-ID'))
    expect(headerOf(raw, 'Date')).toBe('Sat, 28 Nov 2026 19:00:00 +0000')
    expect(headerOf(raw, 'Auto-Submitted')).toBe('auto-generated')
    expect(partOf(raw, 'text/plain').replaceAll('\r\n', '\n').trim()).toBe(MAIL.text.trim())
    expect(partOf(raw, 'text/html').trim()).toBe(MAIL.html)
  })
  it('of one incident belongs to one conversation', async () => {
    const { port, mails } = await server({ disabledCommands: ['AUTH', 'STARTTLS'] })
    await send(smtpAt(port), { about: { incident: 'INC-2026-0117', alert: null } })
    expect(headerOf(mails[0]!.raw, 'References')).toBe('<INC-2026-0117.watchfloor@acme.example>')
  })
  it('gains no header and no recipient from what it says', async () => {
    const { port, mails } = await server({ disabledCommands: ['AUTH', 'STARTTLS'] })
    await send(smtpAt(port), { subject: 'plain', text: 'x', html: 'x' })
    const names = (raw: string): string[] =>
      headersOf(raw)
        .map((line) => line.slice(0, line.indexOf(':')).toLowerCase())
        .sort()
    const evil = 'x\r\nBcc: all@acme.example\r\n\r\n.\r\nMAIL FROM:<evil@acme.example>\r\n'
    await send(smtpAt(port, { senderName: evil }), { subject: evil, text: `${evil}\n.\n..\n`, html: evil })
    expect(mails).toHaveLength(2)
    expect(mails[1]!.to).toEqual(['contact@acme.example'])
    expect(names(mails[1]!.raw)).toEqual(names(mails[0]!.raw))
    // A line that is a dot alone ends nothing (RFC 5321, 4.5.2).
    expect(partOf(mails[1]!.raw, 'text/plain')).toContain('\r\n.\r\n..\r\n')
  })
  it('reads no file and fetches nothing', async () => {
    const { port, mails } = await server({ disabledCommands: ['AUTH', 'STARTTLS'] })
    await send(smtpAt(port), { html: '<img src="file:///etc/passwd"><img src="cid:x">', text: '/etc/passwd' })
    expect(mails[0]!.raw).not.toContain('root:')
  })
})

describe('security', () => {
  const tls = () => ({ cert: certificates.cert, key: certificates.key })
  it.each(['starttls', 'tls'] as const)('by %s: with the authority of the file, and not without it', async (security) => {
    const { port, mails } = await server({ ...tls(), secure: security === 'tls' })
    const settings = smtpAt(port, { security, user: 'soc', ca: certificates.ca })
    expect(codeOf(await send(settings, {}, PASSWORD))).toBe('sent')
    expect(mails[0]).toMatchObject({ secure: true, user: 'soc' })
    expect(codeOf(await send({ ...settings, ca: null }, {}, PASSWORD))).toBe('channel certificate_refused')
    expect(codeOf(await send({ ...settings, host: 'localhost' }, {}, PASSWORD))).toBe('sent')
    expect(mails).toHaveLength(2)
    expect(codeOf(await send({ ...settings, ca: null, acceptAnyCertificate: true }, {}, PASSWORD))).toBe('sent')
  })
  it('is not given up where the server offers none', async () => {
    const { port, mails } = await server({ disabledCommands: ['AUTH', 'STARTTLS'] })
    expect(codeOf(await send(smtpAt(port, { security: 'starttls' })))).toBe('channel starttls_missing')
    expect(codeOf(await send(smtpAt(port, { security: 'tls' })))).toBe('channel tls_failed')
    expect(mails).toHaveLength(0)
  })
  it('says of a file of authorities that it cannot be used', async () => {
    const { port } = await server({ ...tls(), secure: true })
    const settings = smtpAt(port, { security: 'tls', ca: '/does/not/exist.pem' })
    expect(await send(settings)).toMatchObject({ problem: { code: 'authority_file', values: { why: 'ENOENT' } } })
    expect(codeOf(await send({ ...settings, ca: import.meta.filename.replace('smtp.test', 'backoff') }))).toBe(
      'channel authority_file',
    )
  })
  it('logs in, and says what is wrong with a login', async () => {
    const { port, mails } = await server({ ...tls(), authOptional: false })
    const settings = smtpAt(port, { security: 'starttls', user: 'soc', ca: certificates.ca })
    expect(codeOf(await send(settings, {}, PASSWORD))).toBe('sent')
    const bad = await send(settings, {}, 'wrong')
    expect(codeOf(bad)).toBe('channel login_refused')
    expect(JSON.stringify(bad)).not.toContain('wrong')
    expect(codeOf(await send(settings, {}, null))).toBe('channel login_missing')
    expect(codeOf(await send({ ...settings, user: null }))).toBe('channel login_refused')
    expect(mails).toHaveLength(1)
  })
})

describe('a server that does not take it', () => {
  it('for now, or never', async () => {
    const answers = [
      { code: 451, text: 'greylisted' },
      { code: 552, text: 'too large' },
      { code: 421, text: 'going away' },
    ]
    const { port, mails } = await server({ disabledCommands: ['AUTH', 'STARTTLS'] }, (nth) => answers[nth] ?? null)
    expect(await send(smtpAt(port))).toMatchObject({
      kind: 'message',
      again: true,
      problem: { code: 'mail_deferred' },
      answer: '451 greylisted',
    })
    expect(await send(smtpAt(port))).toMatchObject({ kind: 'message', again: false, problem: { code: 'mail_refused' } })
    expect(codeOf(await send(smtpAt(port)))).toBe('channel mail_deferred')
    expect(codeOf(await send(smtpAt(port)))).toBe('sent')
    expect(mails).toHaveLength(1)
  })
  it('because of the recipient', async () => {
    const { port } = await server({
      disabledCommands: ['AUTH', 'STARTTLS'],
      onRcptTo: ({ address }, _session, done) =>
        done(Object.assign(new Error(`no ${address}`), { responseCode: address.startsWith('later') ? 450 : 550 })),
    })
    expect(await send(smtpAt(port))).toMatchObject({ kind: 'message', again: false })
    expect(await send(smtpAt(port), { to: ['later@acme.example'] })).toMatchObject({ kind: 'message', again: true })
  })
  it('because it is not there, or nobody knows where', async () => {
    const { port, close } = await startMailServer()
    await close()
    expect(await send(smtpAt(port))).toMatchObject({
      kind: 'channel',
      problem: { code: 'connection_refused', values: { place: `127.0.0.1:${port}` } },
    })
    expect(codeOf(await send(smtpAt(25, { host: 'nowhere.invalid' })))).toBe('channel host_unknown')
  })
  it.each<[string, (socket: Socket) => unknown, string]>([
    ['says nothing', () => undefined, 'channel no_answer'],
    ['hangs up', (socket: Socket) => socket.end(), 'channel connection_lost'],
    ['stops after its greeting', (socket: Socket) => void socket.write('220 here\r\n'), 'channel no_answer'],
    ['speaks something else', (socket: Socket) => void socket.write('SSH-2.0-OpenSSH_9.2\r\n'), 'channel mail_protocol'],
    ['never ends its line', (socket: Socket) => void setInterval(() => socket.write('2'), 50).unref(), 'channel no_answer'],
    ['says far too much', (socket: Socket) => void socket.write(`220-${'x'.repeat(300_000)}`), 'channel mail_protocol'],
    ['hides what it says', (socket: Socket) => void socket.write('554 \u001b[2Jno\u202E\r\n'), 'channel mail_protocol'],
  ])('because it %s', async (_what, on, expected) => {
    const outcome = await send(smtpAt(await listening(on)), {}, null, IMPATIENCE)
    expect(codeOf(outcome)).toBe(expected)
    expect(JSON.stringify(outcome)).not.toMatch(/[^\\]\\u(?:001b|202e)|\u202E/)
    expect(JSON.stringify(outcome).length).toBeLessThan(2000)
  })
  it('and an end that breaks it off says so', async () => {
    const port = await listening(() => undefined)
    const ending = new AbortController()
    const sending = sendMail(smtpAt(port), null, MAIL, ending.signal, { connect: 60_000, silent: 60_000, whole: 60_000 })
    setTimeout(() => ending.abort(), 50)
    expect((await sending).kind).toBe('channel')
  })
})
