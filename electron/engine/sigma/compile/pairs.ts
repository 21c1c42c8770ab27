/**
 * Which pairs of neighbouring characters a text holds, as bits. A literal whose pairs are not all there cannot stand in the text, and
 * to know that costs a look at a few bits, not at the literal.
 */

const BITS = 1024
/** 32 bits each. */
export const PAIR_WORDS = BITS >> 5
/** Pairs of a literal that are asked for. */
const ASKED = 3

/** As common as characters are in paths and command lines: pairs of the last ones tell most. */
const COMMON = 'e\\sntoricawdlmpxyhu.g:03fbv2-k615"/4_789zjq'
const rank = (code: number): number => {
  const at = COMMON.indexOf(String.fromCharCode(code))
  return at < 0 ? COMMON.length : at
}

/** Latin-1 in lower case. */
export const FOLD = Uint8Array.from({ length: 256 }, (_, code) => String.fromCharCode(code).toLowerCase().charCodeAt(0))

/** Bit of two neighbours, in lower case. */
export const bitOf = (before: number, code: number): number => ((before << 3) ^ code ^ (before >>> 7)) & (BITS - 1)

/** What is asked of the pairs of a text before a literal (in lower case) is looked for; 0 where it has no pair. */
export function pairsAsked(literal: string): number {
  const pairs: { readonly bit: number; readonly common: number }[] = []
  for (let i = 1; i < literal.length; i++) {
    const [before, code] = [literal.charCodeAt(i - 1), literal.charCodeAt(i)]
    pairs.push({ bit: bitOf(before, code), common: rank(before) + rank(code) })
  }
  if (pairs.length === 0) return 0
  pairs.sort((a, b) => b.common - a.common)
  let asked = 1 << 30
  for (let i = 0; i < ASKED; i++) asked |= pairs[i % pairs.length]!.bit << (10 * i)
  return asked
}

/** False where the text whose bits begin at `words` cannot hold the literal. */
export const mayHold = (bits: Int32Array, words: number, asked: number): boolean =>
  asked === 0 ||
  ((bits[words + ((asked >>> 5) & 31)]! >>> (asked & 31)) &
    (bits[words + ((asked >>> 15) & 31)]! >>> ((asked >>> 10) & 31)) &
    (bits[words + ((asked >>> 25) & 31)]! >>> ((asked >>> 20) & 31)) &
    1) !==
    0
