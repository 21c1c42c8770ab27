/** Which files of a pack are taken along. */
import type { LeftOut } from '../../../../shared/pack-contract.ts'
import { isExamples, isHidden, isRuleFile } from './entry-name.ts'

/** Why a file is left out by its name alone; null where it is a rule file. */
export function leftOutByName(name: string): LeftOut['why'] | null {
  if (isHidden(name)) return 'hidden'
  if (isExamples(name)) return 'examples'
  return isRuleFile(name) ? null : 'no_rule_file'
}

/**
 * What is to be taken off all names: the one folder that everything lies in, as zips of a folder have it. '' where there is none, or
 * where a file named `keep` lies beside it.
 */
export function commonFolder(names: readonly string[], keep: string): string {
  const first = names[0]
  if (first === undefined) return ''
  const slash = first.indexOf('/')
  const folder = first.slice(0, slash + 1)
  return slash > 0 && !names.includes(keep) && names.every((name) => name.startsWith(folder)) ? folder : ''
}
