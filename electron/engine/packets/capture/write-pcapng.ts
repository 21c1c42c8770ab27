/**
 * Writes pcapng (https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-02.html), little-endian, with nanosecond times, to be
 * taken away in pieces: nothing of the file is kept. For carved files and for what is given to the dissectors.
 */

/** What the file says of itself. */
export interface SectionTexts {
  readonly comments?: readonly string[]
  readonly hardware?: string | null
  readonly system?: string | null
  /** Name of the program that wrote it. */
  readonly application?: string | null
}
export interface InterfaceTexts {
  /** LINKTYPE_ number. */
  readonly linkType: number
  /** 0 where it is not limited. */
  readonly snapLength?: number
  readonly name?: string | null
  readonly description?: string | null
  readonly filter?: string | null
  readonly system?: string | null
  readonly hardware?: string | null
}
export interface WrittenPacket {
  readonly bytes: Uint8Array
  /** Bytes there were on the wire. */
  readonly wire: number
  /** Whole seconds since 1970; NaN where no time is known. */
  readonly seconds: number
  readonly nanos: number
  readonly comments?: readonly string[]
}

/** A block that Wireshark numbers with the packets, though it is none. */
export interface WrittenRecord {
  readonly type: number
  readonly enterprise: number | null
  readonly bytes: Uint8Array
}

const BLOCK = { section: 0x0a0d0d0a, interface: 1, simple: 3, enhanced: 6, journal: 9, secrets: 10 } as const
const OPTION = { comment: 1, hardware: 2, system: 3, application: 4, name: 2, description: 3, resolution: 9, filter: 11, shift: 14 } as const // prettier-ignore
const INTERFACE_SYSTEM = 12
const INTERFACE_HARDWARE = 15
/** `TLSK`: lines of an NSS key log (section 4.7). */
const TLS_KEY_LOG = 0x544c_534b
const MOST_OPTION = 65_532
/** Readers distrust long blocks; a key log is cut at its lines. */
const MOST_SECRETS = 4 << 20
/** Seconds whose nanoseconds fit 64 bits go without a shift (if_tsoffset); it comes in steps of this. */
const MOST_SECONDS = 2 ** 34
/** Sections that are begun for packets without a time. */
const MOST_SECTIONS = 1000
/** Said in a comment where the format wants a time and there is none. */
export const NO_TIME = 'No time is known of this packet.'

/** Custom blocks (section 4.8): that may be copied, and that may not. */
const CUSTOM: ReadonlySet<number> = new Set([0x0000_0bad, 0x4000_0bad])

/** What kind of record it is: `before` are the 12 bytes in front of its content. Null where they say nothing of the kind. */
export function recordKind(before: Uint8Array): { readonly type: number; readonly enterprise: number | null } | null {
  if (before.length < 12) return null
  const view = new DataView(before.buffer, before.byteOffset, 12)
  for (const little of [true, false]) {
    const type = view.getUint32(0, little)
    if (CUSTOM.has(type)) return { type, enterprise: view.getUint32(8, little) }
    if (view.getUint32(4, little) === BLOCK.journal) return { type: BLOCK.journal, enterprise: null }
  }
  return null
}

const encoder = new TextEncoder()

export class PcapngWriter {
  #buffer = new Uint8Array(1 << 16)
  #view = new DataView(this.#buffer.buffer)
  #length = 0
  #taken = 0
  readonly #described: InterfaceTexts[] = []
  #sections = 0
  /** Numbers in the section: by described interface and shift of its clock. */
  readonly #numbers = new Map<string, number>()

  constructor(section: SectionTexts = {}) {
    this.#section(section)
  }

  /** Bytes that wait to be taken. */
  get pending(): number {
    return this.#length
  }
  /** Bytes of the whole file so far. */
  get written(): number {
    return this.#taken + this.#length
  }

  /** Gives what was written since it was last called. */
  take(): Uint8Array {
    const bytes = this.#buffer.slice(0, this.#length)
    this.#taken += this.#length
    this.#length = 0
    return bytes
  }

  /** Describes an interface; gives the number to name in {@link packet}. */
  interface(texts: InterfaceTexts): number {
    this.#described.push(texts)
    this.#writtenInterface(this.#described.length - 1, 0)
    return this.#described.length - 1
  }

  /** Lines of an NSS key log. They must stand before the packets that they decrypt. */
  secrets(keyLog: string): void {
    const bytes = encoder.encode(keyLog)
    for (let from = 0; from < bytes.length;) {
      let to = Math.min(bytes.length, from + MOST_SECRETS)
      if (to < bytes.length) {
        const line = bytes.lastIndexOf(10, to)
        if (line > from) to = line + 1
      }
      const at = this.#begin(BLOCK.secrets, to - from + 8)
      this.#u32(TLS_KEY_LOG)
      this.#u32(to - from)
      this.#padded(bytes.subarray(from, to))
      this.#end(at)
      from = to
    }
  }

