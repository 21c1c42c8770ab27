/** Heads of mails and of their parts (RFC 5322, RFC 2045). */
import { printable } from '../bytes-text.ts'

const MOST_HEADERS = 512

export interface MailHeader {
  /** Lower case. */
  readonly name: string
  readonly value: string
  readonly at: number
  readonly length: number
}

/** Headers from `from` on, and where the body begins. Folded lines are joined. */
export function mailHeaders(
  data: Uint8Array,
  from: number,
  to: number,
): { readonly headers: MailHeader[]; readonly body: number } {
  const headers: MailHeader[] = []
  let at = from
  while (at < to && headers.length < MOST_HEADERS) {
    let feed = data.indexOf(10, at)
    if (feed < 0 || feed >= to) feed = to
    if (feed === at || (feed === at + 1 && data[at] === 13)) return { headers, body: Math.min(to, feed + 1) }
    // A header goes on while lines begin with blanks.
    while (feed + 1 < to && (data[feed + 1] === 32 || data[feed + 1] === 9)) {
      const next = data.indexOf(10, feed + 1)
      feed = next < 0 || next >= to ? to : next
    }
    let colon = at
    while (colon < feed && data[colon] !== 58 && colon - at < 128) colon++
    if (data[colon] !== 58 || colon >= feed) return { headers, body: at }
    let value = colon + 1
    while (value < feed && (data[value] === 32 || data[value] === 9)) value++
    const end = feed > value && data[feed - 1] === 13 ? feed - 1 : feed
    headers.push({
      name: printable(data, at, colon).toLowerCase(),
      value: printable(data, value, end),
      at: value,
      length: end - value,
    })
    at = Math.min(to, feed + 1)
  }
  return { headers, body: at }
}

export const headerValue = (headers: readonly MailHeader[], name: string): string =>
  headers.find((one) => one.name === name)?.value ?? ''

/** `text/plain` of a content type; '' where there is none. */
export const mediaType = (contentType: string): string => contentType.split(';', 1)[0]!.trim().toLowerCase()

/** Where parts are divided; '' where they are not. */
export function boundaryOf(contentType: string): string {
  const at = contentType.toLowerCase().indexOf('boundary=')
  if (at < 0) return ''
  const rest = contentType.slice(at + 9)
  if (rest.startsWith('"')) return rest.slice(1, Math.max(1, rest.indexOf('"', 1)))
  return rest.split(/[;\s]/, 1)[0]!.slice(0, 256)
}

const MOST_PARTS = 64

/** Parts between the lines of the boundary. */
export function mailParts(
  data: Uint8Array,
  from: number,
  to: number,
  boundary: string,
): { readonly from: number; readonly to: number }[] {
  const parts: { from: number; to: number }[] = []
  if (boundary === '') return parts
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.length)
  const line = `--${boundary}`
  let begins = -1
  for (let at = bytes.indexOf(line, from, 'latin1'); at >= 0 && at < to; at = bytes.indexOf(line, at + line.length, 'latin1')) {
    if (begins >= 0) parts.push({ from: begins, to: at })
    const feed = data.indexOf(10, at)
    begins = feed < 0 || feed >= to ? to : feed + 1
    // The last line has two more dashes.
    if (data[at + line.length] === 45 && data[at + line.length + 1] === 45) return parts
    if (parts.length >= MOST_PARTS) return parts
  }
  if (begins >= 0 && begins < to) parts.push({ from: begins, to })
  return parts
}
