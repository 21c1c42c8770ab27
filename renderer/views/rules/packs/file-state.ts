/** Whether a rule's file is still what was imported. */
import type { RuleSummary } from '../../../../shared/model/rule.ts'
import type { Pack } from '../../../../shared/pack-contract.ts'
import { fileIn } from '../filter.ts'

/** As many as the engine names at most. */
export const MOST_CHANGED = 1000

/** The pack that a rule was loaded from. */
export const packOf = (packs: readonly Pack[], { folder }: Pick<RuleSummary, 'folder'>): Pack | null =>
  packs.find((pack) => pack.folder === folder) ?? null

/** `unknown` where nothing says what was imported, or where more changed than is named. */
export function fileState(
  { imported, changed }: Pick<Pack, 'imported' | 'changed'>,
  rule: Pick<RuleSummary, 'file' | 'folder'>,
): 'same' | 'changed' | 'added' | 'unknown' {
  if (imported === null) return 'unknown'
  const file = fileIn(rule).replaceAll('\\', '/')
  const found = changed.find((one) => one.file === file)
  if (found) return found.how === 'added' ? 'added' : 'changed'
  return changed.length < MOST_CHANGED ? 'same' : 'unknown'
}
