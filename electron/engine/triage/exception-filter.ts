/** An exception of a rule as a Sigma filter (specification of filters 2.0) beside the desk's own rules: read, shown and applied as any other. */
import { randomUUID } from 'node:crypto'
import { parseDocument, stringify } from 'yaml'
import type { TuningDraft } from '../../../shared/model/triage.ts'

/** Values mean themselves: `*` and `?` are no wildcards. */
const plain = (value: string): string => value.replace(/(\\(?=[*?\\])|[*?])/g, '\\$1')

/** `rule`: the rule's own text, whose log source the filter takes. Null where it has none. */
export function exceptionFilter(draft: TuningDraft, title: string, rule: string): string | null {
  const logsource: unknown = parseDocument(rule).toJS({ maxAliasCount: 20 })?.logsource
  if (typeof logsource !== 'object' || logsource === null) return null
  return stringify({
    title: `Exception: ${title}`.slice(0, 250),
    id: randomUUID(),
    description: `${draft.reason} (${draft.owner}, until ${draft.expires})`,
    logsource,
    filter: {
      rules: [draft.detection],
      selection: Object.fromEntries(Object.entries(draft.match.fields).map(([field, value]) => [field, plain(value)])),
      condition: 'not selection',
    },
  })
}
