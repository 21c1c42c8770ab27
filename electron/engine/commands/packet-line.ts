/** A packet of the list as a terminal has it. */
import type { PacketRow } from '../../../shared/model/capture.ts'
import { terminalLine } from './terminal-text.ts'

/** The time that others are relative to: of the capture's first packet. */
export interface FirstTime {
  readonly firstSeconds: number
  readonly firstNanos: number
  /** Digits that times have: 6 or 9. */
  readonly finest: number
}

/** Number, seconds since the first packet, source → destination, protocol, length, and what the packet says. */
export function packetLine(row: PacketRow, first: FirstTime, numberWidth: number): string {
  const time = relativeTime(row, first) ?? ''
  const shown = time === '' ? '' : time.slice(0, first.finest - 9 || undefined)
  return terminalLine(
    `${String(row.number).padStart(Math.max(5, numberWidth))} ${shown.padStart(first.finest + 4)} ${row.source} → ${row.destination} ${row.protocol} ${row.wire} ${row.info}`,
  )
}

/** Times in seconds with nine decimals, as text; null where the file states none. */
export const packetJson = (row: PacketRow, first: FirstTime): object => ({
  number: row.number,
  time: row.seconds === null ? null : decimal(row.seconds, row.nanos),
  relativeTime: relativeTime(row, first),
  source: row.source,
  sourcePort: row.sourcePort,
  destination: row.destination,
  destinationPort: row.destinationPort,
  protocol: row.protocol,
  length: row.wire,
  captured: row.captured,
  info: row.info,
  flow: row.flow,
  direction: row.direction,
  signs: row.signs,
  comments: row.comments,
})

function relativeTime({ seconds, nanos }: PacketRow, { firstSeconds, firstNanos }: FirstTime): string | null {
  if (seconds === null || Number.isNaN(firstSeconds)) return null
  let whole = seconds - firstSeconds
  let rest = nanos - firstNanos
  if (rest < 0) {
    whole -= 1
    rest += 1_000_000_000
  }
  return decimal(whole, rest)
}

/** `nanos` count upwards, also where the seconds are before 1970 or before the first packet: -1 s and 0.75 s are -0.25 s. */
function decimal(seconds: number, nanos: number): string {
  if (seconds >= 0 || nanos === 0) return `${seconds}.${String(nanos).padStart(9, '0')}`
  const whole = -seconds - 1
  return `-${whole}.${String(1_000_000_000 - nanos).padStart(9, '0')}`
}
