/** Fields that a query names and nobody knows: a warning, not an error, since a native field may not have occurred yet. */
import type { QueryNode } from './ast.ts'
import { writeField } from './print.ts'

export interface FieldWarning {
  readonly key: 'unknown_field'
  readonly field: string
  /** Place of the field's name in the query, UTF-16. */
  readonly offset: number
  readonly length: number
  /** Known names that are nearly it, nearest first, at most three. */
  readonly suggestions: readonly string[]
}

/** Every field of the query that is not among `known`, in the query's order; one that is named twice is told twice. */
export function checkFields(node: QueryNode, known: Iterable<string>): FieldWarning[] {
  const names = known instanceof Set ? (known as ReadonlySet<string>) : new Set(known)
  const warnings: FieldWarning[] = []
  const places = new Set<number>()
  const walk = (part: QueryNode): void => {
    if (part.kind === 'and' || part.kind === 'or') for (const item of part.items) walk(item)
    else if (part.kind === 'not') walk(part.item)
    // The items of a list share the place of their field's name.
    else if (part.kind === 'field' && !names.has(part.field) && !places.has(part.span.start)) {
      places.add(part.span.start)
      const length = Math.min(writeField(part.field).length, part.span.end - part.span.start)
      warnings.push({
        key: 'unknown_field',
        field: part.field,
        offset: part.span.start,
        length,
        suggestions: nearest(part.field, names),
      })
    }
  }
  walk(node)
  return warnings
}

/** Known names within a third of the word's length in edits (at least one, at most four), or that it is the beginning or end of. */
export function nearest(name: string, known: Iterable<string>, limit = 3): string[] {
  const wanted = name.toLowerCase().slice(0, 64)
  const allowed = Math.min(4, Math.max(1, Math.floor(wanted.length / 3)))
  const found: { name: string; distance: number }[] = []
  for (const candidate of known) {
    const lower = candidate.toLowerCase()
    const distance =
      lower === wanted
        ? 0
        : wanted.length >= 3 && (lower.endsWith(`.${wanted}`) || lower.startsWith(`${wanted}.`))
          ? 0.5
          : edits(wanted, lower, allowed)
    if (distance <= allowed) found.push({ name: candidate, distance })
  }
  found.sort((a, b) => a.distance - b.distance || a.name.length - b.name.length || (a.name < b.name ? -1 : 1))
  return found.slice(0, limit).map((candidate) => candidate.name)
}

/** Insertions, deletions, replacements and swaps of neighbours; more than `most` is answered as `most + 1`. */
function edits(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    let least = i
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min((last[j] as number) + 1, (row[j - 1] as number) + 1, (last[j - 1] as number) + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, (before[j - 2] as number) + 1)
      row.push(cost)
      if (cost < least) least = cost
    }
    if (least > most) return most + 1
    before = last
    last = row
  }
  return last[b.length] as number
}
