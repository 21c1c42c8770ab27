/** Which playbooks fit an incident, the most fitting first, and why. */
import type { Bilingual, Impact } from '../../../../shared/model/impact.ts'
import type { Playbook } from '../../../../shared/model/playbook.ts'
import { severityRank, type Severity } from '../../../../shared/model/severity.ts'

/** What is known of an incident; null where it is not. */
export interface ProposalFacts {
  /** Attack classes of its alerts. */
  readonly classes: readonly string[]
  /** ATT&CK ids of its alerts: techniques and sub-techniques. */
  readonly techniques: readonly string[]
  readonly tags: readonly string[]
  /** The most harmful among its alerts. */
  readonly impact: Impact | null
  readonly severity: Severity | null
}

export interface ProposalReason {
  readonly kind: 'class' | 'technique' | 'tag' | 'impact' | 'impact_unknown' | 'severity'
  readonly value: string
}

export interface Proposal<P> {
  readonly playbook: P
  /** Higher fits better; only good for comparing. */
  readonly score: number
  readonly reasons: readonly ProposalReason[]
  readonly text: Bilingual
}

const FIRST = { class: 40, technique: 30, tag: 25 } as const
/** What each further one of a kind adds, at most three times. */
const FURTHER = 4
const ONLY_PARENT = 18
const IMPACT = 15
const UNKNOWN_IMPACT = -10

/** Playbooks of which nothing fits are left out; of equal ones the order they came in stays. */
export function proposePlaybooks<P extends Pick<Playbook, 'propose'>>(
  playbooks: readonly P[],
  facts: ProposalFacts,
): Proposal<P>[] {
  return playbooks.flatMap((playbook) => propose(playbook, facts) ?? []).sort((a, b) => b.score - a.score)
}

function propose<P extends Pick<Playbook, 'propose'>>(playbook: P, facts: ProposalFacts): Proposal<P> | null {
  const { classes, techniques, tags, impacts, severity } = playbook.propose
  if (facts.severity !== null && severityRank(facts.severity) < severityRank(severity)) return null
  if (facts.impact !== null && impacts.length > 0 && !impacts.includes(facts.impact)) return null
  const reasons: ProposalReason[] = []
  let score = 0
  const count = (kind: 'class' | 'technique' | 'tag', found: readonly string[], first: number): void => {
    if (found.length === 0) return
    score += first + FURTHER * Math.min(3, found.length - 1)
    for (const value of found) reasons.push({ kind, value })
  }
  const lower = new Set(facts.tags.map((tag) => tag.toLowerCase()))
  const same = techniques.filter((id) => facts.techniques.some((known) => fits(id, known)))
  const related = techniques.filter(
    (id) => !same.includes(id) && facts.techniques.some((known) => id.split('.')[0] === known.split('.')[0]),
  )
  count('class', classes.filter((name) => facts.classes.includes(name)), FIRST.class) // prettier-ignore
  count('technique', same.length > 0 ? same : related, same.length > 0 ? FIRST.technique : ONLY_PARENT)
  count('tag', tags.filter((tag) => lower.has(tag.toLowerCase())), FIRST.tag) // prettier-ignore
  if (reasons.length === 0) return null
  if (impacts.length > 0) {
    score += facts.impact === null ? UNKNOWN_IMPACT : IMPACT
    reasons.push(facts.impact === null ? { kind: 'impact_unknown', value: '' } : { kind: 'impact', value: facts.impact })
  }
  if (facts.severity !== null && severityRank(severity) > 0) {
    score += severityRank(severity)
    reasons.push({ kind: 'severity', value: facts.severity })
  }
  return { playbook, score, reasons, text: reasonText(reasons) }
}

/** A playbook for T1110 fits T1110.003 too; one for T1110.003 does not fit all of T1110. */
const fits = (wanted: string, known: string): boolean => known === wanted || known.startsWith(`${wanted}.`)

const IMPACTS: Readonly<Record<Impact, string>> = {
  blocked: '차단됨',
  failed: '실패',
  attempted: '시도됨(미확인)',
  likely: '성공 유력',
  succeeded: '성공',
}
const SEVERITIES: Readonly<Record<Severity, string>> = {
  info: '정보',
  low: '낮음',
  medium: '중간',
  high: '높음',
  critical: '심각',
}
const words = (table: Readonly<Record<string, string>>, value: string): string =>
  Object.hasOwn(table, value) ? table[value]! : value

function reasonText(reasons: readonly ProposalReason[]): Bilingual {
  const values = (kind: ProposalReason['kind']): string[] =>
    reasons.filter((reason) => reason.kind === kind).map(({ value }) => value)
  const parts: { en: string; ko: string }[] = []
  const say = (found: readonly string[], en: string, ko: string, korean = found): void => {
    if (found.length > 0) parts.push({ en: `${en} ${found.join(', ')}`, ko: `${ko} ${korean.join(', ')}` })
  }
  const classes = values('class').map((name) => name.replaceAll('_', ' '))
  say(classes, 'attack:', '공격 유형:')
  say(values('technique'), 'technique:', '기법:')
  say(values('tag'), 'tag:', '태그:')
  const impact = values('impact')
  say(impact, 'impact:', '영향:', impact.map((value) => words(IMPACTS, value))) // prettier-ignore
  if (values('impact_unknown').length > 0) parts.push({ en: 'impact not verified yet', ko: '영향 미검증' })
  const severity = values('severity')
  say(severity, 'severity:', '등급:', severity.map((value) => words(SEVERITIES, value))) // prettier-ignore
  return { en: parts.map(({ en }) => en).join('; '), ko: parts.map(({ ko }) => ko).join('; ') }
}
