/**
 * CPE 2.3 names (NISTIR 7695): read from formatted strings (section 6.2) and from URIs of CPE 2.2 (section 6.1), written as formatted
 * strings. An attribute is kept as its formatted string has it: `*` any, `-` not applicable, else a value in lower case in which
 * everything but letters, digits, `_`, `.` and `-` is escaped; `*` and `?` that are not escaped are wildcards.
 */
import { fail, ok, type Result } from '../../../../shared/model/result.ts'

export const CPE_ATTRIBUTES = [
  'part',
  'vendor',
  'product',
  'version',
  'update',
  'edition',
  'language',
  'swEdition',
  'targetSw',
  'targetHw',
  'other',
] as const
export type CpeAttribute = (typeof CPE_ATTRIBUTES)[number]
export type Cpe = Readonly<Record<CpeAttribute, string>>

export const ANY = '*'
export const NOT_APPLICABLE = '-'
const MOST_LENGTH = 1024

export interface CpeProblem {
  /** 0-based offset of the first wrong character. */
  readonly at: number
  readonly message: string
}

/** A whole value: wildcards only at its ends, as section 5.3.2 has it. */
const VALUE = /^(?:\*|\?+)?(?:[\p{L}\p{N}_.-]|\\[^\p{L}\p{N}\s\p{Cc}])+(?:\*|\?+)?$/u

const nameOf = (values: readonly string[]): Cpe =>
  Object.fromEntries(CPE_ATTRIBUTES.map((attribute, i) => [attribute, values[i] ?? ANY])) as Record<CpeAttribute, string>

/** Reads either form. */
export function parseCpe(text: string): Result<Cpe, CpeProblem> {
  if (text.length > MOST_LENGTH) return fail({ at: MOST_LENGTH, message: 'a CPE is not that long' })
  if (/^cpe:2\.3:/i.test(text)) return parseFormatted(text)
  if (/^cpe:\//i.test(text)) return parseUri(text)
  return fail({ at: 0, message: 'begins with neither cpe:2.3: nor cpe:/' })
}

function parseFormatted(text: string): Result<Cpe, CpeProblem> {
  const values: string[] = []
  let from = 8
  for (let at = from; at <= text.length; at++) {
    if (text[at] === '\\') at++
    else if (at === text.length || text[at] === ':') {
      if (values.length === CPE_ATTRIBUTES.length) return fail({ at, message: 'more than eleven attributes' })
      const value = text.slice(from, at).toLowerCase()
      const attribute = CPE_ATTRIBUTES[values.length]!
      if (!isAttribute(attribute, value)) return fail({ at: from, message: `is no value of ${attribute}` })
      values.push(value)
      from = at + 1
    }
  }
  if (values.length < CPE_ATTRIBUTES.length) return fail({ at: text.length, message: 'fewer than eleven attributes' })
  return ok(nameOf(values))
}

function isAttribute(attribute: CpeAttribute, value: string): boolean {
  if (value === ANY || value === NOT_APPLICABLE) return true
  if (attribute === 'part') return value === 'a' || value === 'o' || value === 'h'
  return VALUE.test(value)
}

function parseUri(text: string): Result<Cpe, CpeProblem> {
  const parts = text.slice(5).split(':')
  if (parts.length > 7) return fail({ at: text.length, message: 'more than seven parts' })
  const values: string[] = []
  let at = 5
  for (const [i, part] of parts.entries()) {
    if (i === 5 && part.startsWith('~')) {
      const packed = part.slice(1).split('~')
      if (packed.length !== 5) return fail({ at, message: 'a packed edition has five parts' })
      const unpacked = packed.map(unboundPart)
      if (unpacked.includes(null)) return fail({ at, message: 'is no value of edition' })
      const [edition, ...extended] = unpacked as string[]
      values[5] = edition!
      for (const [j, value] of extended.entries()) values[7 + j] = value
    } else {
      const value = unboundPart(part)
      if (value === null || !isAttribute(CPE_ATTRIBUTES[i]!, value))
        return fail({ at, message: `is no value of ${CPE_ATTRIBUTES[i]!}` })
      values[i] = value
    }
    at += part.length + 1
  }
  return ok(nameOf(Array.from({ length: CPE_ATTRIBUTES.length }, (_, i) => values[i] ?? ANY)))
}

/** One part of a URI as an attribute; null where it is none. `%01` is `?`, `%02` is `*` (section 6.1.3.2). */
function unboundPart(part: string): string | null {
  if (part === '') return ANY
  if (part === '-') return NOT_APPLICABLE
  let value = ''
  for (let i = 0; i < part.length; i++) {
    const char = part[i]!
    if (char === '%') {
      const code = Number.parseInt(part.slice(i + 1, i + 3), 16)
      if (!/^%[0-9a-f]{2}/i.test(part.slice(i, i + 3))) return null
      i += 2
      if (code === 1) value += '?'
      else if (code === 2) value += '*'
      else if (code < 33 || code > 126) return null
      else value += escaped(String.fromCharCode(code))
    } else value += escaped(char)
  }
  value = value.toLowerCase()
  return VALUE.test(value) ? value : null
}

const escaped = (char: string): string => (/[\p{L}\p{N}_.-]/u.test(char) ? char : `\\${char}`)

/** Plain text as an attribute's value: blanks become `_`, everything else stands for itself. '' is any. */
export function cpeValue(text: string): string {
  const plain = text
    .trim()
    .toLowerCase()
    .replace(/\s+/g, '_')
    .replace(/\p{Cc}/gu, '')
  if (plain === '') return ANY
  if (plain === NOT_APPLICABLE) return '\\-'
  return [...plain].map(escaped).join('')
}

/** An attribute's value without escapes; wildcards stay. */
export const plainValue = (value: string): string => value.replace(/\\(.)/gsu, '$1')

export const formatCpe = (name: Cpe): string => `cpe:2.3:${CPE_ATTRIBUTES.map((attribute) => name[attribute]).join(':')}`

/** A name of which only this is known; texts are plain. */
export const cpeOf = (part: 'a' | 'o' | 'h', vendor: string, product: string, version = '', update = ''): Cpe => ({
  ...nameOf([]),
  part,
  vendor: cpeValue(vendor),
  product: cpeValue(product),
  version: cpeValue(version),
  update: cpeValue(update),
})
