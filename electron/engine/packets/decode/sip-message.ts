/** Lines of SIP (RFC 3261, section 7.3): headers with their short names, and the addresses in them. */
import { lineFeed, lineText, text } from './bytes-text.ts'

/** Most headers of one message. */
const MOST_HEADERS = 128
const SHORT: Readonly<Record<string, string>> = {
  i: 'call-id',
  f: 'from',
  t: 'to',
  m: 'contact',
  l: 'content-length',
  c: 'content-type',
  v: 'via',
  s: 'subject',
}

export interface Header {
  /** Lower case, in full. */
  readonly name: string
  readonly value: string
  readonly from: number
  readonly length: number
}

/** The lines from `from` on up to the empty one; `body` is behind it, or `to` where it is not there. */
export function headers(data: Uint8Array, from: number, to: number): { readonly list: Header[]; readonly body: number } {
  const list: Header[] = []
  let at = from
  for (let n = 0; n < MOST_HEADERS && at < to; n++) {
    const feed = lineFeed(data, at, to)
    const end = feed < 0 ? to : lineText(data, at, feed)
    if (end === at) return { list, body: feed < 0 ? to : feed + 1 }
    const line = text(data, at, end, 2048)
    const colon = line.indexOf(':')
    if (colon > 0) {
      const name = line.slice(0, colon).trim().toLowerCase()
      const value = line.slice(colon + 1)
      const blanks = value.length - value.trimStart().length
      const start = at + colon + 1 + blanks
      list.push({ name: SHORT[name] ?? name, value: value.trim(), from: start, length: Math.max(0, end - start) })
    }
    at = feed < 0 ? to : feed + 1
  }
  return { list, body: to }
}

/** `alice@example.com`, and `alice`, of `"Alice" <sip:alice@example.com>;tag=1`; '' where it is none. */
export function address(value: string): {
  readonly scheme: string
  readonly address: string
  readonly user: string
  readonly host: string
} {
  const open = value.indexOf('<')
  const inner = open < 0 ? value : value.slice(open + 1, value.indexOf('>', open) < 0 ? undefined : value.indexOf('>', open))
  const scheme = /^\s*(?:sips?|tel):/i.exec(inner)
  if (scheme === null) return { scheme: '', address: '', user: '', host: '' }
  const rest = inner.slice(scheme[0].length)
  const end = rest.search(/[;?>\s]/)
  const plain = end < 0 ? rest : rest.slice(0, end)
  const at = plain.lastIndexOf('@')
  const host = at < 0 ? plain : plain.slice(at + 1)
  return { scheme: scheme[0].trim(), address: plain, user: at < 0 ? '' : plain.slice(0, at), host: host.replace(/:\d+$/, '') }
}

/** Where a session's media are to be sent (RFC 8866): of each `m=` line with the address that counts for it. */
export function media(
  data: Uint8Array,
  from: number,
  to: number,
): { readonly kind: string; readonly address: string; readonly port: number }[] {
  const found: { kind: string; address: string; port: number }[] = []
  let common = ''
  let at = from
  for (let n = 0; n < 256 && at < to; n++) {
    const feed = lineFeed(data, at, to)
    const line = text(data, at, feed < 0 ? to : lineText(data, at, feed), 512)
    if (line.startsWith('c=')) {
      const named = line.split(' ')[2]?.split('/')[0] ?? ''
      const last = found.at(-1)
      if (last === undefined) common = named
      else last.address = named
    } else if (line.startsWith('m=')) {
      const [kind = '', port = ''] = line.slice(2).split(' ')
      const number = Number.parseInt(port, 10)
      if (number > 0 && number < 65_536 && found.length < 16) found.push({ kind, address: common, port: number })
    }
    at = feed < 0 ? to : feed + 1
  }
  return found
}
