/** What happens in the demonstration, before any log format has a say in it. */
import type { Micros } from '../../../shared/model/time.ts'
import type { Flow } from './flow.ts'
import type { Host } from './world.ts'

export interface SyslogFact {
  readonly kind: 'syslog'
  readonly at: Micros
  readonly host: string
  readonly program: string
  readonly pid: number | null
  readonly facility: number
  readonly severity: number
  readonly message: string
  /** Set for devices that write RFC 5424. */
  readonly structured?: { readonly messageId: string; readonly data: Readonly<Record<string, string>> }
}
export interface WindowsFact {
  readonly kind: 'windows'
  readonly at: Micros
  readonly host: Host
  readonly channel: string
  readonly provider: string
  readonly eventId: number
  readonly task: string
  /** What the event viewer shows; the task where it is not given. */
  readonly message?: string
  readonly level: 'information' | 'warning' | 'error'
  readonly data: Readonly<Record<string, string>>
  readonly keywords?: string
}
export interface FlowFact {
  readonly kind: 'flow'
  readonly flow: Flow
}
export type Fact = SyslogFact | WindowsFact | FlowFact
