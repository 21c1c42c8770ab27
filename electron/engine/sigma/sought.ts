/**
 * What must stand in an event for any of some rules to match it: where nothing of it does, a stored event need not be made a row again.
 */
import { detectionOf, slotSource } from './compile.ts'
import { makeAtom, type Literal } from './compile/atoms.ts'
import { coverOf, type CoverItem } from './compile/cover.ts'
import { isSystemName, URL_FIELDS } from './compile/row-view.ts'
import { itemsOf, type Item } from './detection.ts'
import { parserAliases, type AliasesOf } from './field-names.ts'
import { isMeant, type LogSource } from './logsources/log-source.ts'
import type { SigmaRule } from './types.ts'

/** One of the things that are sought. */
export interface Sought {
  /** Names of the fields it may stand in; null: any. */
  readonly fields: readonly string[] | null
  /** In lower case, never empty. */
  readonly text: string
  readonly place: Literal['place']
}

/** Where a field is read, whatever the event is. */
interface Place {
  readonly fields: readonly string[] | null
  /** It is a part of what the fields hold. */
  readonly inside: boolean
}

/** At least one of what is given stands in every event that one of the rules matches; null where nothing must. */
export function soughtBy(
  rules: readonly SigmaRule[],
  sources: readonly LogSource[],
  aliasesOf: AliasesOf = parserAliases,
): readonly Sought[] | null {
  const all: Sought[] = []
  for (const rule of rules) {
    const own = soughtByRule(rule, sources, aliasesOf)
    if (own === null) return null
    all.push(...own)
  }
  return all
}

function soughtByRule(rule: SigmaRule, sources: readonly LogSource[], aliasesOf: AliasesOf): readonly Sought[] | null {
  const detection = detectionOf(rule)
  const meant = sources.filter(({ names }) => names.some((name) => isMeant(rule.logsource, name)))
  if (detection === null || meant.length === 0) return []
  const slots = new Map<string | null, number>()
  const places: (Place | null)[] = []
  const items = new Map<Item, CoverItem>()
  for (const { expression } of detection.searches)
    for (const item of itemsOf(expression)) {
      let slot = slots.get(item.field)
      if (slot === undefined) {
        slots.set(item.field, (slot = places.length))
        places.push(placeOf(item.field, meant, aliasesOf))
      }
      const place = places[slot]!
      const atoms = item.values.map(({ test }) => {
        const literals = place === null ? null : makeAtom(0, slot, test, -1).literals
        return { slot, literals: literals?.some(({ text }) => text === '') === true ? null : literals }
      })
      items.set(item, { item, atoms })
    }
  const cover = coverOf(detection.condition, detection, items, new Map())
  return (
    cover?.triggers.map(({ slot, text, place }): Sought => {
      const { fields, inside } = places[slot]!
      return { fields, text, place: inside ? 'anywhere' : place }
    }) ?? null
  )
}

/** Null where it is not only in fields of the record. */
function placeOf(field: string | null, sources: readonly LogSource[], aliasesOf: AliasesOf): Place | null {
  if (field === null) return { fields: null, inside: false }
  const fields = new Set<string>()
  let inside = false
  for (const source of sources)
    for (const format of source.when.format) {
      const slot = slotSource(field, format, source, aliasesOf)
      if (slot === 'everything') return null
      if ('derive' in slot) {
        // A whole address is put together of two fields.
        if (slot.derive === 'url') return null
        fields.add(URL_FIELDS[0])
        inside = true
      } else
        for (const name of slot.names) {
          if (isSystemName(name)) return null
          fields.add(name)
        }
    }
  return { fields: [...fields], inside }
}
