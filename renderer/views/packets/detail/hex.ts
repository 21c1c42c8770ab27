/** Bytes in lines of sixteen. */
export const PER_LINE = 16

/** Base64 to bytes; nothing where it is none. */
export function bytesOf(base64: string): Uint8Array {
  try {
    const text = atob(base64)
    const bytes = new Uint8Array(text.length)
    for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at)
    return bytes
  } catch {
    return new Uint8Array(0)
  }
}

export const lineCount = (bytes: Uint8Array): number => Math.ceil(bytes.length / PER_LINE)
export const hexOf = (byte: number): string => byte.toString(16).padStart(2, '0')
/** What is printed for a byte: itself where it is visible ASCII, else a middle dot. */
export const printed = (byte: number): string => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')
/** At least four digits, as many as the last offset needs. */
export const offsetText = (at: number, length: number): string => at.toString(16).padStart(length > 0x10000 ? 8 : 4, '0')

/** Bytes `from` to before `from + length`. */
export interface Range {
  readonly from: number
  readonly length: number
}
export const holds = (range: Range | null, at: number): boolean =>
  range !== null && at >= range.from && at < range.from + range.length

/** Where the cursor goes with a key; null for keys that do not move it. */
export function moveByte(at: number, key: string, length: number, pageLines: number, whole: boolean): number | null {
  const last = Math.max(0, length - 1)
  const line = at - (at % PER_LINE)
  const to = {
    ArrowLeft: at - 1,
    ArrowRight: at + 1,
    ArrowUp: at - PER_LINE,
    ArrowDown: at + PER_LINE,
    PageUp: at - PER_LINE * pageLines,
    PageDown: at + PER_LINE * pageLines,
    Home: whole ? 0 : line,
    End: whole ? last : line + PER_LINE - 1,
  }[key]
  if (to === undefined) return null
  // Up and down keep their column where there is no such line.
  const vertical = key === 'ArrowUp' || key === 'ArrowDown' || key === 'PageUp' || key === 'PageDown'
  if (vertical && to < 0) return key === 'ArrowUp' ? at : at % PER_LINE
  if (vertical && to > last) {
    const below = last - (last % PER_LINE) + (at % PER_LINE)
    return key === 'ArrowDown' ? (line === last - (last % PER_LINE) ? at : last) : Math.min(below, last)
  }
  return Math.max(0, Math.min(to, last))
}

/** `0000  47 45 54 …  GET …`, as it is copied. */
export function dumpOf(bytes: Uint8Array): string {
  const lines: string[] = []
  for (let from = 0; from < bytes.length; from += PER_LINE) {
    const part = [...bytes.subarray(from, from + PER_LINE)]
    const hex = part
      .map(hexOf)
      .join(' ')
      .padEnd(PER_LINE * 3 - 1)
    lines.push(
      `${offsetText(from, bytes.length)}  ${hex}  ${part.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('')}`,
    )
  }
  return lines.join('\n')
}
