/** Names that somebody may have meant. */

const MOST = 4
/** Words longer than this are no misspelt names. */
const MOST_LENGTH = 64

/** The nearest of the names, best first. */
export function nearest(word: string, names: readonly string[]): string[] {
  if (word.length > MOST_LENGTH || word.length < 2) return []
  const lower = word.toLowerCase()
  const allowed = Math.max(1, Math.min(4, Math.floor(lower.length / 3)))
  const last = lower.slice(lower.lastIndexOf('.') + 1)
  const found: { readonly name: string; readonly distance: number }[] = []
  for (const name of names) {
    let distance = Infinity
    if (name.startsWith(lower)) distance = 0.5 + Math.min(1, (name.length - lower.length) / 40)
    else if (Math.abs(name.length - lower.length) <= allowed) distance = edits(lower, name, allowed)
    // Its last part under another protocol: `src` of `ip.source.src`.
    else if (last.length > 3 && lower.includes('.') && name.endsWith(`.${last}`) && name[0] === lower[0]) distance = allowed
    if (distance <= allowed + 0.5) found.push({ name, distance })
  }
  found.sort((a, b) => a.distance - b.distance || a.name.length - b.name.length || (a.name < b.name ? -1 : 1))
  return found.slice(0, MOST).map(({ name }) => name)
}

/** Insertions, deletions, replacements and swaps of neighbours from one to the other; more than `most` is Infinity. */
function edits(a: string, b: string, most: number): number {
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    let least = i
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let value = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) value = Math.min(value, before[j - 2]! + 1)
      next.push(value)
      if (value < least) least = value
    }
    if (least > most) return Infinity
    before = row
    row = next
  }
  const found = row[b.length]!
  return found <= most ? found : Infinity
}
