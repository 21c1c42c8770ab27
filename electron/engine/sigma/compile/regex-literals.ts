/**
 * Text that must stand in whatever a regular expression fits, so that the expression is run only where it does. Reads the
 * syntax roughly and gives up rather than be wrong.
 */

/** Any one of these texts, in lower case. Null: nothing is known. */
export function requiredLiterals(source: string): readonly string[] | null {
  // Inside brackets of any kind, and after these, reading gets subtle.
  if (/\(\?[^:i]|\\[QEpPC]|\[\[:/.test(source)) return null
  try {
    const reader = new Reader(source)
    const found = reader.alternatives(0)
    return reader.done && found !== null && found.length <= 64 ? found : null
  } catch {
    return null
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

class Reader {
  readonly #source: string
  #at = 0

  constructor(source: string) {
    this.#source = source
  }

  get done(): boolean {
    return this.#at === this.#source.length
  }

  alternatives(depth: number): readonly string[] | null {
    if (depth > 32) throw new Unclear()
    const all: string[] = []
    let known = true
    for (;;) {
      const one = this.#sequence(depth)
      if (one === null) known = false
      else all.push(...one)
      if (this.#source[this.#at] !== '|') break
      this.#at++
    }
    return known ? all : null
  }

  #sequence(depth: number): readonly string[] | null {
    let best: readonly string[] | null = null
    let run = ''
    const close = () => {
      if (run !== '') best = better(best, [run])
      run = ''
    }
    while (this.#at < this.#source.length) {
      const c = this.#source[this.#at]!
      if (c === '|' || c === ')') break
      let literal: string | null = null
      let inner: readonly string[] | null = null
      if (c === '(') {
        const group = /^\((?:\?:|\?i:|\?i\))?/.exec(this.#source.slice(this.#at, this.#at + 4))![0]
        this.#at += group.length
        if (group !== '(?i)') {
          inner = this.alternatives(depth + 1)
          if (this.#source[this.#at] !== ')') throw new Unclear()
          this.#at++
        }
      } else if (c === '[') this.#set()
      else if (c === '\\') literal = this.#escape()
      else {
        this.#at++
        if (c !== '.' && c !== '^' && c !== '$') literal = c
        if (c === '*' || c === '+' || c === '?' || c === '{') throw new Unclear()
      }
      const least = this.#repeat()
      if (literal !== null && least === 1) run += literal
      else {
        // The character stands at least once, but what follows it is open.
        if (literal !== null && least > 1) run += literal
        close()
        if (least > 0) best = better(best, inner)
      }
    }
    close()
    return best === null ? null : (best as readonly string[]).map((text) => text.toLowerCase())
  }

  /** How often at least what stands before must stand: 1 exactly once, 2 once or more, 0 perhaps not at all. */
  #repeat(): 0 | 1 | 2 {
    const rest = this.#source.slice(this.#at, this.#at + 24)
    const match = /^(?:[*+?]|\{\d{1,4}(?:,\d{0,4})?\})\??/.exec(rest)
    if (match === null) return 1
    this.#at += match[0].length
    // Doubled operators mean something else to some readers.
    if (/^[*+?]/.test(this.#source.slice(this.#at))) throw new Unclear()
    const [op] = match[0]
    if (op === '*' || op === '?') return 0
    if (op === '+') return 2
    return /^\{0*[,}]/.test(match[0]) ? 0 : 2
  }

  #escape(): string | null {
    const c = this.#source[this.#at + 1]
    if (c === undefined) throw new Unclear()
    this.#at += 2
    if (/[^A-Za-z0-9]/.test(c)) return c
    if (c === 'x') {
      const hex = /^(?:[0-9a-fA-F]{2}|\{[0-9a-fA-F]{1,6}\})/.exec(this.#source.slice(this.#at))
      if (hex === null) throw new Unclear()
      this.#at += hex[0].length
      return null
    }
    if ('dDsSwWbBAz'.includes(c) || 'ntrfav'.includes(c)) return null
    throw new Unclear()
  }

  #set(): void {
    let at = this.#at + 1
    if (this.#source[at] === '^') at++
    if (this.#source[at] === ']') at++
    for (; at < this.#source.length; at++) {
      const c = this.#source[at]
      if (c === '\\') at++
      else if (c === '[') throw new Unclear()
      else if (c === ']') {
        this.#at = at + 1
        return
      }
    }
    throw new Unclear()
  }
}
