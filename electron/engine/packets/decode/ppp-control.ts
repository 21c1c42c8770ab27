/** The messages that PPP's control protocols have in common (RFC 1661, section 5). */
import type { Packet } from './packet.ts'

const CODES = [
  'Vendor Specific',
  'Configuration Request',
  'Configuration Ack',
  'Configuration Nak',
  'Configuration Reject',
  'Termination Request',
  'Termination Ack',
  'Code Reject',
  'Protocol Reject',
  'Echo Request',
  'Echo Reply',
  'Discard Request',
] as const

export const controlLine = (p: Packet, at: number, end: number): string =>
  at < end ? (CODES[p.data[at]!] ?? `Code ${p.data[at]!}`) : 'Configuration'
