/** What a proposal is made of: an incident's alerts with what verification says of them, and what the inventory says of the hosts. */
import type { Alert } from '../../../../shared/model/alert.ts'
import type { ImpactFinding, Verification } from '../../../../shared/model/impact.ts'
import type { Edge, Entity, RouteSentence } from '../../../../shared/model/incident.ts'

export type MaterialAlert = Pick<
  Alert,
  'id' | 'kind' | 'title' | 'attack' | 'source' | 'destination' | 'asset' | 'user' | 'first' | 'last'
> & {
  /** The standing result; null until it was verified. */
  readonly verification:
    | (Pick<Verification, 'result' | 'confidence'> & {
        readonly findings: readonly Pick<ImpactFinding, 'test' | 'result' | 'confidence' | 'reason' | 'cites'>[]
      })
    | null
  /** Of what records a login: its event. */
  readonly login: { readonly event: string; readonly user: string; readonly accepted: boolean } | null
}

/** A host of the inventory, under every name and address that it is known by. */
export interface MaterialHost {
  readonly asset: string
  readonly name: string
  readonly names: readonly string[]
  readonly addresses: readonly string[]
  readonly zone: string
  readonly weaknesses: readonly {
    readonly cve: string
    readonly score: number | null
    readonly exploited: boolean
    readonly epss: number | null
    readonly remedy: string
  }[]
}

export interface Material {
  readonly alerts: readonly MaterialAlert[]
  readonly hosts: readonly MaterialHost[]
  /** Addresses of the alerts that are ours. */
  readonly ours: readonly string[]
}

export type ProposedEntity = Omit<Entity, 'written'>
export type ProposedEdge = Omit<Edge, 'written'>
export type ProposedSentence = Omit<RouteSentence, 'written'>

export interface Proposal {
  readonly entities: readonly ProposedEntity[]
  readonly edges: readonly ProposedEdge[]
  readonly sentences: readonly ProposedSentence[]
  /** Bracket of the timeline, by alert. */
  readonly groups: Readonly<Record<string, string>>
  /** First record of a step; null where there is none. */
  readonly occurred: string | null
}
