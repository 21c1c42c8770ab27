/** What scenarios tell the desk: kept in order until the desk has it. */
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
