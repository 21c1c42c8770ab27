/**
 * Order of versions, for ranges. No specification has one; this is the order of numbers between other characters that makers mean:
 * `1.9 < 1.10`, `1.0 = 1.0.0`, words before a release (`rc`, `beta`, …) come before it, other letters after it (`1.0.1a > 1.0.1`).
 */
const BEFORE = ['snapshot', 'dev', 'alpha', 'a', 'beta', 'b', 'milestone', 'm', 'preview', 'pre', 'cr', 'rc'] as const
const MOST_PARTS = 64

/** A number as its digits without leading zeros, or a word. */
type Part = { readonly digits: string } | { readonly word: string; readonly rank: number }

function partsOf(version: string): Part[] {
  const text = version.toLowerCase().replace(/^v(?=\d)/, '')
  const found = text.match(/\d+|\p{L}+/gu) ?? []
  return found.slice(0, MOST_PARTS).map((token, i): Part => {
    if (/^\d/.test(token)) return { digits: token.replace(/^0+(?=\d)/, '') }
    // A single letter behind a number that ends the version is a patch (1.0.1a); before a number it is a stage (1.0a2).
    const stage = BEFORE.findIndex((word) => word === token)
    const single = token.length === 1 && !(i + 1 < found.length)
    return { word: token, rank: stage >= 0 && !single ? stage - BEFORE.length : 1 }
  })
}

/** What a version that has ended counts as. */
const END: Part = { digits: '0' }

function compareParts(a: Part, b: Part): number {
  if ('digits' in a && 'digits' in b)
    return a.digits.length - b.digits.length || (a.digits < b.digits ? -1 : a.digits > b.digits ? 1 : 0)
  const [rankA, rankB] = [rankOf(a), rankOf(b)]
  if (rankA !== rankB) return rankA - rankB
  if ('word' in a && 'word' in b) return a.word < b.word ? -1 : a.word > b.word ? 1 : 0
  return 0
}
/** Stages are below zero, zero (or nothing) is 0, other words are 1, other numbers are above all words. */
const rankOf = (part: Part): number => ('word' in part ? part.rank : part.digits === '0' ? 0 : 2)

/** Negative where `a` comes before `b`, 0 where they are the same version. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)]
  const length = Math.max(left.length, right.length)
  for (let i = 0; i < length; i++) {
    const order = compareParts(left[i] ?? END, right[i] ?? END)
    if (order !== 0) return Math.sign(order)
  }
  return 0
}

/** Ends of a range; null is open. */
export interface VersionRange {
  readonly startIncluding: string | null
  readonly startExcluding: string | null
  readonly endIncluding: string | null
  readonly endExcluding: string | null
}
export const ALL_VERSIONS: VersionRange = { startIncluding: null, startExcluding: null, endIncluding: null, endExcluding: null }

export const isOpen = (range: VersionRange): boolean =>
  range.startIncluding === null && range.startExcluding === null && range.endIncluding === null && range.endExcluding === null

/** `below`: before the range begins; `above`: after it has ended, which for a vulnerability means that it is fixed. */
export function placeInRange(version: string, range: VersionRange): 'below' | 'in' | 'above' {
  const { startIncluding, startExcluding, endIncluding, endExcluding } = range
  if (startIncluding !== null && compareVersions(version, startIncluding) < 0) return 'below'
  if (startExcluding !== null && compareVersions(version, startExcluding) <= 0) return 'below'
  if (endIncluding !== null && compareVersions(version, endIncluding) > 0) return 'above'
  if (endExcluding !== null && compareVersions(version, endExcluding) >= 0) return 'above'
  return 'in'
}

/** `≥ 2.4.0, < 2.4.51`; '' for all versions. */
export function rangeText(range: VersionRange): string {
  const ends = [
    range.startIncluding === null ? '' : `≥ ${range.startIncluding}`,
    range.startExcluding === null ? '' : `> ${range.startExcluding}`,
    range.endIncluding === null ? '' : `≤ ${range.endIncluding}`,
    range.endExcluding === null ? '' : `< ${range.endExcluding}`,
  ]
  return ends.filter((end) => end !== '').join(', ')
}

/**
 * Intervals of a version range as CSAF documents have them: `vers:generic/>=1.0|<1.5|>=2.0|<2.3`, `>= 1.0, < 1.5`, `< 2.4`. Null where the
 * text is none.
 */
export function parseRanges(text: string): VersionRange[] | null {
  const body = text
    .trim()
    .replace(/^vers:[a-z0-9.-]+\//i, '')
    .replace(/%3[eE]/g, '>')
    .replace(/%3[cC]/g, '<')
  if (body === '*' || body === '') return [ALL_VERSIONS]
  const parts = body
    .split(/[|,]|\s+(?=[<>=])/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
  if (parts.length > 64) return null
  const ranges: VersionRange[] = []
  let open: VersionRange | null = null
  for (const part of parts) {
    const match = /^(>=|<=|>|<|==?|!=)?\s*v?(\d[\p{L}\p{N}._+~-]*)$/u.exec(part)
    if (match?.[2] === undefined) return null
    const version = match[2]
    switch (match[1] ?? '=') {
      case '>=':
      case '>':
        if (open) ranges.push(open)
        open = match[1] === '>=' ? { ...ALL_VERSIONS, startIncluding: version } : { ...ALL_VERSIONS, startExcluding: version }
        break
      case '<=':
      case '<':
        ranges.push(
          match[1] === '<='
            ? { ...(open ?? ALL_VERSIONS), endIncluding: version }
            : { ...(open ?? ALL_VERSIONS), endExcluding: version },
        )
        open = null
        break
      case '!=':
        return null
      default:
        ranges.push({ ...ALL_VERSIONS, startIncluding: version, endIncluding: version })
    }
  }
  if (open) ranges.push(open)
  return ranges
}
