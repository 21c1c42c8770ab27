/**
 * What tests read of an alert: gathered once, bounded, plain data. A test sees nothing else, so it can be run again over the same case
 * and says the same.
 */
import type { Cite, Impact } from '../../../shared/model/impact.ts'
import type { FieldValue } from '../../../shared/model/event.ts'
import type { AttackClass } from './attack-class.ts'
import type { Octets } from './octets.ts'

export interface CaseEvent {
  readonly id: string
  /** Microseconds since 1970. */
  readonly time: number
  readonly type: string
  readonly format: string
  readonly source: string
  readonly fields: Readonly<Record<string, FieldValue>>
}

export interface CaseEnd {
  readonly ip: string | null
  readonly port: number | null
  readonly name: string | null
}

/** A request of HTTP with its answer, from packets, or from what a sensor wrote. */
export interface Exchange {
  /** Microseconds. */
  readonly time: number
  readonly client: string
  readonly server: string
  readonly method: string
  readonly host: string
  /** Path and query as sent. */
  readonly url: string
  readonly userAgent: string
  /** Head and body of the request as bytes, where they were seen. */
  readonly request: Octets | null
  readonly requestBody: Octets | null
  /** Null where no answer was seen; then `answered` says whether anybody knows. */
  readonly status: number | null
  readonly contentType: string
  /** Bytes of the answer's body; null where not known. */
  readonly length: number | null
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Octets | null
  /** Where it is known from. */
  readonly cites: readonly Cite[]
  /** True where an alert was raised on it; false for others of the same flow. */
  readonly own: boolean
}

/** What a flow carried, both ways, up to a bound. */
export interface Conversation {
  readonly client: CaseEnd
  readonly server: CaseEnd
  readonly transport: string
  readonly state: string
  readonly sent: Octets
  readonly answered: Octets
}

export interface CaseService {
  readonly port: number | null
  readonly transport: string
  readonly name: string
  readonly product: string
  readonly version: string
  /** Place in the inventory, for a cite. */
  readonly row: string
  readonly observed: boolean
}

export interface CaseWeakness {
  readonly cve: string
  readonly state: 'exposed' | 'not_affected' | 'fixed' | 'unknown'
  readonly row: string
}

export interface CaseAsset {
  readonly id: string
  readonly name: string
  readonly os: string
  readonly criticality: string
  readonly registered: boolean
  readonly services: readonly CaseService[]
  readonly weaknesses: readonly CaseWeakness[]
}

/** Another target of the same attacker, by the same detection. */
export interface OtherTarget {
  readonly alert: string
  readonly target: string
  readonly result: Impact | null
}

/** How large answers of a URL usually are: of those to others, before. */
export interface UsualAnswer {
  readonly path: string
  readonly answers: number
  /** Bytes. */
  readonly median: number
  readonly largest: number
}

export interface ImpactCase {
  readonly alert: {
    readonly id: string
    readonly kind: 'sig' | 'rule' | 'scn'
    readonly detection: string
    readonly title: string
    readonly category: string
    readonly attack: readonly string[]
    readonly description: string
    /** CVE ids that the rule or signature names. */
    readonly cves: readonly string[]
    /** Microseconds. */
    readonly first: number
    readonly last: number
    readonly count: number
    readonly user: string | null
  }
  /** What was tried. */
  readonly attackClass: AttackClass | null
  /** The end that is attacked, and the other one. For a call out of a host that was taken over, the host is the target. */
  readonly target: CaseEnd
  readonly attacker: CaseEnd
  /** Events that the alert was raised from, the first and the last of them. */
  readonly own: readonly CaseEvent[]
  /** Further events of the same flows (same Community ID, or addresses and ports). */
  readonly flow: readonly CaseEvent[]
  readonly exchanges: readonly Exchange[]
  readonly conversations: readonly Conversation[]
  /** Events between the two in the hour before the first, oldest first. */
  readonly before: readonly CaseEvent[]
  /** Events of the target (its addresses, its host name) from the first to an hour behind the last, oldest first. */
  readonly after: readonly CaseEvent[]
  /** Addresses and names that the target had called before the alert, among those that it called after it. */
  readonly knownPeers: ReadonlySet<string>
  /** Ports that the target had answered on before, among those that it answered on after. */
  readonly knownPorts: ReadonlySet<number>
  readonly usual: readonly UsualAnswer[]
  readonly otherTargets: readonly OtherTarget[]
  readonly asset: CaseAsset | null
  /** Networks that belong to us hold an address: private ones, and those of registered customers. */
  readonly isOurs: (ip: string) => boolean
  /** False where the alert has more events or exchanges than were gathered. */
  readonly complete: boolean
}
