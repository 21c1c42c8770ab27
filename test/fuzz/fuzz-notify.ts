/** Servers of mails and webhooks that answer changed bytes: whatever they say, an outcome comes out, on one line and of a bounded length. */
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { sendMail } from '../../electron/engine/notify/smtp.ts'
import { sendWebhook } from '../../electron/engine/notify/webhook.ts'
import type { Outcome } from '../../electron/engine/notify/outcome.ts'
import { smtpAt } from '../fixtures/notify/occasions.ts'
import { mutateBytes } from './mutate-bytes.ts'
import { Random } from './random.ts'

export interface NotifyCounts {
  sent: number
  message: number
  channel: number
}

const REPLIES = [
  '220 mail.example ESMTP',
  '250-mail.example\r\n250-SIZE 1000000\r\n250 8BITMIME',
  '250 2.1.0 ok',
  '250 2.1.5 ok',
  '354 go on',
  '250 2.0.0 queued',
  '221 bye',
]
const ANSWER = 'HTTP/1.1 202 Accepted\r\ncontent-type: text/plain\r\ncontent-length: 8\r\n\r\naccepted'
const OTHERS = [...REPLIES, ANSWER].map((text) => Buffer.from(text))
const PATIENCE = { connect: 150, silent: 150, whole: 1000 }
const never = new AbortController().signal

function check(outcome: Outcome, counts: NotifyCounts): void {
  counts[outcome.kind]++
  const said = outcome.kind === 'sent' ? outcome.answer : JSON.stringify(outcome.problem.values) + outcome.answer
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(said)) throw new Error(`hidden characters in ${JSON.stringify(said)}`)
  if (said.length > 8000) throw new Error(`${said.length} characters`)
}

/** Answers each command with the next reply, each changed or not. */
async function serving(on: (socket: Socket) => void, use: (port: number) => Promise<void>): Promise<void> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    on(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    await use((server.address() as AddressInfo).port)
  } finally {
    for (const socket of sockets) socket.destroy()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }
}

export async function fuzzNotify(cases: number, seed: number): Promise<NotifyCounts> {
  const random = new Random(seed)
  const counts: NotifyCounts = { sent: 0, message: 0, channel: 0 }
  const changed = (text: string): Buffer => {
    const bytes = Buffer.from(text)
    return random.below(4) === 0 ? Buffer.from(mutateBytes(bytes, random, OTHERS)) : bytes
  }
  const mail = {
    to: ['a@acme.example'],
    kind: 'test',
    language: 'en',
    subject: 's',
    text: 't',
    html: 'h',
    about: { incident: null, alert: null },
    reference: 'r@acme.example',
    created: 0,
  } as const
  await serving(
    (socket) => {
      let next = 0
      const reply = (): void => {
        const text = REPLIES[next++]
        if (text === undefined) socket.end()
        else socket.write(Buffer.concat([changed(text), Buffer.from('\r\n')]))
      }
      let inData = false
      let held = ''
      socket.on('data', (part: Buffer) => {
        held += part.toString('latin1')
        if (inData ? held.endsWith('\r\n.\r\n') : held.endsWith('\r\n')) {
          inData = !inData && /^DATA\r\n$/m.test(held)
          held = ''
          reply()
        }
      })
      reply()
    },
    async (port) => {
      for (let n = 0; n < cases; n++) check(await sendMail(smtpAt(port), null, mail, never, PATIENCE), counts)
    },
  )
  await serving(
    (socket) => {
      socket.once('data', () => socket.end(changed(ANSWER)))
    },
    async (port) => {
      const settings = {
        kind: 'webhook',
        name: 'x',
        url: `http://127.0.0.1:${port}/`,
        ca: null,
        acceptAnyCertificate: false,
      } as const
      for (let n = 0; n < cases; n++)
        check(await sendWebhook(settings, 'secret', { reference: 'r', payload: '{}' }, never, 0, PATIENCE), counts)
    },
  )
  return counts
}
