/** Parts of incidents that two people changed at the same time, field by field. */
import type { z } from 'zod'
import type { PartKind } from '../../../shared/model/incident.ts'
import { mergeText, mergeUnknown } from './merge-text.ts'

export type Json = z.infer<ReturnType<typeof z.json>>
export type Fields = Readonly<Record<string, Json>>

export interface MergedFields {
  readonly fields: Fields
  /** Fields that both changed, differently: texts hold both, of the others what came in later is kept. */
  readonly clashes: readonly string[]
}

/** Fields that are texts, and how long they may be. */
const TEXTS: Readonly<Record<PartKind, Readonly<Record<string, number>>>> = {
  entry: { title: 1000, text: 100_000 },
  entity: { label: 300, note: 4000 },
  edge: { label: 300 },
  sentence: { text: 4000 },
  note: { text: 100_000 },
  task: { title: 300, reason: 4000 },
}

export const same = (a: Json | undefined, b: Json | undefined): boolean => JSON.stringify(a) === JSON.stringify(b)

/** What one added stays, what one took out goes, whatever the other did. */
export function mergeList(base: readonly Json[], mine: readonly Json[], theirs: readonly Json[]): Json[] {
  const keys = (list: readonly Json[]): ReadonlySet<string> => new Set(list.map((one) => JSON.stringify(one)))
  const [inBase, inMine, inTheirs] = [keys(base), keys(mine), keys(theirs)]
  return [
    ...theirs.filter((one) => inMine.has(JSON.stringify(one)) || !inBase.has(JSON.stringify(one))),
    ...mine.filter((one) => !inTheirs.has(JSON.stringify(one)) && !inBase.has(JSON.stringify(one))),
  ]
}

/**
 * `base` null: nobody knows any more what was begun with. Lists and texts hold both; of other fields that both changed `mine` is kept,
 * since it is the later one.
 */
export function mergeFields(kind: PartKind, base: Fields | null, mine: Fields, theirs: Fields): MergedFields {
  const fields: Record<string, Json> = { ...theirs }
  const clashes: string[] = []
  const merge = (name: string, from: Json | undefined, a: Json, b: Json | undefined, most: number | undefined): Json => {
    if (same(a, b) || b === undefined) return a
    if (base !== null && same(from, b)) return a
    if (base !== null && same(from, a)) return b
    if (Array.isArray(a) && Array.isArray(b)) return mergeList(Array.isArray(from) ? from : [], a, b)
    if (isFields(a) && isFields(b))
      return Object.fromEntries(
        Object.entries(a).map(([key, value]) => [
          key,
          merge(`${name}.${key}`, isFields(from) ? from[key] : undefined, value, b[key], most),
        ]),
      )
    if (most !== undefined && typeof a === 'string' && typeof b === 'string') {
      const both = typeof from === 'string' ? mergeText(from, a, b) : mergeUnknown(a, b)
      if (both.text.length <= most) {
        if (both.clashes > 0) clashes.push(name)
        return both.text
      }
    }
    clashes.push(name)
    return a
  }
  for (const [name, value] of Object.entries(mine))
    fields[name] = merge(name, base?.[name], value, theirs[name], TEXTS[kind][name])
  return { fields, clashes }
}

const isFields = (value: Json | undefined): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
