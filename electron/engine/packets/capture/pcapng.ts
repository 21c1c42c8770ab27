/**
 * pcapng files (https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-02.html): any number of sections in either byte order,
 * any number of interfaces, each with its own clock. Blocks that are not known are passed over.
 */
import {
  MOST_CAPTURED,
  NO_INTERFACE,
  type CaptureInterface,
  type CaptureReader,
  type PacketBatch,
  type Remark,
  type Stopped,
} from './batch.ts'
import { MICROSECONDS, timeReader, type CaptureTime, type Resolution } from './time.ts'

export const SECTION_MAGIC = 0x0a0d0d0a
const BYTE_ORDER = 0x1a2b3c4d
const BLOCK = {
  interface: 1,
  packet: 2,
  simple: 3,
  names: 4,
  enhanced: 6,
  journal: 9,
  secrets: 10,
  custom: 0xbad,
  customNotCopied: 0x4000_0bad,
} as const
/** A longer block is damaged: no packet, and no other block that is read, is as long. */
const MOST_BLOCK = 8 << 20
const MOST_INTERFACES = 65_536
/** Comments, names and secrets that are kept; and their bytes. */
const MOST_REMARKS = 100_000
const MOST_REMARK_BYTES = 64 << 20

interface Clocked {
  readonly snapLength: number
  readonly time: ReturnType<typeof timeReader>
}

export class PcapngReader implements CaptureReader {
  readonly interfaces: CaptureInterface[] = []
  readonly remarks: Remark[] = []
  #remarkBytes = 0
  /** Interfaces of this section; the first of them is number `#base` of the file. */
  #section: Clocked[] = []
  #base = 0
  #little = true
  #stopped: Stopped | null = null
  readonly #time: CaptureTime = { seconds: 0, nanos: 0 }
  readonly #decoder = new TextDecoder()

  get stopped(): Stopped | null {
    return this.#stopped
  }

  read(bytes: Uint8Array, offset: number, batch: PacketBatch): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    let at = 0
    while (this.#stopped === null && !batch.full && at + 12 <= bytes.length) {
      const isSection = view.getUint32(at, true) === SECTION_MAGIC
      if (isSection && !this.#beginSection(view, at, offset)) break
      const little = this.#little
      const length = view.getUint32(at + 4, little)
      if (length < 12 || length % 4 !== 0 || length > MOST_BLOCK) {
        this.#stop(offset + at, `a block of ${length} bytes is stated, which cannot be`)
        break
      }
      if (at + length > bytes.length) break
      if (view.getUint32(at + length - 4, little) !== length) {
        this.#stop(offset + at, 'the two lengths of a block are not the same')
        break
      }
      const type = view.getUint32(at, little)
      const body = at + 8
      const end = at + length - 4
      if (isSection) this.#sectionComments(view, body, end)
      else if (type === BLOCK.enhanced || type === BLOCK.packet || type === BLOCK.simple)
        this.#packet(type, view, body, end, offset, batch)
      else if (type === BLOCK.interface) this.#interface(view, body, end, offset + at)
      else if (type === BLOCK.custom || type === BLOCK.customNotCopied) this.#other(body + 4, end, offset, batch)
      else if (type === BLOCK.journal) this.#other(body, end, offset, batch)
      else if (type === BLOCK.names) this.#names(view, body, end)
      else if (type === BLOCK.secrets) this.#secrets(view, body, end)
      if (this.#stopped !== null) break
      at += length
    }
    return at
  }

  end(bytes: Uint8Array, offset: number): void {
    if (bytes.length > 0) this.#stop(offset, `the file ends inside a block, ${bytes.length} bytes after its beginning`)
  }

  #stop(offset: number, reason: string): void {
    this.#stopped ??= { offset, reason }
  }

