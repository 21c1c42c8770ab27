/** What packs see of the desk: everything that is loaded. The rule library is one. */
import type { Loaded } from '../load-rules.ts'
import type { LogSourceTable } from '../logsources/table.ts'
import type { KnownRules } from '../workbench/check-text.ts'

export type DeskRules = Loaded & KnownRules & { readonly logSources: LogSourceTable }

export interface Desk {
  readonly known: Loaded & KnownRules
  readonly logSources: LogSourceTable
  /** Text of a rule that one of the desk's own stands above. */
  shipped(id: string): string | null
  /** Loads again, as when a file changed. */
  reload(): Promise<void>
}

export const rulesOf = (desk: Desk): DeskRules => ({ ...desk.known, logSources: desk.logSources })
