/** Fields of HTTP/1 messages, and which header is which field. */
import type { DecoderField } from '../define.ts'

const field = (name: string, type: DecoderField['type'], doc: string): DecoderField => ({ name, type, doc })

/** By name of the header. */
const HEADERS: Readonly<Record<string, DecoderField>> = {
  host: field('http.host', 'text', 'Host'),
  'user-agent': field('http.user_agent', 'text', 'User agent'),
  referer: field('http.referer', 'text', 'Referer'),
  cookie: field('http.cookie', 'text', 'Cookie'),
  'set-cookie': field('http.set_cookie', 'text', 'Cookie that is set'),
  'content-type': field('http.content_type', 'text', 'Content type'),
  'content-length': field('http.content_length_header', 'text', 'Content length as written'),
  'content-encoding': field('http.content_encoding', 'text', 'Content encoding'),
  'transfer-encoding': field('http.transfer_encoding', 'text', 'Transfer encoding'),
  server: field('http.server', 'text', 'Server'),
  location: field('http.location', 'text', 'Location'),
  authorization: field('http.authorization', 'text', 'Authorization'),
  'www-authenticate': field('http.www_authenticate', 'text', 'Authentication that is asked for'),
  'proxy-authorization': field('http.proxy_authorization', 'text', 'Authorization at a proxy'),
  'proxy-authenticate': field('http.proxy_authenticate', 'text', 'Authentication that a proxy asks for'),
  connection: field('http.connection', 'text', 'Connection'),
  upgrade: field('http.upgrade', 'text', 'Protocol to change to'),
  accept: field('http.accept', 'text', 'Accepted content types'),
  'accept-language': field('http.accept_language', 'text', 'Accepted languages'),
  'accept-encoding': field('http.accept_encoding', 'text', 'Accepted encodings'),
  'cache-control': field('http.cache_control', 'text', 'Cache control'),
  date: field('http.date', 'text', 'Date'),
  'last-modified': field('http.last_modified', 'text', 'Last change'),
  'x-forwarded-for': field('http.x_forwarded_for', 'text', 'Address a proxy speaks for'),
  'sec-websocket-protocol': field('http.sec_websocket_protocol', 'text', 'Protocol inside a WebSocket'),
}

export const HTTP_FIELDS: readonly DecoderField[] = [
  field('http.request', 'bool', 'A request'),
  field('http.response', 'bool', 'A response'),
  field('http.request.method', 'text', 'Method'),
  field('http.request.uri', 'text', 'Target'),
  field('http.request.full_uri', 'text', 'Target with the host'),
  field('http.request.version', 'text', 'Version of a request'),
  field('http.response.version', 'text', 'Version of a response'),
  field('http.response.code', 'uint', 'Status code'),
  field('http.response.phrase', 'text', 'Phrase of the status'),
  field('http.response_for.uri', 'text', 'Target of the request that is answered'),
  field('http.content_length', 'uint', 'Content length'),
  field('http.authbasic', 'text', 'User and password of basic authentication'),
  ...Object.values(HEADERS),
]

/** By length of the name: what a header has to be compared with. */
const byLength = new Map<number, { readonly name: string; readonly field: string }[]>()
for (const [name, { name: known }] of Object.entries(HEADERS)) {
  const list = byLength.get(name.length) ?? []
  byLength.set(name.length, [...list, { name, field: known }])
}
const table = Array.from({ length: 64 }, (_, length) => byLength.get(length) ?? [])
const NONE: readonly { readonly name: string; readonly field: string }[] = []
/** Headers that are fields and have a name of this length. */
export const headersOfLength = (length: number): readonly { readonly name: string; readonly field: string }[] =>
  table[length] ?? NONE
