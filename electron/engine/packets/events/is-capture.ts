import { pcapReader } from '../capture/pcap.ts'
import { SECTION_MAGIC } from '../capture/pcapng.ts'

/** True where an uncompressed file begins like a packet capture. */
export function isCapture(head: Uint8Array): boolean {
  if (head.length < 24) return false
  const view = new DataView(head.buffer, head.byteOffset, head.length)
  return view.getUint32(0, true) === SECTION_MAGIC || pcapReader(head) !== null
}
