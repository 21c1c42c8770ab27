/** The forms in which sent and answered text is read: escapes undone, whichever they are. Bounded; never throws. */
import { deciding, type Octets } from '../octets.ts'
import type { DecidingBytes } from '../../../../shared/model/impact.ts'

/** Of what was sent. */
const MOST_SAID = 65_536
/** Of what was answered. */
const MOST_READ = 262_144

const ESCAPE = /%u00([0-9a-f]{2})|%([0-9a-f]{2})|\\u00([0-9a-f]{2})/gi

/** Percent escapes (RFC 3986) undone, up to three times over; `%u00xx` and `\u00xx` too. */
export function unescaped(text: string): string {
  let now = text.slice(0, MOST_SAID)
  for (let round = 0; round < 3; round++) {
    const next = now.replace(ESCAPE, (_, a?: string, b?: string, c?: string) =>
      String.fromCharCode(parseInt(a ?? b ?? c ?? '3f', 16)),
    )
    if (next === now) break
    now = next
  }
  return now
}

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&', nbsp: ' ' }

function withoutEntities(text: string): string {
  return text.replace(
    /&(?:(lt|gt|quot|apos|amp|nbsp)|#(\d{1,7})|#x([0-9a-f]{1,6}));/gi,
    (all, name?: string, dec?: string, hex?: string) => {
      if (name !== undefined) return NAMED[name.toLowerCase()] ?? all
      const code = dec !== undefined ? Number(dec) : parseInt(hex ?? '3f', 16)
      return code < 256 ? String.fromCharCode(code) : '?'
    },
  )
}

const JSON_NAMED: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  '/': '/',
  '\\': '\\',
  '"': '"',
}

const withoutBackslashes = (text: string): string =>
  text.replace(/\\(?:([nrtbf/\\"])|u00([0-9a-f]{2}))/gi, (all, one?: string, hex?: string) =>
    hex !== undefined ? String.fromCharCode(parseInt(hex, 16)) : (JSON_NAMED[one ?? ''] ?? all),
  )

/** UTF-16 as UTF-8 bytes; null where it is none. */
function narrowed(text: string): string | null {
  const begin = text.slice(0, 512)
  const little = begin.startsWith('\xff\xfe')
  const big = begin.startsWith('\xfe\xff')
  const nuls = [0, 0]
  for (let i = 0; i < begin.length; i++) if (begin.charCodeAt(i) === 0) nuls[i % 2]!++
  const [even = 0, odd = 0] = nuls
  const most = begin.length / 4
  if (begin.length < 16 || (!little && !big && (Math.max(even, odd) < most || Math.min(even, odd) > most / 8))) return null
  const bytes = Buffer.from(text.slice(0, text.length - (text.length % 2)), 'latin1')
  if (big || (!little && even > odd)) bytes.swap16()
  return Buffer.from(bytes.toString('utf16le').replace(/^\ufeff/, ''), 'utf8').toString('latin1')
}

const known = new WeakMap<Octets, readonly Octets[]>()

/** The text as it came, and what it is when UTF-16, entities of HTML, or escapes of JSON are undone: those that differ. */
export function formsOf(octets: Octets): readonly Octets[] {
  const before = known.get(octets)
  if (before !== undefined) return before
  const raw = octets.text.length > MOST_READ ? { ...octets, text: octets.text.slice(0, MOST_READ), cut: true } : octets
  const forms: Octets[] = [raw]
  const add = (text: string): void => {
    if (!forms.some((form) => form.text === text)) forms.push({ ...octets, text, decoded: true })
  }
  const wide = narrowed(raw.text)
  if (wide !== null) add(wide)
  const plain = forms.at(-1)!.text
  if (plain.includes('&')) add(withoutEntities(plain))
  if (/^\s{0,16}[[{"]/.test(plain) && plain.includes('\\')) add(withoutBackslashes(plain))
  known.set(octets, forms)
  return forms
}

export interface Shown {
  readonly octets: Octets
  readonly from: number
  readonly to: number
  readonly text: string
  readonly groups: readonly (string | undefined)[]
}

/** Where a pattern stands in any form of the text. */
export function shownIn(octets: Octets | null, pattern: RegExp): Shown | null {
  if (octets === null) return null
  for (const form of formsOf(octets)) {
    const match = pattern.exec(form.text)
    if (match !== null)
      return { octets: form, from: match.index, to: match.index + match[0].length, text: match[0], groups: match.slice(1) }
  }
  return null
}

/** Where a text stands, as it is. */
export function textIn(octets: Octets | null, text: string): Shown | null {
  if (octets === null || text === '') return null
  for (const form of formsOf(octets)) {
    const from = form.text.indexOf(text)
    if (from >= 0) return { octets: form, from, to: from + text.length, text, groups: [] }
  }
  return null
}

export const bytesOf = ({ octets, from, to }: Shown): DecidingBytes => deciding(octets, from, to)

/** For a sentence: one line, printable, short. */
export function excerpt(text: string, most = 80): string {
  const line = text.replace(/[^\x20-\x7e]{1,64}/g, ' ').trim()
  return line.length > most ? `${line.slice(0, most)}…` : line
}
