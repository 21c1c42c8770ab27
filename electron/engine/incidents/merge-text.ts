/**
 * Texts that two people changed at the same time. Lines are compared first, and where both changed the same lines, their words.
 * Where both changed the same words both stay, one after the other: nothing that somebody wrote is lost.
 */
import { hunksOf, type Hunk } from './sequence-diff.ts'

export interface MergedText {
  readonly text: string
  /** Places that both changed, differently: there both stand. */
  readonly clashes: number
}

const WORDS = /\n|[^\S\n]+|[\p{L}\p{N}\p{M}_]+|[\s\S]/gu
const wordsOf = (text: string): string[] => text.match(WORDS) ?? []
/** With their ends. */
const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+/g) ?? []

/**
 * `base` is what both began with, `theirs` what stands now, `mine` what comes in. Laws: with `base` as one of the two the other is the
 * result; two that are the same are one.
 */
export function mergeText(base: string, mine: string, theirs: string): MergedText {
  if (mine === theirs || theirs === base) return { text: mine, clashes: 0 }
  if (mine === base) return { text: theirs, clashes: 0 }
  return merged(linesOf(base), linesOf(mine), linesOf(theirs), true, (lines) => merged(...lines, false, keptBoth))
}

/** The same where nobody knows any more what both began with: what they have in common counts as that, so that nothing is taken out. */
export function mergeUnknown(mine: string, theirs: string): MergedText {
  const lines = linesOf(theirs)
  const gone = hunksOf(lines, linesOf(mine))
  let at = 0
  let common = ''
  for (const { from, to } of gone) {
    common += lines.slice(at, from).join('')
    at = to
  }
  return mergeText(common + lines.slice(at).join(''), mine, theirs)
}

type Three = readonly [base: readonly string[], mine: readonly string[], theirs: readonly string[]]

function merged(
  base: readonly string[],
  mine: readonly string[],
  theirs: readonly string[],
  /** Lines: what only touches is looked at more closely too. */
  touching: boolean,
  clash: (words: Three) => MergedText,
): MergedText {
  const [left, right] = [hunksOf(base, mine), hunksOf(base, theirs)]
  const out = new Joined()
  let clashes = 0
  let at = 0
  for (let [i, j] = [0, 0]; i < left.length || j < right.length;) {
    const first = earlier(left[i], right[j])
    const region = { from: first.from, to: first.to }
    const [firstLeft, firstRight] = [i, j]
    for (let grown = true; grown;) {
      grown = false
      for (; i < left.length && meets(region, left[i]!, firstRight < j, touching); i++) grown = grow(region, left[i]!) || grown
      for (; j < right.length && meets(region, right[j]!, firstLeft < i, touching); j++) grown = grow(region, right[j]!) || grown
    }
    out.add(base.slice(at, region.from).join(''), 'base')
    at = region.to
    const ours = sliceOf(mine, left, firstLeft, i, region)
    const others = sliceOf(theirs, right, firstRight, j, region)
    if (j === firstRight) out.add(ours.join(''), 'mine')
    else if (i === firstLeft) out.add(others.join(''), 'theirs')
    else {
      const both =
        ours.join('') === others.join('') ? { text: ours.join(''), clashes: 0 } : clash(againIn(base, region, ours, others))
      out.add(both.text, 'both')
      clashes += both.clashes
    }
  }
  out.add(base.slice(at).join(''), 'base')
  return { text: out.text, clashes }
}

const againIn = (base: readonly string[], region: Range, ours: readonly string[], others: readonly string[]): Three => [
  wordsOf(base.slice(region.from, region.to).join('')),
  wordsOf(ours.join('')),
  wordsOf(others.join('')),
]

/** Both, what stood first in front; one where the other is a part of it. */
function keptBoth([, mine, theirs]: Three): MergedText {
  if (isPart(mine, theirs)) return { text: theirs.join(''), clashes: 1 }
  if (isPart(theirs, mine)) return { text: mine.join(''), clashes: 1 }
  const out = new Joined()
  out.add(theirs.join(''), 'theirs')
  out.add(mine.join(''), 'mine')
  return { text: out.text, clashes: 1 }
}

/** Beyond so many comparisons nobody looks: both then stay, which is right too. */
const MOST_COMPARED = 1_000_000
const isPart = (part: readonly string[], whole: readonly string[]): boolean =>
  part.length <= whole.length &&
  part.length * whole.length <= MOST_COMPARED &&
  whole.some((_, i) => i + part.length <= whole.length && part.every((word, n) => word === whole[i + n]))

interface Range {
  from: number
  to: number
}
/** The hunk that comes first: one that only adds before one that takes away at the same place. */
function earlier(a: Hunk | undefined, b: Hunk | undefined): Hunk {
  if (!a || !b) return (a ?? b)!
  return a.from < b.from || (a.from === b.from && a.to <= b.to) ? a : b
}

/** `other`: the region holds changes of the other side already. Its own side's hunks stand apart by themselves. */
function meets(region: Range, hunk: Hunk, other: boolean, touching: boolean): boolean {
  if (region.from === hunk.from && region.to === hunk.to) return true
  if (touching && other) return hunk.from <= region.to
  return hunk.from < region.to && (hunk.to > region.from || hunk.from > region.from)
}
function grow(region: Range, hunk: Hunk): boolean {
  const grown = hunk.to > region.to
  region.to = Math.max(region.to, hunk.to)
  return grown
}

/** What a side made of a region. */
function sliceOf(side: readonly string[], hunks: readonly Hunk[], from: number, to: number, region: Range): readonly string[] {
  const [first, last] = [hunks[from], hunks[to - 1]]
  if (from === to || !first || !last) return []
  return side.slice(first.newFrom - (first.from - region.from), last.newTo + (region.to - last.to))
}

type Side = 'base' | 'mine' | 'theirs' | 'both'
/** Words of two people that come to stand side by side stay two words. */
class Joined {
  text = ''
  #last: Side = 'base'

  add(piece: string, side: Side): void {
    if (piece === '') return
    const met = this.#last !== side && this.#last !== 'base' && side !== 'base'
    this.text += met && /\S$/.test(this.text) && /^\S/.test(piece) ? ` ${piece}` : piece
    this.#last = side
  }
}
