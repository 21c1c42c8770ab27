/** Fields that a filter of the queue may name, for completion. */
import { SEVERITIES } from '../../../shared/model/severity.ts'
import { VERDICTS } from '../../../shared/model/alert.ts'
import type { KnownField } from '../../../shared/query/complete.ts'

const field = (name: string, type: string, doc: string): KnownField => ({ name, type, doc, indexed: true })

export const ALERT_FIELDS: readonly KnownField[] = [
  field('severity', 'keyword', 'critical, high, medium, low or info; can be compared: severity>=high.'),
  field('kind', 'keyword', 'sig: a signature, rule: a rule, scn: a scenario.'),
  field('detection', 'keyword', "The detection's id: gid:sid or the rule's id."),
  field('title', 'text', "The detection's title."),
  field('src.ip', 'ip', 'Source address.'),
  field('dst.ip', 'ip', 'Destination address.'),
  field('asset', 'keyword', 'The asset that is attacked.'),
  field('user', 'keyword', 'User of a host event.'),
  field('attack', 'list', 'ATT&CK ids.'),
  field('category', 'keyword', "The signature's category."),
  field('count', 'number', 'Events in the alert.'),
  field('state', 'keyword', 'open, snoozed or decided.'),
  field('owner', 'keyword', 'Who has taken it.'),
  field('verdict', 'keyword', 'What was decided.'),
]

const VALUES: Readonly<Record<string, readonly string[]>> = {
  severity: SEVERITIES.toReversed(),
  kind: ['sig', 'rule', 'scn'],
  state: ['open', 'snoozed', 'decided'],
  verdict: VERDICTS,
}

/** Values of fields that have few: what completion offers before it has asked for their counts. */
export const fixedValues = (name: string): readonly string[] => (Object.hasOwn(VALUES, name) ? (VALUES[name] ?? []) : [])
