/** Every log source there is. */
import type { SigmaRule } from '../types.ts'
import type { LogSource, LogSourceDefinition, LogSourceName } from './define.ts'

const modules = import.meta.glob<LogSourceDefinition>('./*.logsource.ts', { eager: true, import: 'default' })

/** In order of their ids. */
export const logSourceDefinitions: readonly LogSourceDefinition[] = sorted(Object.values(modules))
export const logSources: readonly LogSource[] = logSourceDefinitions.flatMap(({ sources }) => sources)

function sorted(definitions: readonly LogSourceDefinition[]): LogSourceDefinition[] {
  const ids = new Set<string>()
  for (const { id } of definitions) {
    if (ids.has(id)) throw new Error(`two log source definitions are named ${id}`)
    ids.add(id)
  }
  return [...definitions].sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** True where the rule's log source, or a wider one, is this. */
export function isMeant(rule: SigmaRule['logsource'], name: LogSourceName): boolean {
  return (
    (rule.category === undefined || rule.category === name.category) &&
    (rule.product === undefined || rule.product === name.product) &&
    (rule.service === undefined || rule.service === name.service)
  )
}

/** False where no format known here can give events for the rule. */
export const reachable = (rule: Pick<SigmaRule, 'logsource'>): boolean =>
  logSources.some(({ names }) => names.some((name) => isMeant(rule.logsource, name)))
