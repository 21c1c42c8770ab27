/** IPv6 extension headers of the common form: next header, length in units of 8 bytes without the first (RFC 8200, section 4). */
import { TABLE } from './dispatch.ts'
import type { Packet } from './packet.ts'

/** Moves behind the header and goes on with what it says follows. `unit` and `first` are bytes. */
export function skipExtension(p: Packet, unit = 8, first = 8): void {
  if (!p.has(first)) return
  const next = p.data[p.at]!
  const length = first + p.data[p.at + 1]! * unit
  if (!p.has(length)) return
  p.at += length
  goToNext(p, next)
}

export function goToNext(p: Packet, next: number): void {
  if (!p.quoted) p.transport = next
  p.goTo(TABLE.ip, next)
}
