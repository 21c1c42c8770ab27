/**
 * Placeholders in the text of a value: `%name%`, where a name is of letters, digits, `_` and `-`. As in pySigma, which takes no `-`; rule
 * sets use it all the same. `\%` is a plain percent sign.
 */
const PLACEHOLDER = /(?<!\\)%([\p{L}\p{N}_-]{1,64})%/gu

export const LIST_NAME = /^[\p{L}\p{N}_-]{1,64}$/u

/** Names of the lists that a value asks for, each once. */
export const listsIn = (source: string): string[] => [...new Set([...source.matchAll(PLACEHOLDER)].map(([, name]) => name!))]

export const plainPercents = (source: string): string => source.replaceAll('\\%', '%')

/** The value with a value of each list put in, in every combination; wildcards in them are wildcards, as in pySigma. */
export function* filled(source: string, lists: (name: string) => readonly string[]): Generator<string> {
  const names = listsIn(source)
  const chosen = new Map<string, string>()
  function* choose(place: number): Generator<string> {
    const name = names[place]
    if (name === undefined) {
      // A name that stands twice has the same value twice. Percent signs of values are not looked at again.
      let out = ''
      let at = 0
      for (const found of source.matchAll(PLACEHOLDER)) {
        out += plainPercents(source.slice(at, found.index)) + chosen.get(found[1]!)!
        at = found.index + found[0].length
      }
      yield out + plainPercents(source.slice(at))
      return
    }
    for (const value of lists(name)) {
      chosen.set(name, value)
      yield* choose(place + 1)
    }
  }
  yield* choose(0)
}
