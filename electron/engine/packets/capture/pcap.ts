/**
 * Classic pcap files (https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-04.html) and the variants that are met: either byte
 * order, microseconds and nanoseconds, and the longer record headers of a patched libpcap.
 */
import { MOST_CAPTURED, type CaptureInterface, type CaptureReader, type PacketBatch, type Remark, type Stopped } from './batch.ts'

const FILE_HEADER = 24

interface Variant {
  readonly nanoseconds: boolean
  /** Bytes before each packet. */
  readonly recordHeader: number
}
const VARIANTS: ReadonlyMap<number, Variant> = new Map([
  [0xa1b2c3d4, { nanoseconds: false, recordHeader: 16 }],
  [0xa1b23c4d, { nanoseconds: true, recordHeader: 16 }],
  // Alexey Kuznetzov's patch: interface, protocol and packet type follow the lengths.
  [0xa1b2cd34, { nanoseconds: false, recordHeader: 24 }],
  // Ixia's hardware and software captures: the total length of all records follows the file header.
  [0x1c0001ac, { nanoseconds: true, recordHeader: 16 }],
  [0x1c0001ab, { nanoseconds: true, recordHeader: 16 }],
])
const IXIA: ReadonlySet<number> = new Set([0x1c0001ac, 0x1c0001ab])

/** Link types whose packets may be longer: D-Bus, USBPcap, EBHSCR. */
const LONG: ReadonlyMap<number, number> = new Map([
  [231, 128 << 20],
  [249, 128 << 20],
  [279, 8 << 20],
])

/** Null where the bytes are no classic pcap file. Wants 28 bytes, or the whole file. */
export function pcapReader(bytes: Uint8Array): { readonly reader: CaptureReader; readonly headerBytes: number } | null {
  if (bytes.length < FILE_HEADER) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  for (const little of [true, false]) {
    const magic = view.getUint32(0, little)
    const variant = VARIANTS.get(magic)
    if (!variant) continue
    const major = view.getUint16(4, little)
    const minor = view.getUint16(6, little)
    return {
      reader: new PcapReader(variant, little, {
        // What is above says how long the frame check sequence is.
        linkType: view.getUint32(20, little) & 0x03ff_ffff,
        snapLength: view.getUint32(16, little),
        // Early versions wrote the lengths the other way round; 2.3 was written by programs of both minds.
        lengths: major === 2 && minor === 3 ? 'larger last' : (major === 2 && minor < 3) || major === 543 ? 'swapped' : 'plain',
      }),
      headerBytes: FILE_HEADER + (IXIA.has(magic) ? 4 : 0),
    }
  }
  return null
}

class PcapReader implements CaptureReader {
  readonly interfaces: readonly CaptureInterface[]
  readonly remarks: readonly Remark[] = []
  readonly #little: boolean
  readonly #variant: Variant
  readonly #lengths: 'plain' | 'swapped' | 'larger last'
  readonly #most: number
  #stopped: Stopped | null = null

  constructor(
    variant: Variant,
    little: boolean,
    { linkType, snapLength, lengths }: { linkType: number; snapLength: number; lengths: 'plain' | 'swapped' | 'larger last' },
  ) {
    this.#variant = variant
    this.#little = little
    this.#lengths = lengths
    this.#most = LONG.get(linkType) ?? MOST_CAPTURED
    this.interfaces = [{ linkType, snapLength, name: null, description: null, filter: null, system: null, hardware: null }]
  }

  get stopped(): Stopped | null {
    return this.#stopped
  }

  read(bytes: Uint8Array, offset: number, batch: PacketBatch): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    const little = this.#little
    const { recordHeader, nanoseconds } = this.#variant
    const unit = nanoseconds ? 1 : 1000
    let at = 0
    while (this.#stopped === null && !batch.full && at + recordHeader <= bytes.length) {
      let captured = view.getUint32(at + 8, little)
      let wire = view.getUint32(at + 12, little)
      if (this.#lengths === 'swapped' || (this.#lengths === 'larger last' && captured > wire)) [captured, wire] = [wire, captured]
      if (captured > this.#most) {
        this.#stopped = {
          offset: offset + at,
          reason: `a packet of ${captured} bytes is stated, more than the ${this.#most} there can be`,
        }
        break
      }
      if (at + recordHeader + captured > bytes.length) break
      // A fraction past its second carries over, as clocks of some writers do.
      const fraction = view.getUint32(at + 4, little) * unit
      const carry = fraction >= 1e9 ? Math.floor(fraction / 1e9) : 0
      batch.add(offset + at + recordHeader, captured, wire, view.getUint32(at, little) + carry, fraction - carry * 1e9, 0)
      at += recordHeader + captured
    }
    return at
  }

  end(bytes: Uint8Array, offset: number): void {
    if (bytes.length > 0)
      this.#stopped ??= { offset, reason: `the file ends inside a packet, ${bytes.length} bytes after its beginning` }
  }
}
