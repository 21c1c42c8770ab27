/**
 * What was found in texts of a field lately. Many fields say the same again and again (programs, users, modules): to look that up is
 * less work than to look through the text. Where a field does not, nothing is remembered for a while.
 */

/** Places for texts that are remembered of a field, and how long those may be. */
const PLACES = 2048
const LONGEST = 512
const SHORTEST = 8
/** Of so many lookups, so many must have found something; else so many texts are passed by. */
const TRIAL = 2048
const ENOUGH = TRIAL / 4
const REST = 65_536

const NOTHING: readonly number[] = []

/** Where a text is remembered: by some of its characters, since a map would go through all of them. A later text takes the place. */
function placeOf(text: string): number {
  const { length } = text
  const step = length >> 3
  let hash = length
  // Of paths the ends differ, of command lines what is in between.
  for (let at = length - 1; at > 0; at -= step) hash = Math.imul(hash ^ text.charCodeAt(at), FACTOR)
  hash = Math.imul(hash ^ text.charCodeAt(length - 2), FACTOR)
  hash = Math.imul(hash ^ text.charCodeAt(length - 6), FACTOR)
  return (hash ^ (hash >>> 15)) & (PLACES - 1)
}
const FACTOR = 0x01000193

export class SeenTexts {
  readonly #texts = new Array<string>(PLACES).fill('')
  readonly #targets = new Array<readonly number[]>(PLACES).fill(NOTHING)
  #place = 0
  #asked = 0
  #found = 0
  #rest = 0

  /** False where the text had better be looked through. */
  wants(text: string): boolean {
    if (this.#rest > 0) {
      this.#rest--
      return false
    }
    return text.length >= SHORTEST && text.length <= LONGEST
  }

  /** Of a text that it {@link wants}. */
  get(text: string): readonly number[] | undefined {
    const place = (this.#place = placeOf(text))
    const targets = this.#texts[place] === text ? this.#targets[place] : undefined
    if (targets !== undefined) this.#found++
    if (++this.#asked < TRIAL) return targets
    if (this.#found < ENOUGH) {
      this.#texts.fill('')
      this.#targets.fill(NOTHING)
      this.#rest = REST
    }
    this.#asked = 0
    this.#found = 0
    return targets
  }

  /** What was found in the text that {@link get} was last asked of. */
  add(text: string, targets: readonly number[]): void {
    if (this.#rest > 0) return
    this.#texts[this.#place] = text
    this.#targets[this.#place] = targets
  }
}