  packet(iface: number, { bytes, wire, seconds, nanos, comments = [] }: WrittenPacket): void {
    const described = this.#described[iface]
    if (described === undefined) throw new Error(`interface ${iface} was not described`)
    const timed = Number.isFinite(seconds)
    const snapLength = described.snapLength ?? 0
    if (!timed && comments.length === 0 && bytes.length === Math.min(wire, snapLength || wire) && this.#isFirst(iface)) {
      // A simple packet has no time.
      const at = this.#begin(BLOCK.simple, bytes.length + 4)
      this.#u32(wire)
      this.#padded(bytes)
      return this.#end(at)
    }
    const shift = timed ? Math.floor(seconds / MOST_SECONDS) * MOST_SECONDS : 0
    const number = this.#writtenInterface(iface, shift)
    const at = this.#begin(BLOCK.enhanced, bytes.length + 20)
    this.#u32(number)
    const count = timed ? BigInt(seconds - shift) * 1_000_000_000n + BigInt(nanos) : 0n
    this.#u32(Number(count >> 32n))
    this.#u32(Number(count & 0xffff_ffffn))
    this.#u32(bytes.length)
    this.#u32(wire)
    this.#padded(bytes)
    const said = timed ? comments : [...comments, NO_TIME]
    for (const comment of said) this.#text(OPTION.comment, comment)
    if (said.length > 0) this.#u32(0)
    this.#end(at)
  }

  /** Whether the interface is the first of its section, of which simple packets are; where it is not, another section is begun. */
  #isFirst(iface: number): boolean {
    if (this.#numbers.get(`${iface} 0`) === 0) return true
    if (this.#sections >= MOST_SECTIONS) return false
    this.#section({})
    this.#writtenInterface(iface, 0)
    return true
  }

  /** A record that is no packet: a custom block of an enterprise (its number), or a journal entry where there is none. */
  record({ type, enterprise, bytes }: WrittenRecord): void {
    const at = this.#begin(type, bytes.length + 4)
    if (enterprise !== null) this.#u32(enterprise)
    this.#padded(bytes)
    this.#end(at)
  }

  #section({ comments = [], hardware, system, application }: SectionTexts): void {
    this.#numbers.clear()
    this.#sections++
    const at = this.#begin(BLOCK.section, 16)
    this.#u32(0x1a2b3c4d)
    this.#u32(1)
    // Its length is not stated: it is written as it comes.
    this.#u32(0xffff_ffff)
    this.#u32(0xffff_ffff)
    for (const comment of comments) this.#text(OPTION.comment, comment)
    this.#text(OPTION.hardware, hardware)
    this.#text(OPTION.system, system)
    this.#text(OPTION.application, application)
    this.#u32(0)
    this.#end(at)
  }

  #writtenInterface(iface: number, shift: number): number {
    const key = `${iface} ${shift}`
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    const number = this.#numbers.size
    this.#numbers.set(key, number)
    const { linkType, snapLength = 0, name, description, filter, system, hardware } = this.#described[iface]!
    const at = this.#begin(BLOCK.interface, 8)
    this.#u32(linkType & 0xffff)
    this.#u32(snapLength)
    this.#text(OPTION.name, name)
    this.#text(OPTION.description, description)
    this.#option(OPTION.resolution, Uint8Array.of(9))
    if (filter) this.#option(OPTION.filter, cut(`\0${filter}`))
    this.#text(INTERFACE_SYSTEM, system)
    this.#text(INTERFACE_HARDWARE, hardware)
    if (shift !== 0) {
      const value = new Uint8Array(8)
      new DataView(value.buffer).setBigInt64(0, BigInt(shift), true)
      this.#option(OPTION.shift, value)
    }
    this.#u32(0)
    this.#end(at)
    return number
  }

  /** Gives where the block begins, for {@link #end}. `body` is how much follows at least. */
  #begin(type: number, body: number): number {
    this.#room(body + 16)
    const at = this.#length
    this.#u32(type)
    this.#u32(0)
    return at
  }

  #end(at: number): void {
    const length = this.#length - at + 4
    this.#u32(length)
    this.#view.setUint32(at + 4, length, true)
  }

  #text(code: number, text: string | null | undefined): void {
    if (text) this.#option(code, cut(text))
  }

  #option(code: number, value: Uint8Array): void {
    this.#u32(code | (value.length << 16))
    this.#padded(value)
  }

  #padded(bytes: Uint8Array): void {
    const length = Math.ceil(bytes.length / 4) * 4
    this.#room(length)
    this.#buffer.set(bytes, this.#length)
    this.#buffer.fill(0, this.#length + bytes.length, this.#length + length)
    this.#length += length
  }

  #u32(value: number): void {
    this.#room(4)
    this.#view.setUint32(this.#length, value >>> 0, true)
    this.#length += 4
  }

  #room(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return
    const larger = new Uint8Array(Math.max(2 * this.#buffer.length, this.#length + bytes))
    larger.set(this.#buffer.subarray(0, this.#length))
    this.#buffer = larger
    this.#view = new DataView(larger.buffer)
  }
}

/** UTF-8 that fits an option, cut between characters. */
function cut(text: string): Uint8Array {
  const bytes = encoder.encode(text)
  if (bytes.length <= MOST_OPTION) return bytes
  let to = MOST_OPTION
  while (to > 0 && (bytes[to]! & 0xc0) === 0x80) to--
  return bytes.subarray(0, to)
}
