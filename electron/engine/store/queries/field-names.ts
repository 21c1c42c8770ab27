/** Which columns a field name of a query means: canonical names, groups, ECS names, native names that parsers map, and names as they are. */
import { definitionOf, groupOf } from '../../../../shared/query/lookup.ts'
import { CANONICAL_FIELDS, SYSTEM_FIELDS } from '../../../../shared/model/fields.ts'
import { SYSTEM, columnOfField } from '../system-columns.ts'

/** Canonical names that parsers map a native name to; empty where no parser knows it. */
export type Aliases = (native: string) => readonly string[]

/** A system field, or the columns of fields. */
export type Named = { readonly system: 'id' | 'time' | 'received' } | { readonly columns: readonly string[] }

const SYSTEM_COLUMNS: Readonly<Record<string, string>> = { type: SYSTEM.type, format: SYSTEM.format, source: SYSTEM.source }
const systemNames = new Set(SYSTEM_FIELDS.map(({ name }) => name))
const canonicalNames = new Set(CANONICAL_FIELDS.map(({ name }) => name))
const byEcs = new Map<string, string[]>()
for (const { name, ecs } of CANONICAL_FIELDS) if (ecs !== null) byEcs.set(ecs, [...(byEcs.get(ecs) ?? []), name])

export const isCanonical = (name: string): boolean => canonicalNames.has(name)

/**
 * A canonical or system name means itself. Any other name means everything it can: the fields of the ECS name, of the parsers'
 * aliases, and the native field that is called so.
 */
export function resolveField(name: string, aliases: Aliases): Named {
  if (canonicalNames.has(name)) return { columns: [name] }
  const own = systemOf(name)
  if (own) return own
  const definition = definitionOf(name)
  if (definition && systemNames.has(definition.name)) return systemOf(definition.name)!
  const columns = new Set<string>([columnOfField(name)])
  for (const other of [
    ...(groupOf(name) ?? []),
    ...(definition ? [definition.name] : []),
    ...(byEcs.get(name) ?? []),
    ...aliases(name),
  ]) {
    const named = systemOf(other)
    if (!named) columns.add(columnOfField(other))
    // A native name of the event's time is the time, whatever else it may be called.
    else if ('system' in named) return named
    else for (const column of named.columns) columns.add(column)
  }
  return { columns: [...columns] }
}

function systemOf(name: string): Named | null {
  if (!systemNames.has(name)) return null
  const column = Object.hasOwn(SYSTEM_COLUMNS, name) ? SYSTEM_COLUMNS[name] : undefined
  return column === undefined ? { system: name as 'id' | 'time' | 'received' } : { columns: [column] }
}
