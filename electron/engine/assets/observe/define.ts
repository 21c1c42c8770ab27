/**
 * What an observation is: something that events say of an address without anybody having registered it. One `*.observation.ts` file
 * default-exports `defineObservation({...})`; `registry.ts` finds it by its folder. It imports this file, `reading.ts` and `../cpe/*`,
 * never a sibling.
 */
import type { ServiceTransport } from '../../../../shared/model/asset.ts'
import type { EventRow } from '../../../../shared/model/event.ts'

/** What one event says of one host. Whether the address is one of ours is decided elsewhere. */
export interface Sighting {
  /** '' where only the name is known. */
  readonly address: string
  /** Host name; '' where none is said. */
  readonly name?: string | undefined
  readonly os?: string | undefined
  readonly service?:
    | {
        readonly port: number | null
        readonly transport: ServiceTransport
        readonly name: string
        readonly product: string
        readonly version: string
        readonly cpe?: string | null | undefined
      }
    | undefined
  /** What says so: `http server header`. */
  readonly source: string
}

export interface ObservationDefinition {
  readonly id: string
  readonly title: string
  readonly spec: string
  readonly doc: string
  /** Types of events that it reads, as sources name them. */
  readonly types: readonly string[]
  /** Fields that it reads. */
  readonly fields: readonly string[]
  /** Values are foreign text. Nothing where the event says nothing. */
  learn(event: Pick<EventRow, 'type' | 'format' | 'fields'>): readonly Sighting[]
  readonly examples: readonly {
    readonly name: string
    readonly event: Pick<EventRow, 'type' | 'format' | 'fields'>
    readonly expect: readonly Sighting[]
  }[]
}

export const defineObservation = (definition: ObservationDefinition): ObservationDefinition => definition
