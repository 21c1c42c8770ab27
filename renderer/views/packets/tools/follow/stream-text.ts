/** Bytes of a stream as text in which nothing is hidden: what is no visible character is shown escaped. */
import { HIDDEN_CHARACTERS } from '../../../../../shared/hidden-characters.ts'
import { escapeCharacter } from '../../../../format/text.ts'

export type Encoding = 'ascii' | 'utf8'

/** A run of characters that are shown as they are, or one escape. */
export interface ShownPart {
  readonly text: string
  readonly escaped: boolean
}

/** A character that begins at `at`: its code point, or -1 for a byte that begins none, and how many bytes it has. */
export interface Character {
  code: number
  bytes: number
}

const hex2 = (byte: number): string => byte.toString(16).padStart(2, '0')
const hidden = new Map<number, boolean>()
/** Characters that the eye does not see or that move others, as everywhere on the desk. */
function isHidden(code: number): boolean {
  if (code < 0x7f) return code < 0x20 && code !== 0x09 && code !== 0x0a
  const known = hidden.get(code)
  if (known !== undefined) return known
  HIDDEN_CHARACTERS.lastIndex = 0
  const found = HIDDEN_CHARACTERS.test(String.fromCodePoint(code))
  HIDDEN_CHARACTERS.lastIndex = 0
  if (hidden.size < 65_536) hidden.set(code, found)
  return found
}

/** Reads the character at `at`, which is before `end`, into `into`. RFC 3629: no overlong forms, no surrogates. */
export function characterAt(data: Uint8Array, at: number, end: number, encoding: Encoding, into: Character): void {
  const first = data[at] ?? 0
  into.bytes = 1
  into.code = first < 0x80 ? first : -1
  if (first < 0xc2 || first > 0xf4 || encoding === 'ascii') return
  const size = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
  if (at + size > end) return
  let code = first & (0x7f >> size)
  for (let index = 1; index < size; index += 1) {
    const next = data[at + index] ?? 0
    if ((next & 0xc0) !== 0x80) return
    code = (code << 6) | (next & 0x3f)
  }
  if (code < (size === 2 ? 0x80 : size === 3 ? 0x800 : 0x10000) || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return
  into.code = code
  into.bytes = size
}

/** The escape of a byte that is no character. */
const escapeByte = (byte: number): string => `\\x${hex2(byte)}`

/** How many columns of the mono type a character takes; wide scripts take two. */
export function widthOf({ code }: Character): number {
  if (code < 0) return 4
  if (code >= 0x20 && code < 0x7f) return 1
  if (code === 0x0d || code === 0x09) return 2
  if (isHidden(code)) return code < 0x100 ? 4 : code > 0xffff ? 9 : 6
  return code >= 0x1100 ? 2 : 1
}

/** Bytes `from` to `to` as parts to be shown. Line feeds and tabs are escaped too where `lines` is false. */
export function shownParts(data: Uint8Array, from: number, to: number, encoding: Encoding): ShownPart[] {
  const parts: ShownPart[] = []
  const character: Character = { code: 0, bytes: 1 }
  let plain = ''
  for (let at = from; at < to; at += character.bytes) {
    characterAt(data, at, to, encoding, character)
    const { code } = character
    const escape =
      code < 0
        ? escapeByte(data[at] ?? 0)
        : code === 0x09
          ? '\\t'
          : code === 0x0a
            ? '\\n'
            : isHidden(code) || code === 0x7f
              ? escapeCharacter(String.fromCodePoint(code))
              : null
    if (escape === null) {
      plain += String.fromCodePoint(code)
      continue
    }
    if (plain !== '') parts.push({ text: plain, escaped: false })
    plain = ''
    parts.push({ text: escape, escaped: true })
  }
  if (plain !== '') parts.push({ text: plain, escaped: false })
  return parts
}

/** One byte of a hex dump's right column. */
export const dumpCharacter = (byte: number): string => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')
export const hexByte = hex2
