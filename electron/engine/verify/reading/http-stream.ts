/** Requests and answers of HTTP/1 in the bytes of a flow (RFC 9112), in order. Never throws, whatever the bytes. */
import { decodeBody, joinChunks, walkChunks } from '../../packets/decode/http/body.ts'
import type { Exchange } from '../case.ts'
import { cite, slice, type Octets } from '../octets.ts'

const MOST_EXCHANGES = 200
const MOST_HEAD = 65_536
/** Of a decoded body; what a test looks for stands at its beginning or not at all. */
const MOST_BODY = 262_144

interface Head {
  readonly line: string
  readonly headers: Readonly<Record<string, string>>
  /** First byte of the body. */
  readonly body: number
}

function headAt(text: string, at: number): Head | null {
  const end = text.indexOf('\r\n\r\n', at)
  const bare = text.indexOf('\n\n', at)
  const plain = end < 0 || (bare >= 0 && bare < end)
  const stop = plain ? bare : end
  if (stop < 0 || stop - at > MOST_HEAD) return null
  const [line = '', ...rest] = text.slice(at, stop).split(/\r?\n/)
  const headers: Record<string, string> = Object.create(null) as Record<string, string>
  for (const row of rest) {
    const colon = row.indexOf(':')
    if (colon > 0) headers[row.slice(0, colon).trim().toLowerCase()] ??= row.slice(colon + 1).trim()
  }
  return { line, headers, body: stop + (plain ? 2 : 4) }
}

interface Body {
  /** Behind its last byte. */
  readonly end: number
  readonly octets: Octets
  readonly length: number
}

function bodyAt(stream: Octets, { headers, body }: Head, toEnd: boolean): Body {
  const { text } = stream
  const encoding = headers['content-encoding'] ?? ''
  if (/chunked/i.test(headers['transfer-encoding'] ?? '')) {
    const bytes = Buffer.from(text.slice(body), 'latin1')
    const walk = { at: 0, last: false }
    const whole = walkChunks(bytes, 0, bytes.length, walk)
    const end = whole > 0 ? body + whole : text.length
    const raw = joinChunks(bytes, 0, end - body)
    return { end, ...decoded(stream, body, end, raw, encoding) }
  }
  const stated = /^\d{1,15}$/.test(headers['content-length'] ?? '') ? Number(headers['content-length']) : null
  const end = Math.min(text.length, stated !== null ? body + stated : toEnd ? text.length : body)
  if (encoding === '' || encoding === 'identity')
    return { end, octets: slice(stream, body, Math.min(end, body + MOST_BODY)), length: stated ?? end - body }
  return { end, ...decoded(stream, body, end, Buffer.from(text.slice(body, end), 'latin1'), encoding) }
}

function decoded(stream: Octets, from: number, to: number, raw: Uint8Array, encoding: string): Omit<Body, 'end'> {
  const { bytes } = raw.length === 0 ? { bytes: raw } : decodeBody(raw, encoding)
  const encoded = slice(stream, from, to)
  return {
    octets: {
      ...encoded,
      text: Buffer.from(bytes.subarray(0, MOST_BODY)).toString('latin1'),
      decoded: true,
      cut: bytes.length > MOST_BODY,
    },
    length: bytes.length,
  }
}

const REQUEST = /^([A-Z]{3,20}) (\S{1,65535}) HTTP\/1\.[01]$/
const STATUS = /^HTTP\/1\.[01] (\d{3})/

/** `times`: microseconds of the flow's first byte, for all of them; the packets say more exactly. */
export function exchangesOf(
  sent: Octets,
  answered: Octets,
  about: { readonly client: string; readonly server: string; readonly time: number },
): Exchange[] {
  const found: Exchange[] = []
  let at = 0
  let answer = 0
  while (found.length < MOST_EXCHANGES && at < sent.text.length) {
    const head = headAt(sent.text, at)
    const request = head === null ? null : REQUEST.exec(head.line)
    if (head === null || request === null) break
    const [, method = '', url = ''] = request
    const body = bodyAt(sent, head, false)
    const requestOctets = slice(sent, at, Math.min(body.end, at + MOST_BODY))
    let reply: { readonly status: number; readonly head: Head; readonly body: Body; readonly from: number } | null = null
    while (reply === null) {
      const next = headAt(answered.text, answer)
      const status = next === null ? null : STATUS.exec(next.line)
      if (next === null || status === null) break
      const code = Number(status[1])
      const empty = method === 'HEAD' || code === 204 || code === 304 || code < 200
      const from = answer
      const read = empty
        ? { end: next.body, octets: slice(answered, next.body, next.body), length: 0 }
        : bodyAt(answered, next, !('content-length' in next.headers))
      answer = Math.max(read.end, next.body)
      if (code >= 200 || code === 101) reply = { status: code, head: next, body: read, from }
    }
    found.push({
      time: about.time,
      client: about.client,
      server: about.server,
      method,
      host: head.headers['host'] ?? '',
      url,
      userAgent: head.headers['user-agent'] ?? '',
      request: requestOctets,
      requestBody: body.end > head.body ? body.octets : null,
      status: reply?.status ?? null,
      contentType: reply?.head.headers['content-type'] ?? '',
      length: reply?.body.length ?? null,
      headers: reply?.head.headers ?? {},
      body: reply?.body.octets ?? null,
      cites: [cite(sent, at, head.body), ...(reply === null ? [] : [cite(answered, reply.from, reply.head.body)])],
      own: false,
    })
    if (reply === null) break
    at = Math.max(body.end, head.body)
  }
  return found
}
