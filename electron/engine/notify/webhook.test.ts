/** Webhooks over a real server on loopback. */
import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecure } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { makeCertificates, type Certificates } from '../../../test/fixtures/notify/certificates.ts'
import { WebhookSettings } from '../../../shared/model/notification.ts'
import type { Outcome } from './outcome.ts'
import { sendWebhook } from './webhook.ts'

const SECRET = 'a shared secret of both'
const NOW = Date.UTC(2026, 10, 28, 19, 0)
const PAYLOAD = JSON.stringify({ version: 1, subject: '경보 <b>' })
const codeOf = (outcome: Outcome): string => (outcome.kind === 'sent' ? 'sent' : `${outcome.kind} ${outcome.problem.code}`)

let certificates: Certificates
beforeAll(() => void (certificates = makeCertificates()))
afterAll(() => certificates.remove())
const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

interface Taken {
  readonly headers: IncomingMessage['headers']
  readonly method: string
  readonly body: string
}
async function server(
  answer: (response: ServerResponse) => void,
  secure = false,
): Promise<{ readonly url: string; readonly taken: readonly Taken[] }> {
  const taken: Taken[] = []
  const on = (request: IncomingMessage, response: ServerResponse): void => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      taken.push({ headers: request.headers, method: request.method ?? '', body: Buffer.concat(parts).toString('utf8') })
      answer(response)
    })
  }
  const started = secure ? createSecure({ cert: certificates.cert, key: certificates.key }, on) : createServer(on)
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve))
  open.push(() => {
    started.closeAllConnections()
    return new Promise((resolve) => started.close(() => resolve()))
  })
  return { url: `http${secure ? 's' : ''}://127.0.0.1:${(started.address() as AddressInfo).port}/hook?a=1`, taken }
}
const status =
  (code: number, text = '') =>
  (response: ServerResponse) => {
    response.statusCode = code
    response.end(text)
  }
const send = (
  url: string,
  more: Partial<WebhookSettings> = {},
  secret: string | null = SECRET,
  silent = 20_000,
): Promise<Outcome> =>
  sendWebhook(
    { kind: 'webhook', name: 'Hook', url, ca: null, acceptAnyCertificate: false, ...more },
    secret,
    { reference: 'r-1@watchfloor', payload: PAYLOAD },
    new AbortController().signal,
    NOW,
    { connect: silent, silent, whole: 2 * silent },
  )

describe('a webhook', () => {
  it('gets the body, signed with the time', async () => {
    const { url, taken } = await server(status(202, 'accepted'))
    expect(await send(url)).toEqual({ kind: 'sent', answer: '202 accepted' })
    const { headers, body, method } = taken[0]!
    expect(method).toBe('POST')
    expect(body).toBe(PAYLOAD)
    expect(headers['x-watchfloor-message']).toBe('r-1@watchfloor')
    expect(headers['x-watchfloor-timestamp']).toBe(String(NOW / 1000))
    expect(headers['x-watchfloor-signature']).toBe(
      `v1=${createHmac('sha256', SECRET)
        .update(`${NOW / 1000}.${PAYLOAD}`)
        .digest('hex')}`,
    )
    expect(headers['content-type']).toBe('application/json; charset=utf-8')
    expect(JSON.stringify(headers)).not.toContain(SECRET)
  })
  it('is never sent unsigned', async () => {
    const { url, taken } = await server(status(200))
    expect(codeOf(await send(url, {}, null))).toBe('channel secret_missing')
    expect(taken).toHaveLength(0)
  })
  it('over TLS: with the authority of the file, and not without it', async () => {
    const { url, taken } = await server(status(204), true)
    expect(codeOf(await send(url))).toBe('channel certificate_refused')
    expect(taken).toHaveLength(0)
    expect(codeOf(await send(url, { ca: certificates.ca }))).toBe('sent')
    expect(codeOf(await send(url, { acceptAnyCertificate: true }))).toBe('sent')
  })
  it('is not redirected', async () => {
    const { url: elsewhere, taken } = await server(status(200))
    const { url } = await server((response) => response.writeHead(307, { location: elsewhere }).end())
    expect(await send(url)).toMatchObject({ kind: 'channel', problem: { code: 'hook_redirect', values: { status: 307 } } })
    expect(taken).toHaveLength(0)
  })
  it.each([
    [400, 'message hook_status'],
    [422, 'message hook_status'],
    [401, 'channel hook_status'],
    [404, 'channel hook_status'],
    [429, 'channel hook_status'],
    [503, 'channel hook_status'],
  ])('that answers %i', async (code, expected) => {
    const { url } = await server(status(code))
    expect(codeOf(await send(url))).toBe(expected)
  })
  it('whose answer has no end is not read to it', async () => {
    const { url } = await server((response) => {
      response.writeHead(200)
      const more = setInterval(() => response.write('x'.repeat(4096)), 1)
      response.on('close', () => clearInterval(more))
    })
    const outcome = await send(url)
    expect(outcome.kind).toBe('sent')
    expect(outcome.answer.length).toBeLessThan(400)
  })
  it('whose answer is hostile shows nothing of it as it is', async () => {
    const { url } = await server(status(200, 'a\u001b[2J\u202E\r\nb'))
    expect((await send(url)).answer).toBe('200 a\\u001b[2J\\u202e\\r\\nb')
  })
  it('that is silent, gone or unknown', async () => {
    const { url } = await server(() => undefined)
    expect(codeOf(await send(url, {}, SECRET, 300))).toBe('channel no_answer')
    const { url: closed } = await server(status(200))
    await open.pop()?.()
    expect(codeOf(await send(closed))).toBe('channel connection_refused')
    expect(codeOf(await send('http://nowhere.invalid/'))).toBe('channel host_unknown')
    const { url: broken } = await server((response) => response.socket?.destroy())
    expect(codeOf(await send(broken))).toBe('channel connection_lost')
  })
  it('has an address that can be one', () => {
    const url = (text: string): boolean =>
      WebhookSettings.safeParse({ kind: 'webhook', name: 'x', url: text, ca: null, acceptAnyCertificate: false }).success
    expect(['https://a.example/x', 'http://10.0.0.1:8080', 'https://[::1]/'].map(url)).toEqual([true, true, true])
    expect(
      [
        'file:///etc/passwd',
        'javascript:alert(1)',
        'https://user:pass@a.example',
        'ftp://a',
        'x',
        'https://a b',
        'https://a\r\nb',
      ].map(url),
    ).toEqual(Array.from({ length: 7 }, () => false))
  })
})
