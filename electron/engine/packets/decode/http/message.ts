/** What an HTTP/1 message says: its facts and its line, and what the flow does next. SSDP sends the same over UDP. */
import { ascii, isWord, printable } from '../bytes-text.ts'
import { contentOf, decodeBody, joinChunks } from './body.ts'
import { headersOfLength } from './fields.ts'
import type { Facts } from '../define.ts'
import type { HttpHead } from './head.ts'
import { readSecurityToken, securityToken } from './security-token.ts'

/** A request that waits for its response. */
export interface Waiting {
  readonly method: string
  readonly target: string
  readonly host: string
  readonly full: string
}
/** Requests that one flow may have waiting. */
const MOST_WAITING = 256
const NONE_WAITING: Waiting = { method: '', target: '', host: '', full: '' }

/** Methods and versions: nearly all are one of three. */
function usual(data: Uint8Array, from: number, to: number): string {
  const length = to - from
  if (length === 3 && data[from] === 71 && data[from + 1] === 69 && data[from + 2] === 84) return 'GET'
  // The ends of the two versions; what is before them was looked at with the head.
  if (length === 8 && data[from] === 72 && data[from + 4] === 47 && data[from + 5] === 49 && data[from + 6] === 46) {
    if (data[to - 1] === 49) return 'HTTP/1.1'
    if (data[to - 1] === 48) return 'HTTP/1.0'
  }
  return ascii(data, from, to)
}

/** Facts of the head; gives the request, or the one that is answered. */
export function readHead(head: HttpHead, data: Uint8Array, waiting: Waiting[], out: Facts): Waiting {
  let host = ''
  let token: Uint8Array | null = null
  for (let i = 0; i < head.headers; i++) {
    const at = head.nameAt[i]!
    const end = head.nameEnd[i]!
    const known = headersOfLength(end - at)
    for (let k = 0; k < known.length; k++) {
      const { name, field } = known[k]!
      if (!isWord(data, at, end, name)) continue
      const from = head.valueAt[i]!
      const to = head.valueEnd[i]!
      const value = printable(data, from, to)
      out.fact(field, value, from, to - from)
      if (field === 'http.host' && host === '') host = value
      else if (field === 'http.authorization' && isWord(data, from, to, 'Basic ')) {
        out.fact('http.authbasic', printable(Buffer.from(value.slice(6), 'base64'), 0, 1024), from, to - from)
      } else token ??= securityToken(field, data, from, to)
    }
  }
  if (head.contentLength >= 0) out.fact('http.content_length', head.contentLength)
  const asked = head.request ? request(head, data, host, waiting, out) : answer(head, data, waiting, out)
  if (token !== null) readSecurityToken(token, out)
  return asked
}

function answer(head: HttpHead, data: Uint8Array, waiting: Waiting[], out: Facts): Waiting {
  const answered = answers(head.code) ? (waiting.shift() ?? NONE_WAITING) : (waiting[0] ?? NONE_WAITING)
  response(head, data, answered, out)
  return answered
}

/** Responses before the response are not counted: 100, 103; 101 is one. */
const answers = (code: number): boolean => code < 100 || code >= 200 || code === 101

function request(head: HttpHead, data: Uint8Array, host: string, waiting: Waiting[], out: Facts): Waiting {
  const { firstAt, firstEnd, secondAt, secondEnd, thirdAt, thirdEnd } = head
  const method = usual(data, firstAt, firstEnd)
  const target = printable(data, secondAt, secondEnd)
  const version = usual(data, thirdAt, thirdEnd)
  const full =
    method === 'CONNECT'
      ? ''
      : isWord(data, secondAt, secondEnd, 'http://')
        ? target
        : host === ''
          ? ''
          : `http://${host}${target}`
  out.fact('http.request', true)
  out.fact('http.request.method', method, firstAt, firstEnd - firstAt)
  out.fact('http.request.uri', target, secondAt, secondEnd - secondAt)
  if (version !== '') out.fact('http.request.version', version, thirdAt, thirdEnd - thirdAt)
  if (full !== '') out.fact('http.request.full_uri', full)
  out.line(version === '' ? `${method} ${target}` : `${method} ${target} ${version}`)
  const one: Waiting = { method, target, host, full }
  if (waiting.length >= MOST_WAITING) waiting.shift()
  waiting.push(one)
  return one
}

