/** Addresses as a flow's record has them (see flow-record.ts): compared by number, since texts of millions of flows take seconds. */
import { readIpv4, readIpv6 } from '../filter/literals.ts'

export interface RecordAddress {
  readonly family: 4 | 6
  /** IPv4 stands in the last word. */
  readonly words: readonly [number, number, number, number]
}

/** Null where the text is no address. */
export function readAddress(text: string): RecordAddress | null {
  const four = readIpv4(text)
  if (four?.bits === 32) return { family: 4, words: [0, 0, 0, four.address] }
  const six = readIpv6(text)
  if (six?.bits !== 128) return null
  const view = new DataView(six.address.buffer, six.address.byteOffset, 16)
  return { family: 6, words: [view.getUint32(0), view.getUint32(4), view.getUint32(8), view.getUint32(12)] }
}

/** Whether a record's address at word `at` is this one. */
export function isAddressAt(
  words: Uint32Array,
  at: number,
  family: number,
  { family: own, words: wanted }: RecordAddress,
): boolean {
  return (
    family === own &&
    words[at + 3] === wanted[3] &&
    (own === 4 || (words[at] === wanted[0] && words[at + 1] === wanted[1] && words[at + 2] === wanted[2]))
  )
}
