/**
 * What makes events of messages. One `logs/*.log.ts` file default-exports `defineLog({...})` for each kind of event (the names are
 * Zeek's: a log); `logs.ts` finds them. A log remembers what it must of a flow (a question without its answer) and says an event
 * when it is complete. Facts come from captures, which may hold anything: what is remembered is bounded, nothing is thrown.
 */
import { fields } from '../decode/registry.ts'
import { valueText } from '../facts/value-text.ts'
import type { PacketFact } from '../facts/packet-facts.ts'
import type { TransferredFile } from './transferred-file.ts'

/** A packet, and when it was seen. Seconds since 1970 UTC, NaN where the capture states no time. */
export interface Moment {
  /** Index from 0. */
  readonly packet: number
  readonly seconds: number
  readonly nanos: number
}
export const secondsBetween = (from: Moment, to: Moment): number | undefined => {
  const passed = to.seconds - from.seconds + (to.nanos - from.nanos) / 1e9
  return Number.isNaN(passed) ? undefined : Math.round(passed * 1e6) / 1e6
}

/** Which flow an event is of. */
export interface FlowName {
  /** Number in the capture, from 0. */
  readonly flow: number
  readonly transport: string
  readonly clientAddress: string
  readonly serverAddress: string
  readonly serverPort: number
  /** Its fields in JSON, as they stand in every event of it. */
  readonly json: string
}

/** What the messages that one packet completes said. Good until `take` returns. */
export interface Said {
  readonly at: Moment
  /** 0 from the client. */
  readonly direction: 0 | 1
  readonly flow: FlowName
  /** Numbers of the protocols. */
  readonly layers: readonly number[]
  readonly facts: readonly PacketFact[]
  /** What was transferred; each is an event of its own already. */
  readonly files: readonly TransferredFile[]
}

export type EventValue = string | number | boolean | readonly string[] | readonly number[] | undefined | null
export type EventValues = Readonly<Record<string, EventValue>>

/** Where events go. What is undefined, null or empty is left out of them. */
export type Emit = (type: string, at: Moment, flow: FlowName, values: EventValues) => void

export interface LogDefinition<S> {
  /** Name of the log: type of its events. */
  readonly id: string
  /** Protocols by Wireshark's names: packets that have one are shown to it. */
  readonly protocols: readonly string[]
  /** What it remembers: of one flow, or of all (`shared`). */
  begin(): S
  readonly shared?: boolean
  take(said: Said, state: S, emit: Emit): void
  /** Nothing more comes: what is incomplete is said as it is. */
  end?(state: S, emit: Emit): void
}
/** A log whose state only it knows. */
export type EventLog = LogDefinition<unknown>

export const defineLog = <S>(definition: LogDefinition<S>): EventLog => definition as unknown as EventLog

const names = fields.map(({ name }) => name)
/** Wireshark's name of a fact's field. */
export const nameOf = ({ field }: PacketFact): string => names[field] ?? ''
/** Its value as text. */
export const textOf = ({ field, value }: PacketFact): string => valueText(fields[field]?.type ?? 'text', value)
/** Its value as a number; 0 where it is none. */
export const numberOf = ({ value }: PacketFact): number =>
  typeof value === 'number' ? value : typeof value === 'bigint' ? Number(value) : value === true ? 1 : 0
