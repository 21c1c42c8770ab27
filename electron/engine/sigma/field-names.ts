/** Where a field that a rule names may be in the events of a format. */
import { CANONICAL_FIELDS, SYSTEM_FIELDS } from '../../../shared/model/fields.ts'
import { ownName } from '../ingest/normalise/json-fields.ts'
import { parserById } from '../ingest/parsers/registry.ts'

/** Native name → canonical name, of one format; with a type: what its events of that type alone are said to have. */
export type AliasesOf = (format: string, type?: string) => Readonly<Record<string, string>> | undefined

/** Those that the parsers state. */
export const parserAliases: AliasesOf = (format, type) => {
  const parser = parserById(format)
  return type === undefined ? parser?.aliases : parser?.aliasesOfType?.(type)
}

const ECS: ReadonlyMap<string, string> = new Map(
  [...SYSTEM_FIELDS, ...CANONICAL_FIELDS].flatMap(({ name, ecs }) => (ecs === null ? [] : [[ecs, name] as const])),
)

/**
 * Names of the row's fields that may hold it, best first: its own name (a parser keeps a second value for a canonical field
 * there), the canonical name that the parser gives it, and what its ECS name stands for. Where events are of one `type` and the parser
 * says what that type's fields are, that alone counts.
 */
export function fieldNames(field: string, format: string, aliasesOf: AliasesOf, type?: string): string[] {
  const ofType = type === undefined ? undefined : aliasesOf(format, type)
  if (ofType !== undefined && Object.hasOwn(ofType, field)) return [ofType[field]!]
  const aliases = aliasesOf(format)
  const names = new Set([ownName(field), field])
  const alias = aliases !== undefined && Object.hasOwn(aliases, field) ? aliases[field] : undefined
  if (alias !== undefined) names.add(alias)
  const canonical = ECS.get(field)
  if (canonical !== undefined) names.add(canonical)
  return [...names]
}
