/** What scenarios tell the desk: kept in order until the desk has it. */
import type { DetectionKind, DetectionText } from '../../../../shared/model/alert.ts'
import type { HitGroup } from '../batch.ts'

/** Days of receipt begin with 1970: no partition has this one, and hits of scenarios are counted by it. */
export const SCENARIO_DAY = -1

/** Event, time in microseconds, id of the rule that it fulfilled. */
export type ToldStep = readonly [event: number, time: number, rule: string]

export type Told =
  | {
      readonly kind: 'found'
      readonly scenario: string
      readonly match: number
      /** Field and value, in the scenario's order. */
      readonly group: readonly (readonly [string, string])[]
      readonly fulfilled: number
      /** Of the whole match. */
      readonly first: number
      readonly last: number
      /** Events that joined it since it was told last. */
      readonly count: number
      /** The first of them. */
      readonly steps: readonly ToldStep[]
      readonly parties: Pick<HitGroup, 'source' | 'destination' | 'asset' | 'user'>
    }
  /** Late records have shown that the condition does not hold. */
  | { readonly kind: 'withdrawn'; readonly scenario: string; readonly match: number }
  /** A rule or scenario that was run over history found it. */
  | ({ readonly kind: 'later' } & { readonly hit: LaterHit })

/** What raises an alert that was found later. */
export interface LaterHit extends Pick<HitGroup, 'source' | 'destination' | 'asset' | 'user'> {
  readonly key: string
  readonly kind: DetectionKind
  readonly detection: string
  readonly title: string
  /** 0-4. */
  readonly severity: number
  readonly attack: readonly string[]
  readonly count: number
  readonly first: number
  readonly last: number
  readonly slots: readonly (readonly [slot: number, count: number])[]
  readonly steps: readonly ToldStep[]
  readonly group: readonly (readonly [string, string])[]
  readonly text: DetectionText | null
}
