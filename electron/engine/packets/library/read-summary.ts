/** Questions to a flow summary: the filter first, which costs one small read, and the flows only where it says perhaps. */
import { closeSync, openSync, readSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { BLOCK, blockOf, inBlock } from './key-filter.ts'
import { KeyHash, type Host } from './keys.ts'
import { ADDRESS, CHUNK_FLOWS, flowBytes, HEAD_BYTES, headOf, R, RECORD, type SummaryHead } from './summary-format.ts'

/** All of it together; times in seconds since 1970, half-open, null is open. */
export interface FlowsAsked {
  /** None, one, or both ends. */
  readonly hosts: readonly Host[]
  readonly port: number | null
  readonly community: readonly [number, number] | null
  readonly from: number | null
  readonly to: number | null
}

/** Bytes that were read, of all summaries together. */
export interface ReadCount {
  bytes: number
}

const key = new KeyHash()

export class SummaryReader {
  readonly head: SummaryHead
  readonly #fd: number
  readonly #count: ReadCount

  private constructor(fd: number, head: SummaryHead, count: ReadCount) {
    this.#fd = fd
    this.head = head
    this.#count = count
  }

  /** Null where it is not there or damaged. */
  static open(path: string, count: ReadCount): SummaryReader | null {
    let fd: number
    try {
      fd = openSync(path, 'r')
    } catch {
      return null
    }
    const head = headOf(readAt(fd, 0, HEAD_BYTES, count))
    if (head !== null) return new SummaryReader(fd, head, count)
    closeSync(fd)
    return null
  }

  /** Whether flows may be there; null where it is damaged. */
  may({ hosts, port, community }: FlowsAsked): boolean | null {
    const [one, other] = hosts
    if (one !== undefined && other !== undefined) {
      if (one.family !== other.family) return false
      const there = this.#has(key.pair(one.family, one.words, 0, other.words, 0))
      if (there !== true) return there
    } else if (one !== undefined) {
      const there = this.#has(key.host(one.family, one.words))
      if (there !== true) return there
    }
    if (community !== null) {
      const there = this.#has(key.community(...community))
      if (there !== true) return there
    }
    return port === null ? true : this.#has(key.port(port))
  }

  #has(wanted: KeyHash): boolean | null {
    const { blocks } = this.head
    if (blocks === 0) return null
    return inBlock(readAt(this.#fd, HEAD_BYTES + blockOf(wanted, blocks) * BLOCK, BLOCK, this.#count), wanted)
  }

  /** How many flows fit; null where it is damaged. */
  count(asked: FlowsAsked): number | null {
    const { flows4, flows6, blocks } = this.head
    const begin4 = HEAD_BYTES + blocks * BLOCK
    const family = asked.hosts[0]?.family
    let found = 0
    if (family !== 6) {
      const four = this.#countIn(asked, 4, flows4, begin4)
      if (four === null) return null
      found += four
    }
    if (family === 4) return found
    const six = this.#countIn(asked, 6, flows6, begin4 + flowBytes(flows4, 4))
    return six === null ? null : found + six
  }

  #countIn(asked: FlowsAsked, family: 4 | 6, flows: number, begin: number): number | null {
    const size = RECORD[family]
    let found = 0
    let position = begin
    for (let done = 0; done < flows; done += CHUNK_FLOWS) {
      const count = Math.min(CHUNK_FLOWS, flows - done)
      const bytes = readAt(this.#fd, position, count * size + 4, this.#count)
      if (bytes.length !== count * size + 4) return null
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
      if (view.getUint32(count * size, true) !== crc32(bytes.subarray(0, count * size))) return null
      for (let i = 0; i < count; i++) if (fits(view, i * size, family, asked)) found++
      position += bytes.length
    }
    return found
  }

  close(): void {
    closeSync(this.#fd)
  }
}

function readAt(fd: number, position: number, length: number, count: ReadCount): Uint8Array {
  const bytes = new Uint8Array(length)
  try {
    const read = readSync(fd, bytes, 0, length, position)
    count.bytes += read
    return bytes.subarray(0, read)
  } catch {
    return bytes.subarray(0, 0)
  }
}

function fits(view: DataView, at: number, family: 4 | 6, { hosts, port, community, from, to }: FlowsAsked): boolean {
  const server = at + ADDRESS[family]
  const rest = server + ADDRESS[family]
  // Without a time it may have been at any.
  if (to !== null && view.getFloat64(rest + R.first, true) >= to) return false
  if (from !== null && view.getFloat64(rest + R.last, true) < from) return false
  const [one, other] = hosts
  if (one !== undefined && other !== undefined) {
    if (
      !(is(view, at, family, one) && is(view, server, family, other)) &&
      !(is(view, at, family, other) && is(view, server, family, one))
    )
      return false
  } else if (one !== undefined && !is(view, at, family, one) && !is(view, server, family, one)) return false
  if (
    community !== null &&
    (view.getUint32(rest + R.community, true) !== community[0] || view.getUint32(rest + R.community + 4, true) !== community[1])
  )
    return false
  if (port === null) return true
  const protocol = view.getUint32(rest + R.protocol, true)
  if (protocol !== 6 && protocol !== 17 && protocol !== 132) return false
  const ports = view.getUint32(rest + R.ports, true)
  return ports >>> 16 === port || (ports & 0xffff) === port
}

function is(view: DataView, at: number, family: 4 | 6, host: Host): boolean {
  if (host.family !== family) return false
  if (family === 4) return view.getUint32(at, true) === host.words[3]
  for (let i = 0; i < 4; i++) if (view.getUint32(at + 4 * i, true) !== host.words[i]) return false
  return true
}
