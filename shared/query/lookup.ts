/** What is known of a field name: canonical names, ECS names, and names that stand for several fields. */
import { CANONICAL_FIELDS, FIELD_GROUPS, SYSTEM_FIELDS, type FieldDefinition, type FieldType } from '../model/fields.ts'

const byName = new Map<string, FieldDefinition>()
// The first definition of an ECS name wins: `event.id` is the event's id, not the flow's.
for (const field of [...SYSTEM_FIELDS, ...CANONICAL_FIELDS])
  if (field.ecs !== null && !byName.has(field.ecs)) byName.set(field.ecs, field)
for (const field of [...SYSTEM_FIELDS, ...CANONICAL_FIELDS]) byName.set(field.name, field)
/** Without case, for those who type `Src.IP`. Only where the exact name is not known. */
const byLowerName = new Map([...byName].map(([name, field]) => [name.toLowerCase(), field]))

/** The canonical or system field that a name in a query means (its own or its ECS name, any case); undefined for groups and native fields. */
export function definitionOf(name: string): FieldDefinition | undefined {
  return byName.get(name) ?? byLowerName.get(name.toLowerCase())
}

/** Fields a group name (`ip`, `port`, `host` …) stands for; undefined where the name is no group. */
export function groupOf(name: string): readonly string[] | undefined {
  const lower = name.toLowerCase()
  return Object.hasOwn(FIELD_GROUPS, lower) ? FIELD_GROUPS[lower] : undefined
}

/** Type of a field named in a query: of a group the type its members share; undefined for native fields, which may hold anything. */
export function typeOf(name: string): FieldType | undefined {
  const members = groupOf(name)
  return definitionOf(members?.[0] ?? name)?.type
}
