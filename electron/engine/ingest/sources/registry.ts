/** The kinds of source there are: the `*.source.ts` files of this folder. */
import type { SourceDefinition, SourceKind } from './define.ts'

const found = Object.values(import.meta.glob<SourceDefinition>('./*.source.ts', { eager: true, import: 'default' }))
const byKind = new Map<SourceKind, SourceDefinition>()
for (const definition of found) {
  if (byKind.has(definition.kind)) throw new Error(`two sources of kind ${definition.kind}`)
  byKind.set(definition.kind, definition)
}

/** Definition of a kind; throws for a kind that the contract names and no file has. */
export function sourceOfKind(kind: SourceKind): SourceDefinition {
  const definition = byKind.get(kind)
  if (definition === undefined) throw new Error(`no source of kind ${kind}`)
  return definition
}
