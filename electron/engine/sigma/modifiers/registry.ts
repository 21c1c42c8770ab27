/** Every modifier there is, by name. */
import type { ModifierDefinition } from './define.ts'

const modules = import.meta.glob<ModifierDefinition>('./*.modifier.ts', { eager: true, import: 'default' })

function index(): ReadonlyMap<string, ModifierDefinition> {
  const byName = new Map<string, ModifierDefinition>()
  for (const definition of Object.values(modules))
    for (const name of [definition.id, ...(definition.aliases ?? [])]) {
      if (byName.has(name)) throw new Error(`two modifiers are named ${name}`)
      byName.set(name, definition)
    }
  return byName
}

export const modifiersByName = index()
export const modifiers: readonly ModifierDefinition[] = Object.values(modules).sort((a, b) => (a.id < b.id ? -1 : 1))