  /** Reads the byte order of the section that begins at `at`. */
  #beginSection(view: DataView, at: number, offset: number): boolean {
    const little = view.getUint32(at + 8, true) === BYTE_ORDER
    if (!little && view.getUint32(at + 8, false) !== BYTE_ORDER) {
      this.#stop(offset + at, 'a section has no byte order that is known')
      return false
    }
    this.#little = little
    if (at + 16 <= view.byteLength && view.getUint16(at + 12, little) !== 1) {
      this.#stop(offset + at, `a section is of version ${view.getUint16(at + 12, little)}, and only 1 is known`)
      return false
    }
    // A section whose block is cut off is looked at again: that changes nothing more.
    this.#base = this.interfaces.length
    return true
  }

  #sectionComments(view: DataView, body: number, end: number): void {
    this.#section = []
    this.#options(view, body + 16, end, (code, at, length) => {
      if (code === 1) this.#remark('comment', null, '', view, at, length)
    })
  }

  #interface(view: DataView, body: number, end: number, offset: number): void {
    if (end - body < 8) return this.#stop(offset, 'an interface description is too short')
    if (this.interfaces.length >= MOST_INTERFACES) return this.#stop(offset, `more than ${MOST_INTERFACES} interfaces`)
    const little = this.#little
    const snapLength = view.getUint32(body + 4, little)
    let resolution = MICROSECONDS
    let shift = 0
    const texts = new Map<number, string>()
    this.#options(view, body + 8, end, (code, at, length) => {
      if (code === 9 && length >= 1) resolution = resolutionOf(view.getUint8(at))
      else if (code === 14 && length >= 8) {
        const [first, second] = [view.getUint32(at, little), view.getUint32(at + 4, little)]
        const [high, low] = little ? [second, first] : [first, second]
        shift = (high | 0) * 2 ** 32 + low
      } else if (code === 1) this.#remark('comment', null, '', view, at, length)
      else if (code === 11 && length >= 1 && view.getUint8(at) === 0) texts.set(code, this.#text(view, at + 1, length - 1))
      else if (code === 2 || code === 3 || code === 12 || code === 15) texts.set(code, this.#text(view, at, length))
    })
    this.#section.push({ snapLength, time: timeReader(resolution, shift) })
    this.interfaces.push({
      linkType: view.getUint16(body, little),
      snapLength,
      name: texts.get(2) ?? null,
      description: texts.get(3) ?? null,
      filter: texts.get(11) ?? null,
      system: texts.get(12) ?? null,
      hardware: texts.get(15) ?? null,
    })
  }

  #packet(type: number, view: DataView, body: number, end: number, offset: number, batch: PacketBatch): void {
    const little = this.#little
    const simple = type === BLOCK.simple
    const header = simple ? 4 : 20
    const place = offset + body - 8
    if (end - body < header) return this.#stop(place, 'a packet block is too short')
    const number = simple ? 0 : type === BLOCK.packet ? view.getUint16(body, little) : view.getUint32(body, little)
    const of = this.#section[number]
    if (of === undefined) return this.#stop(place, `a packet is of interface ${number}, which its section does not describe`)
    const wire = view.getUint32(simple ? body : body + 16, little)
    const captured = simple
      ? Math.min(wire, of.snapLength > 0 ? of.snapLength : wire, end - body - header)
      : view.getUint32(body + 12, little)
    if (captured > end - body - header)
      return this.#stop(place, `a packet of ${captured} bytes is stated in a block that is shorter`)
    if (captured > MOST_CAPTURED && !LONG_LINKS.has(this.interfaces[this.#base + number]!.linkType))
      return this.#stop(place, `a packet of ${captured} bytes is stated, more than the ${MOST_CAPTURED} there can be`)
    const time = this.#time
    if (simple) {
      time.seconds = NaN
      time.nanos = 0
    }
    if (!simple) of.time(view.getUint32(body + 4, little), view.getUint32(body + 8, little), time)
    const packet = batch.first + batch.length
    batch.add(offset + body + header, captured, wire, time.seconds, time.nanos, this.#base + number)
    const options = body + header + Math.ceil(captured / 4) * 4
    if (!simple && options < end)
      this.#options(view, options, end, (code, at, length) => {
        if (code === 1) this.#remark('comment', packet, '', view, at, length)
      })
  }

  /** A record that is no packet. */
  #other(from: number, end: number, offset: number, batch: PacketBatch): void {
    const length = Math.max(0, end - from)
    batch.add(offset + from, length, length, NaN, 0, NO_INTERFACE)
  }

  /** Name resolution: records of an address and the names it has. */
  #names(view: DataView, body: number, end: number): void {
    const little = this.#little
    for (let at = body; at + 4 <= end;) {
      const [type, length] = [view.getUint16(at, little), view.getUint16(at + 2, little)]
      at += 4
      const bytes = type === 1 ? 4 : type === 2 ? 16 : 0
      if (type === 0 || at + length > end) return
      if (bytes > 0 && length > bytes) {
        const address = Buffer.from(view.buffer, view.byteOffset + at, bytes)
        const about = bytes === 4 ? [...address].join('.') : address.toString('hex').replace(/(.{4})(?!$)/g, '$1:')
        for (const name of this.#text(view, at + bytes, length - bytes).split('\0'))
          if (name !== '') this.#keep({ kind: 'name', packet: null, about, text: name })
      }
      at += Math.ceil(length / 4) * 4
    }
  }

  #secrets(view: DataView, body: number, end: number): void {
    if (end - body < 8) return
    const little = this.#little
    const type = view.getUint32(body, little)
    const length = Math.min(view.getUint32(body + 4, little), end - body - 8)
    // The four letters of the type, for example TLSK.
    const about = String.fromCharCode(type >>> 24, (type >>> 16) & 255, (type >>> 8) & 255, type & 255)
    this.#keep({ kind: 'secret', packet: null, about, text: this.#text(view, body + 8, length) })
  }

  #remark(kind: Remark['kind'], packet: number | null, about: string, view: DataView, at: number, length: number): void {
    this.#keep({ kind, packet, about, text: this.#text(view, at, length) })
  }

  #keep(remark: Remark): void {
    this.#remarkBytes += remark.text.length
    if (this.remarks.length < MOST_REMARKS && this.#remarkBytes <= MOST_REMARK_BYTES) this.remarks.push(remark)
  }

  #text(view: DataView, at: number, length: number): string {
    return this.#decoder.decode(new Uint8Array(view.buffer, view.byteOffset + at, length))
  }

  /** Options end with code 0, or with their block; one that is too long ends them. */
  #options(view: DataView, from: number, end: number, each: (code: number, at: number, length: number) => void): void {
    for (let at = from; at + 4 <= end;) {
      const code = view.getUint16(at, this.#little)
      const length = view.getUint16(at + 2, this.#little)
      if (code === 0 || at + 4 + length > end) return
      each(code, at + 4, length)
      at += 4 + Math.ceil(length / 4) * 4
    }
  }
}

const LONG_LINKS: ReadonlySet<number> = new Set([231, 249, 279])

/** The highest bit says whether the rest is a power of 2 or of 10 (section 4.2, if_tsresol). */
const resolutionOf = (byte: number): Resolution =>
  byte & 0x80 ? { base: 2, exponent: byte & 0x7f } : { base: 10, exponent: byte }
