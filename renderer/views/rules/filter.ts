/** Which rules the list shows. */
import type { RuleSummary } from '../../../shared/model/rule.ts'
import { severityRank, SEVERITIES, type Severity } from '../../../shared/model/severity.ts'

export const KEEP = ['all', 'enabled', 'disabled', 'alerting', 'silent', 'scheduled', 'slow', 'unreachable'] as const
export type Keep = (typeof KEEP)[number]

export interface RuleFilter {
  /** Words that must all occur in title, id, file, log source, or ATT&CK ids. */
  readonly text: string
  readonly atLeast: Severity
  /** '' is every one. */
  readonly logsource: string
  readonly keep: Keep
  /** Path of the folder that they are in; '' is every one. */
  readonly folder: string
}
export const NO_FILTER: RuleFilter = { text: '', atLeast: 'info', logsource: '', keep: 'all', folder: '' }

export const isFiltered = ({ text, atLeast, logsource, keep, folder }: RuleFilter): boolean =>
  text.trim() !== '' || atLeast !== 'info' || logsource !== '' || keep !== 'all' || folder !== ''

/** Whether it runs on a schedule; a step of a live scenario does not, whatever it has. */
export const isScheduled = ({ schedule }: Pick<RuleSummary, 'schedule'>): boolean => schedule !== null && !schedule.step

function kept(rule: RuleSummary, keep: Keep): boolean {
  switch (keep) {
    case 'all':
      return true
    case 'enabled':
      return rule.enabled
    case 'disabled':
      return !rule.enabled
    case 'alerting':
      return rule.alerts > 0
    case 'silent':
      return rule.alerts === 0
    case 'scheduled':
      return isScheduled(rule)
    case 'slow':
      return rule.slow !== null
    case 'unreachable':
      return !rule.reachable
  }
}

/** Rules that fit, most urgent level first, then those with most alerts, then by title. */
export function shownRules(rules: readonly RuleSummary[], filter: RuleFilter): RuleSummary[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean)
  const least = severityRank(filter.atLeast)
  return rules
    .filter((rule) => {
      if (
        severityRank(rule.level) < least ||
        !kept(rule, filter.keep) ||
        (filter.logsource !== '' && rule.logsource !== filter.logsource) ||
        (filter.folder !== '' && rule.folder !== filter.folder)
      )
        return false
      if (words.length === 0) return true
      const text = `${rule.title} ${rule.id} ${rule.file} ${rule.logsource} ${rule.attack.join(' ')}`.toLowerCase()
      return words.every((word) => text.includes(word))
    })
    .sort(
      (a, b) =>
        severityRank(b.level) - severityRank(a.level) ||
        b.alerts - a.alerts ||
        (a.title < b.title ? -1 : a.title > b.title ? 1 : 0),
    )
}

/** Log sources there are, most rules first. */
export function logsources(rules: readonly RuleSummary[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const { logsource } of rules) counts.set(logsource, (counts.get(logsource) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([name]) => name)
}

/** A filter kept in a route; nonsense is left out. */
export function filterOfParams(params: Readonly<Record<string, string>>): RuleFilter {
  return {
    text: params['q'] ?? '',
    atLeast: SEVERITIES.find((severity) => severity === params['level']) ?? 'info',
    logsource: params['logsource'] ?? '',
    keep: KEEP.find((keep) => keep === params['keep']) ?? 'all',
    folder: params['folder'] ?? '',
  }
}
export const paramsOfFilter = ({ text, atLeast, logsource, keep, folder }: RuleFilter): Record<string, string> => ({
  q: text,
  level: atLeast === 'info' ? '' : atLeast,
  logsource,
  keep: keep === 'all' ? '' : keep,
  folder,
})

/** Its last part: `Web servers`. */
export const folderName = (folder: string): string => folder.split(/[\\/]/).findLast((part) => part !== '') ?? folder

/** A rule's file below its folder: `web/scanner.yml`. */
export const fileIn = ({ file, folder }: Pick<RuleSummary, 'file' | 'folder'>): string =>
  file.startsWith(folder) && /^[\\/]/.test(file.slice(folder.length)) ? file.slice(folder.length + 1) : file
