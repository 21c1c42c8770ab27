/** NTP version 4 (RFC 5905). */
import type { Micros } from '../../../../shared/model/time.ts'
import { concat, raw, u32, type Payload } from '../payload.ts'

function stamp(at: Micros): Uint8Array {
  const seconds = Math.floor(at / 1_000_000)
  return concat(u32(seconds + 2208988800), u32(Math.floor(((at - seconds * 1_000_000) / 1_000_000) * 4294967296)))
}
const NEVER = new Uint8Array(8)

export const ntpRequest = (at: Micros): Payload =>
  raw(concat(Uint8Array.of(0x23, 0, 6, 0xec), new Uint8Array(12), NEVER, NEVER, NEVER, stamp(at)))
export const ntpReply = (asked: Micros, at: Micros, stratum: number, reference: readonly number[]): Payload =>
  raw(
    concat(
      Uint8Array.of(0x24, stratum, 6, 0xec),
      u32(0x00000120),
      u32(0x00000340),
      Uint8Array.from(reference),
      stamp(at - 64_000_000),
      stamp(asked),
      stamp(at - 30),
      stamp(at),
    ),
  )
