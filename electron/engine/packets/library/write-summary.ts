/** Writes a capture's flow summary (see summary-format.ts) from its table of flows. */
import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { communityId } from '../../ingest/normalise/community-id.ts'
import { addressText } from '../bench/flow-of.ts'
import { F, STATE, W, WORDS } from '../flows/flow-record.ts'
import type { FlowTable } from '../flows/flow-table.ts'
import { BLOCK, blocksFor, DistinctKeys, KeyFilter } from './key-filter.ts'
import { communityWords, KeyHash } from './keys.ts'
import { ADDRESS, CHUNK_FLOWS, flowBytes, HEAD_BYTES, headBytes, R, RECORD, type SummaryHead } from './summary-format.ts'

/** Where the flow pass keeps type and code of an ICMP flow's first packet (type << 16 | code): a word that it does not need otherwise. */
export const ICMP_WORD = W.clientSide

/** Gives way to other work now and then; false where the work is to end. */
export type Breathe = () => Promise<boolean>

/** Gives the bytes that were written; null where it was stopped. Throws the file system's error. */
export async function writeSummary(
  path: string,
  flows: FlowTable,
  { first, last, packets, truncated }: Pick<SummaryHead, 'first' | 'last' | 'packets' | 'truncated'>,
  breathe: Breathe,
): Promise<number | null> {
  const key = new KeyHash()
  const distinct = new DistinctKeys(flows.length * 5)
  let [flows4, flows6] = [0, 0]
  for (const { page, count } of flows.pages()) {
    for (let i = 0; i < count; i++) {
      const at = i * WORDS
      if (familyOf(page.words, at) === 6) flows6++
      else flows4++
      keysOf(page.words, at, key, (one) => distinct.add(one))
    }
    if (!(await breathe())) return null
  }
  const blocks = blocksFor(distinct.count + flows.length)
  const filter = new KeyFilter(blocks)
  const part = `${path}.part`
  const fd = openSync(part, 'w', 0o600)
  let finished = false
  try {
    const begin4 = HEAD_BYTES + blocks * BLOCK
    const chunks = { 4: new ChunkWriter(fd, begin4, 4), 6: new ChunkWriter(fd, begin4 + flowBytes(flows4, 4), 6) } as const
    for (const { page, count } of flows.pages()) {
      for (let i = 0; i < count; i++) {
        const at = i * WORDS
        keysOf(page.words, at, key, (one) => filter.add(one))
        const community = communityOf(page.words, at)
        if (community !== null) filter.add(key.community(...community))
        chunks[familyOf(page.words, at)].add(page.words, at, page.doubles, community)
        if (i % 256 === 255 && !(await breathe())) return null
      }
      if (!(await breathe())) return null
    }
    chunks[4].end()
    const size = chunks[6].end()
    filter.seal()
    writeAll(fd, filter.bytes, HEAD_BYTES)
    writeAll(fd, headBytes({ flows4, flows6, blocks, truncated, first, last, packets }), 0)
    finished = true
    return size
  } finally {
    closeSync(fd)
    if (finished) renameSync(part, path)
    else rmSync(part, { force: true })
  }
}

const familyOf = (words: Uint32Array, at: number): 4 | 6 => (((words[at + W.kind]! >>> 8) & 255) === 6 ? 6 : 4)
const hasPorts = (protocol: number): boolean => protocol === 6 || protocol === 17 || protocol === 132

/** All keys of a flow but its Community ID, which costs more. */
function keysOf(words: Uint32Array, at: number, key: KeyHash, take: (key: KeyHash) => void): void {
  const family = familyOf(words, at)
  take(key.host(family, words, at + W.client))
  take(key.host(family, words, at + W.server))
  take(key.pair(family, words, at + W.client, words, at + W.server))
  if (!hasPorts(words[at + W.kind]! & 255)) return
  const ports = words[at + W.ports]!
  take(key.port(ports >>> 16))
  take(key.port(ports & 0xffff))
}

function communityOf(words: Uint32Array, at: number): readonly [number, number] | null {
  const protocol = words[at + W.kind]! & 255
  // Pieces of datagrams tell no ports.
  if ((words[at + W.kind]! >>> 16) & STATE.fragments) return null
  const family = familyOf(words, at)
  const ports = portsOf(words, at)
  const id = communityId(
    addressText(words, at + W.client, family),
    addressText(words, at + W.server, family),
    String(protocol),
    ports >>> 16,
    ports & 0xffff,
  )
  return id === undefined ? null : communityWords(id)
}

const portsOf = (words: Uint32Array, at: number): number =>
  hasPorts(words[at + W.kind]! & 255) ? words[at + W.ports]! : words[at + ICMP_WORD]!

class ChunkWriter {
  readonly #fd: number
  readonly #family: 4 | 6
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #position: number
  #length = 0

  constructor(fd: number, position: number, family: 4 | 6) {
    this.#fd = fd
    this.#position = position
    this.#family = family
    this.#bytes = new Uint8Array(CHUNK_FLOWS * RECORD[family] + 4)
    this.#view = new DataView(this.#bytes.buffer)
  }

  add(words: Uint32Array, at: number, doubles: Float64Array, community: readonly [number, number] | null): void {
    const view = this.#view
    let place = this.#length
    const skipped = this.#family === 4 ? 3 : 0
    for (const end of [W.client, W.server])
      for (let i = skipped; i < 4; i++, place += 4) view.setUint32(place, words[at + end + i]!, true)
    const rest = this.#length + 2 * ADDRESS[this.#family]
    const double = at / 2
    view.setUint32(rest + R.ports, portsOf(words, at), true)
    view.setUint32(rest + R.protocol, words[at + W.kind]! & 255, true)
    view.setFloat64(rest + R.first, doubles[double + F.firstTime]!, true)
    view.setFloat64(rest + R.last, doubles[double + F.lastTime]!, true)
    view.setUint32(rest + R.community, community?.[0] ?? 0, true)
    view.setUint32(rest + R.community + 4, community?.[1] ?? 0, true)
    view.setUint32(rest + R.clientPackets, words[at + W.clientPackets]!, true)
    view.setUint32(rest + R.serverPackets, words[at + W.serverPackets]!, true)
    view.setFloat64(rest + R.clientBytes, doubles[double + F.clientBytes]!, true)
    view.setFloat64(rest + R.serverBytes, doubles[double + F.serverBytes]!, true)
    this.#length += RECORD[this.#family]
    if (this.#length === CHUNK_FLOWS * RECORD[this.#family]) this.#put()
  }

  #put(): void {
    if (this.#length === 0) return
    this.#view.setUint32(this.#length, crc32(this.#bytes.subarray(0, this.#length)), true)
    writeAll(this.#fd, this.#bytes.subarray(0, this.#length + 4), this.#position)
    this.#position += this.#length + 4
    this.#length = 0
  }

  /** Gives the byte behind the last. */
  end(): number {
    this.#put()
    return this.#position
  }
}

function writeAll(fd: number, bytes: Uint8Array, position: number): void {
  for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at, bytes.length - at, position + at)
}
