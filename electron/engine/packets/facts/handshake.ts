/** What is kept of a TCP flow that has carried nothing yet: of most flows of a scan there is never more. */
import type { Packet } from '../decode/packet.ts'

const FIN = 1
const SYN = 2
const ACK = 16

export class Handshake {
  /** Sequence numbers of the first byte of either direction, 0 from the client; -1 where they were not seen. */
  readonly begins: [number, number] = [-1, -1]
  /** Port of who was asked; -1 where nobody was. */
  serverPort = -1

  /** Takes a packet without payload. False where it says more than what is kept here. */
  take(p: Packet, direction: 0 | 1): boolean {
    const { flags } = p
    if (flags & FIN) return false
    const other = this.begins[direction === 0 ? 1 : 0]
    // Bytes are acknowledged that were not seen.
    if (flags & ACK && other >= 0 && p.ack !== other) return false
    if (flags & SYN) {
      if (this.begins[direction] < 0) this.begins[direction] = (p.seq + 1) >>> 0
      if (this.serverPort < 0) this.serverPort = flags & ACK ? p.sourcePort : p.destinationPort
    }
    return true
  }
}
