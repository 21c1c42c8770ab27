/** What an injection of SQL asks the database for, and how that is known in an answer. */
import { createHash } from 'node:crypto'

const MOST_MARKERS = 32

/** Texts that are sent in another form, so that an echo of the request does not show them: `0x7178…`, `CHAR(113,120)`, `CHR(113)||CHR(120)`. */
export function hiddenTexts(said: string): string[] {
  const found = new Set<string>()
  const add = (codes: readonly number[]): void => {
    const text = String.fromCharCode(...codes)
    if (found.size < MOST_MARKERS && /^[\x20-\x7e]{3,64}$/.test(text)) found.add(text)
  }
  for (const [, hex = ''] of said.matchAll(/\b0x((?:[2-7][0-9a-f]){3,64})\b/gi))
    add(Array.from({ length: hex.length / 2 }, (_, i) => parseInt(hex.slice(i * 2, i * 2 + 2), 16)))
  for (const [, list = ''] of said.matchAll(/\bCHAR\((\d{1,3}(?:, ?\d{1,3}){2,63})\)/gi)) add(list.split(',').map(Number))
  for (const [run] of said.matchAll(/\bCHA?R\(\d{1,3}\)(?: ?(?:\|\||\+) ?CHA?R\(\d{1,3}\)){2,63}/gi))
    add([...run.matchAll(/\d{1,3}/g)].map(([digits]) => Number(digits)))
  return [...found].filter((text) => !said.includes(text))
}

export interface Computed {
  /** As it was sent. */
  readonly asked: string
  /** What the target makes of it. */
  readonly result: string
}

/** Sums, products and hashes that a request asks for and that it does not hold itself. Short results are found by chance. */
export function computedIn(said: string, least = 5): Computed[] {
  const found: Computed[] = []
  const add = (asked: string, result: string): void => {
    if (found.length < MOST_MARKERS && result.length >= least && !said.includes(result)) found.push({ asked, result })
  }
  for (const [asked, a = '', op = '', b = ''] of said.matchAll(/(?<![\d.])(\d{1,9}) ?([*+-]) ?(\d{1,9})(?![\d.])/g)) {
    const [x, y] = [Number(a), Number(b)]
    add(asked, String(op === '*' ? x * y : op === '+' ? x + y : x - y))
  }
  for (const [asked, text = ''] of said.matchAll(/\bmd5\(["']?([\w.-]{1,32})["']?\)/gi))
    add(asked, createHash('md5').update(text).digest('hex'))
  return found
}

export const asksForRows = (said: string): boolean =>
  /\bunion\b[^\r\n]{0,40}\bselect\b/i.test(said.replace(/\/\*[^*]{0,40}\*\//g, ' '))
