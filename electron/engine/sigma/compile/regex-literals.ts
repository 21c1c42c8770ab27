/**
 * Text that must stand in whatever a regular expression fits, so that the expression is run only where it does. Reads the
 * syntax roughly and gives up rather than be wrong.
 */

export interface Required {
  /** Any one of these texts, in lower case. Null: nothing is known. */
  readonly texts: readonly string[] | null
  /** UTF-16 units at least. */
  readonly length: number
}

const UNKNOWN: Required = { texts: null, length: 0 }

export function requiredBy(source: string): Required {
  // Inside brackets of any kind, and after these, reading gets subtle.
  if (/\(\?[^:i]|\\[QEpPC]|\[\[:/.test(source)) return UNKNOWN
  try {
    const reader = new Reader(source)
    const { texts, length } = reader.alternatives(0)
    if (!reader.done) return UNKNOWN
    return { texts: texts !== null && texts.length <= 64 ? texts : null, length }
  } catch {
    return UNKNOWN
  }
}

class Unclear extends Error {}

/** Of several known texts (each of which must stand), the one set that says most: the longest shortest text. */
function better(a: readonly string[] | null, b: readonly string[] | null): readonly string[] | null {
  if (a === null) return b
  if (b === null) return a
  const shortest = (texts: readonly string[]) => Math.min(...texts.map((text) => text.length))
  const [x, y] = [shortest(a), shortest(b)]
  return x > y || (x === y && a.length <= b.length) ? a : b
}

/** A set of so few characters is as good as each of them, as long as there are not many texts. */
const FEW = 4
const MOST_TEXTS = 16

/** What is read of one thing that may be repeated: a character (one of several), a group, or something else. */
interface Unit {
  readonly characters: readonly string[] | null
  readonly inner: readonly string[] | null
  readonly length: number
}
const OTHER: Unit = { characters: null, inner: null, length: 1 }
const NO_WIDTH: Unit = { ...OTHER, length: 0 }
const character = (one: string): Unit => ({ characters: [one], inner: null, length: 1 })

class Reader {
  readonly #source: string
  #at = 0

  constructor(source: string) {
    this.#source = source
  }

  get done(): boolean {
    return this.#at === this.#source.length
  }

  alternatives(depth: number): Required {
    if (depth > 32) throw new Unclear()
    const all: string[] = []
    let known = true
    let shortest = Infinity
    for (;;) {
      const { texts, length } = this.#sequence(depth)
      if (texts === null) known = false
      else all.push(...texts)
      shortest = Math.min(shortest, length)
      if (this.#source[this.#at] !== '|') break
      this.#at++
    }
    return { texts: known ? all : null, length: shortest }
  }

  #sequence(depth: number): Required {
    let best: readonly string[] | null = null
    let length = 0
    let runs: readonly string[] = ['']
    const close = () => {
      if (runs[0] !== '') best = better(best, runs)
      runs = ['']
    }
    while (this.#at < this.#source.length) {
      const c = this.#source[this.#at]!
      if (c === '|' || c === ')') break
      const { characters, inner, length: own } = this.#unit(c, depth)
      const [least, most] = this.#repeat()
      length += own * least
      if (least > 0 && characters !== null) {
        if (runs.length * characters.length > MOST_TEXTS) close()
        runs = runs.flatMap((run) => characters.map((one) => run + one))
        // It stands there, but what follows it is open.
        if (most !== 1) close()
      } else {
        close()
        if (least > 0) best = better(best, inner)
      }
    }
    close()
    return { texts: best === null ? null : (best as readonly string[]).map((text) => text.toLowerCase()), length }
  }

  #unit(c: string, depth: number): Unit {
    switch (c) {
      case '(': {
        const group = /^\((?:\?:|\?i:|\?i\))?/.exec(this.#source.slice(this.#at, this.#at + 4))![0]
        this.#at += group.length
        if (group === '(?i)') return NO_WIDTH
        const { texts, length } = this.alternatives(depth + 1)
        if (this.#source[this.#at] !== ')') throw new Unclear()
        this.#at++
        return { characters: null, inner: texts, length }
      }
      case '[':
        return this.#set()
      case '\\':
        return this.#escape()
    }
    this.#at++
    if (c === '*' || c === '+' || c === '?' || c === '{') throw new Unclear()
    return c === '.' ? OTHER : c === '^' || c === '$' ? NO_WIDTH : character(c)
  }

  /** How often what stands before must stand at least, and may at most. */
  #repeat(): readonly [least: number, most: number] {
    const rest = this.#source.slice(this.#at, this.#at + 24)
    const match = /^(?:[*+?]|\{(\d{1,4})(,?)(\d{0,4})\})\??/.exec(rest)
    if (match === null) return [1, 1]
    this.#at += match[0].length
    // Doubled operators mean something else to some readers.
    if (/^[*+?]/.test(this.#source.slice(this.#at))) throw new Unclear()
    const [op] = match[0]
    if (op === '*') return [0, Infinity]
    if (op === '?') return [0, 1]
    if (op === '+') return [1, Infinity]
    const least = Number(match[1])
    return [least, match[2] === '' ? least : match[3] === '' ? Infinity : Number(match[3])]
  }

  #escape(): Unit {
    const c = this.#source[this.#at + 1]
    if (c === undefined) throw new Unclear()
    this.#at += 2
    if (/[^A-Za-z0-9]/.test(c)) return character(c)
    if (c === 'x') {
      const hex = /^(?:[0-9a-fA-F]{2}|\{[0-9a-fA-F]{1,6}\})/.exec(this.#source.slice(this.#at))
      if (hex === null) throw new Unclear()
      this.#at += hex[0].length
      return OTHER
    }
    if ('bBAz'.includes(c)) return NO_WIDTH
    if ('dDsSwW'.includes(c) || 'ntrfav'.includes(c)) return OTHER
    throw new Unclear()
  }

  #set(): Unit {
    const begin = this.#at + 1
    let at = begin
    if (this.#source[at] === '^') at++
    if (this.#source[at] === ']') at++
    for (; at < this.#source.length; at++) {
      const c = this.#source[at]
      if (c === '\\') at++
      else if (c === '[') throw new Unclear()
      else if (c === ']') {
        this.#at = at + 1
        const inside = this.#source.slice(begin, at)
        // Neither ranges nor escapes, nor what is not in it.
        return inside.length > FEW || /[\\^-]/.test(inside) ? OTHER : { ...OTHER, characters: [...inside] }
      }
    }
    throw new Unclear()
  }
}
