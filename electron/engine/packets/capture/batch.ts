/** Packets as a reader finds them: where their bytes lie, how long they are, when they were seen. Columns, no object for each. */

/** One capture interface of a file (a classic pcap file has one). */
export interface CaptureInterface {
  /** LINKTYPE_ number (https://www.tcpdump.org/linktypes.html). */
  readonly linkType: number
  /** Longest capture in bytes; 0 where it is not limited. */
  readonly snapLength: number
  readonly name: string | null
  readonly description: string | null
  readonly filter: string | null
  readonly system: string | null
  readonly hardware: string | null
}

/** Why reading ended before the end of the file, and at which byte of it. */
export interface Stopped {
  readonly offset: number
  readonly reason: string
}

/** What a file says besides its packets. */
export interface Remark {
  readonly kind: 'comment' | 'name' | 'secret'
  /** Of the packet the comment is about; null where it is about the section or an interface. */
  readonly packet: number | null
  /** A name's address, a secret's type. */
  readonly about: string
  readonly text: string
}

/** Of records that are no packets: custom blocks and journal entries of pcapng, which are numbered with the packets as in Wireshark. */
export const NO_INTERFACE = 0xffff_ffff

/** Columns of one batch; only the first `length` of each are meant. Reused: take what you need before the next one. */
export class PacketBatch {
  readonly capacity: number
  length = 0
  /** Number of the batch's first packet in the file, from 0. */
  first = 0
  /** Byte of the (uncompressed) file at which the packet's data begins. */
  readonly offsets: Float64Array
  /** Bytes that were captured, and bytes there were. */
  readonly captured: Uint32Array
  readonly wire: Uint32Array
  /** Whole seconds since 1970 UTC, and nanoseconds; NaN and 0 where the file states no time. */
  readonly seconds: Float64Array
  readonly nanos: Uint32Array
  /** Index into the file's interfaces, or {@link NO_INTERFACE}. */
  readonly interfaces: Uint32Array

  constructor(capacity = 16_384) {
    this.capacity = capacity
    this.offsets = new Float64Array(capacity)
    this.captured = new Uint32Array(capacity)
    this.wire = new Uint32Array(capacity)
    this.seconds = new Float64Array(capacity)
    this.nanos = new Uint32Array(capacity)
    this.interfaces = new Uint32Array(capacity)
  }

  get full(): boolean {
    return this.length >= this.capacity
  }

  /** Begins the next batch. */
  clear(): void {
    this.first += this.length
    this.length = 0
  }

  add(offset: number, captured: number, wire: number, seconds: number, nanos: number, iface: number): void {
    const i = this.length++
    this.offsets[i] = offset
    this.captured[i] = captured
    this.wire[i] = wire
    this.seconds[i] = seconds
    this.nanos[i] = nanos
    this.interfaces[i] = iface
  }
}

/** Longest packet that is read, as Wireshark has it: what states more is damaged. */
export const MOST_CAPTURED = 262_144

/** Reads one format. Bytes come in stretches of any size; what a stretch cuts off comes again at the beginning of the next. */
export interface CaptureReader {
  readonly interfaces: readonly CaptureInterface[]
  readonly remarks: readonly Remark[]
  /** Set once nothing more can be read. */
  readonly stopped: Stopped | null
  /**
   * Reads the whole records of `bytes`, whose first byte is byte `offset` of the file, until the batch is full. Gives how many
   * bytes it is done with.
   */
  read(bytes: Uint8Array, offset: number, batch: PacketBatch): number
  /** The file ends with these bytes, which are no whole record. */
  end(bytes: Uint8Array, offset: number): void
}