function response(head: HttpHead, data: Uint8Array, answered: Waiting, out: Facts): void {
  const { firstAt, firstEnd, secondAt, secondEnd, thirdAt, thirdEnd } = head
  const version = usual(data, firstAt, firstEnd)
  const phrase = printable(data, thirdAt, thirdEnd, 512)
  out.fact('http.response', true)
  out.fact('http.response.version', version, firstAt, firstEnd - firstAt)
  out.fact('http.response.code', head.code, secondAt, secondEnd - secondAt)
  out.fact('http.response.phrase', phrase, thirdAt, thirdEnd - thirdAt)
  if (answered.full !== '') out.fact('http.response_for.uri', answered.full)
}

/** A header's value, or ''. */
function value(head: HttpHead, data: Uint8Array, name: string): string {
  const i = head.find(name)
  return i < 0 ? '' : printable(data, head.valueAt[i]!, head.valueEnd[i]!)
}

/** The content type in lower case, without parameters. */
const typeOf = (head: HttpHead, data: Uint8Array): string =>
  value(head, data, 'content-type').split(';', 1)[0]!.trim().toLowerCase()

/** The line of a response, and what the body holds. `body` to `to` is what is there of it. */
export function readBody(head: HttpHead, data: Uint8Array, body: number, to: number, out: Facts): void {
  const status = head.request ? '' : ascii(data, head.firstAt, head.thirdEnd, 512)
  if (body >= to) {
    if (status !== '') out.line(status)
    authentication(head, data, out)
    return
  }
  let at = body
  if (head.chunked) {
    // The first chunk's line is passed over.
    while (at < to && data[at] !== 10) at++
    at++
  }
  const content = contentOf(typeOf(head, data), data, at)
  if (content.layer === 'json') {
    out.line(status)
    out.line(content.line)
    out.protocol('HTTP/JSON')
  } else {
    out.line(status === '' ? content.line : `${status} ${content.line}`.trimEnd())
    if (content.layer === 'xml') out.protocol('HTTP/XML')
  }
  authentication(head, data, out)
  if (content.layer === 'imf' && !head.chunked) out.inner('imf', data, body, to)
  else out.layer(content.layer)
}

/** NTLM and Kerberos in headers. */
function authentication(head: HttpHead, data: Uint8Array, out: Facts): void {
  for (const name of head.request
    ? (['authorization', 'proxy-authorization'] as const)
    : (['www-authenticate', 'proxy-authenticate'] as const)) {
    const i = head.find(name)
    if (i < 0) continue
    const [from, to] = [head.valueAt[i]!, head.valueEnd[i]!]
    const ntlm = isWord(data, from, to, 'NTLM ')
    if (!ntlm && !isWord(data, from, to, 'Negotiate ')) continue
    const token = Buffer.from(ascii(data, from + (ntlm ? 5 : 10), to, 65_536), 'base64')
    if (token.length < 8) continue
    out.inner(isWord(token, 0, token.length, 'NTLMSSP') ? 'ntlmssp' : 'gss-api', token, 0, token.length)
  }
}

/** Largest body that is put together. */
const MOST_BODY = 64 << 20

/** The body as an object. */
export function readObject(head: HttpHead, data: Uint8Array, raw: Uint8Array, whole: boolean, of: Waiting, out: Facts): void {
  if (raw.length === 0 || raw.length > MOST_BODY) return
  const joined = head.chunked ? joinChunks(raw, 0, raw.length) : raw
  const decoded = decodeBody(joined, value(head, data, 'content-encoding'))
  const path = of.target.split(/[?#]/, 1)[0]!
  out.object({
    kind: 'http',
    host: of.host,
    name: path.slice(path.lastIndexOf('/') + 1),
    type: typeOf(head, data),
    // Messages are read where they lie: an object stays.
    bytes: decoded.bytes.slice(),
    complete: whole && decoded.whole,
  })
}

/** What the flow does behind this response: null where it stays as it is. */
export function changesTo(head: HttpHead, data: Uint8Array, answered: Waiting): string | null {
  if (head.code === 101) {
    const to = value(head, data, 'upgrade').toLowerCase()
    return to.includes('websocket') ? 'websocket' : ''
  }
  // Whatever is behind the tunnel is known by its first bytes.
  return answered.method === 'CONNECT' && head.code >= 200 && head.code < 300 ? '' : null
}
