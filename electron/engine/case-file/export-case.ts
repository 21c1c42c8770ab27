/** Exports the case of an incident: the ledger is told first, so that the file holds it. */
import type { Result } from '../../../shared/model/result.ts'
import type { Store } from '../store/types.ts'
import { writeCase, type WriteCase, type Written } from './write-case.ts'

/** Errors as `writeCase`, and `conflict` where the incident went into another one. */
export async function exportCase(store: Pick<Store, 'cases'>, options: WriteCase): Promise<Result<Written>> {
  const told = await store.cases.exporting(options.number, options.by)
  return told.ok ? writeCase(options) : told
}
