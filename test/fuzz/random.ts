/** A small seeded generator (mulberry32), so that every failure can be had again. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** 0 ≤ x < 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }

  /** 0 ≤ n < end. */
  below(end: number): number {
    return Math.floor(this.next() * end)
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!
  }
}

const JUNK = [
  '',
  ' ',
  '\t',
  '\0',
  '\r',
  '\ufeff',
  '\ufffd',
  '\u2028',
  '\ud800',
  '"',
  "'",
  '\\',
  '\\"',
  '\\x',
  '\\x0',
  '\\xff',
  '\\u',
  '|',
  '=',
  ':',
  ';',
  ',',
  '-',
  '<',
  '>',
  '<999>',
  '[',
  ']',
  '{',
  '}',
  '(',
  ')',
  '#',
  '#fields',
  '#separator ',
  '0',
  '9'.repeat(20),
  '9'.repeat(400),
  '-',
  '1e999',
  'null',
  'true',
  '__proto__',
  'constructor',
  'toString',
  'CEF:0|',
  'LEEF:2.0|',
  '%00',
  '../../',
  '1970-01-01T00:00:00Z',
  '9999-12-31T23:59:60.999999999+18:00',
  'Feb 30 25:61:61',
  '[[[[',
  '{"a":',
  '{"a":{"a":',
  '{"__proto__":{"x":1}}',
  '[]',
  '""',
  '\u001b[31m',
  '\u202e',
  '<script>',
  '=cmd|calc',
  'é',
  '\u{1f600}',
]

/** One text with a few random changes: pieces cut, doubled, swapped, replaced by junk, truncated, or whole bytes garbled. */
export function mutate(text: string, random: Random, others: readonly string[]): string {
  let out = text
  const rounds = 1 + random.below(4)
  for (let i = 0; i < rounds; i++) {
    const at = random.below(out.length + 1)
    const length = random.below(Math.min(40, out.length - at + 1))
    switch (random.below(9)) {
      case 0:
        out = out.slice(0, at) + out.slice(at + length)
        break
      case 1:
        out = out.slice(0, at) + random.pick(JUNK) + out.slice(at)
        break
      case 2:
        out = out.slice(0, at) + random.pick(JUNK) + out.slice(at + length)
        break
      case 3:
        out = out.slice(0, at + length) + out.slice(at)
        break
      case 4:
        out = out.slice(0, at)
        break
      case 5: {
        const other = random.pick(others)
        out = out.slice(0, at) + other.slice(random.below(other.length + 1))
        break
      }
      case 6: {
        const bytes = Buffer.from(out, 'utf8')
        for (let n = random.below(8); n >= 0 && bytes.length > 0; n--) bytes[random.below(bytes.length)] = random.below(256)
        out = bytes.toString('utf8')
        break
      }
      case 7: {
        const piece = out.slice(at, at + length)
        out = out.slice(0, at) + piece.repeat(random.below(20)) + out.slice(at)
        break
      }
      default:
        out = out.slice(0, at) + String.fromCharCode(random.below(random.next() < 0.7 ? 128 : 65536)) + out.slice(at + 1)
    }
    if (out.length > 200_000) out = out.slice(0, 200_000)
  }
  return out
}
