/** What an incident says to the conditions of its playbooks. What is not known is left out, and answers nothing. */
import type { Alert } from '../../../../shared/model/alert.ts'
import { IMPACTS, type Impact } from '../../../../shared/model/impact-result.ts'
import type { Incident } from '../../../../shared/model/incident.ts'
import type { Facts } from '../../../../shared/model/playbook-facts.ts'
import { microsFromIso } from '../../../../shared/model/time.ts'
import { attackClassOf } from '../../verify/attack-class.ts'
import type { ProposalFacts } from './propose.ts'

export interface Known {
  readonly incident: Incident
  readonly alerts: readonly Alert[]
  readonly entities: readonly { readonly kind: string }[]
  readonly evidence: number
  /** Milliseconds. */
  readonly now: number
}

const classesOf = (alerts: readonly Alert[]): string[] => [
  ...new Set(alerts.flatMap(({ title, category, attack }) => attackClassOf([title, category ?? ''], attack, []) ?? [])),
]
const techniquesOf = (alerts: readonly Alert[]): string[] => [...new Set(alerts.flatMap(({ attack }) => attack))].slice(0, 500)

export function factsOf({ incident, alerts, entities, evidence, now }: Known): Facts {
  const last = alerts.reduce((latest, alert) => Math.max(latest, microsFromIso(alert.last) ?? 0), 0)
  return {
    severity: incident.severity,
    classes: classesOf(alerts),
    techniques: techniquesOf(alerts),
    tags: incident.tags,
    'alerts.count': alerts.length,
    'alerts.open': alerts.filter(({ state }) => state !== 'decided').length,
    'alerts.succeeded': alerts.filter(({ impact }) => impact?.result === 'succeeded' || impact?.result === 'likely').length,
    'hosts.count': entities.filter(({ kind }) => kind === 'host').length,
    'users.count': entities.filter(({ kind }) => kind === 'user').length,
    'evidence.count': evidence,
    'customer.known': incident.customer !== null,
    ...(last === 0 ? {} : { 'alerts.quiet_minutes': Math.max(0, Math.floor((now * 1000 - last) / 60_000_000)) }),
    ...(incident.impact === null ? {} : { impact: incident.impact.result, 'impact.confidence': incident.impact.confidence }),
  }
}

export const proposalFactsOf = ({ incident, alerts }: Pick<Known, 'incident' | 'alerts'>): ProposalFacts => ({
  classes: classesOf(alerts),
  techniques: techniquesOf(alerts),
  tags: incident.tags,
  impact: incident.impact?.result ?? worst(alerts),
  severity: incident.severity,
})

function worst(alerts: readonly Alert[]): Impact | null {
  const known = alerts.flatMap(({ impact }) => (impact === null ? [] : [impact.result]))
  return known.toSorted((a, b) => IMPACTS.indexOf(b) - IMPACTS.indexOf(a))[0] ?? null
}
