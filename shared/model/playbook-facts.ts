/** What conditions of playbooks can speak of. The incident says what of it is known; what is not known answers nothing. */
import { z } from 'zod'
import { IMPACTS } from './impact.ts'
import { SEVERITIES } from './severity.ts'

export type FactType =
  | { readonly kind: 'number' }
  | { readonly kind: 'yesno' }
  /** One of the values; `ordered` ones can be compared, the first is the least. */
  | { readonly kind: 'value'; readonly values: readonly string[]; readonly ordered: boolean }
  | { readonly kind: 'list' }

export interface FactDefinition {
  readonly type: FactType
  readonly doc: string
}
const number = (doc: string): FactDefinition => ({ type: { kind: 'number' }, doc })
const yesno = (doc: string): FactDefinition => ({ type: { kind: 'yesno' }, doc })
const list = (doc: string): FactDefinition => ({ type: { kind: 'list' }, doc })
const ordered = (values: readonly string[], doc: string): FactDefinition => ({
  type: { kind: 'value', values, ordered: true },
  doc,
})

export const FACTS = {
  impact: ordered(IMPACTS, 'The most harmful result of impact verification among the alerts of the incident.'),
  'impact.confidence': number('Its confidence, 0 to 1.'),
  severity: ordered(SEVERITIES, 'The severity of the incident.'),
  classes: list('Attack classes of its alerts.'),
  techniques: list('ATT&CK techniques of its alerts.'),
  tags: list('Tags of the incident.'),
  'alerts.count': number('Alerts of the incident.'),
  'alerts.open': number('Those that are not decided.'),
  'alerts.succeeded': number('Those whose impact is likely or succeeded.'),
  'alerts.quiet_minutes': number('Minutes since the last event of one of its alerts.'),
  'asset.criticality': ordered(['low', 'medium', 'high', 'critical'], 'The highest criticality among its assets.'),
  'asset.count': number('Registered assets of the incident.'),
  'asset.exposure': {
    type: { kind: 'value', values: ['unknown', 'not_affected', 'fixed', 'exposed'], ordered: false },
    doc: 'Whether the inventory says that an asset has the weakness the attack was for.',
  },
  'weakness.known_exploited': yesno('One of the weaknesses is in the catalogue of known exploited ones.'),
  'hosts.count': number('Hosts among the entities.'),
  'users.count': number('Accounts among the entities.'),
  'evidence.count': number('Items of evidence.'),
  'customer.known': yesno('The incident has a customer.'),
  'customer.told': yesno('The customer has been told of it.'),
} as const satisfies Record<string, FactDefinition>

export type FactName = keyof typeof FACTS
export const FACT_NAMES = Object.keys(FACTS) as readonly FactName[]
export const isFactName = (name: string): name is FactName => Object.hasOwn(FACTS, name)

export const FactValue = z.union([z.number(), z.boolean(), z.string().max(256), z.array(z.string().max(256)).max(1000)])
export type FactValue = z.infer<typeof FactValue>
/** What is known. */
export type Facts = Readonly<Partial<Record<FactName, FactValue>>>
