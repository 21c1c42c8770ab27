/** One capture read for the library: its time, and its flows. Less than the bench's index, and nothing is kept of single packets. */
import { rmSync } from 'node:fs'
import { decodeHeaders } from '../decode/decode.ts'
import { Fragments } from '../decode/fragments.ts'
import { Packet } from '../decode/packet.ts'
import { dispatch, protocolNumber } from '../decode/registry.ts'
import { NO_INTERFACE } from '../capture/batch.ts'
import { openContent } from '../capture/content.ts'
import { ReadProblem } from '../../ingest/read-problem.ts'
import { PacketSource } from '../capture/packet-source.ts'
import { F, W } from '../flows/flow-record.ts'
import { FlowTable, MOST_FLOWS } from '../flows/flow-table.ts'
import { ICMP_WORD, writeSummary, type Breathe } from './write-summary.ts'

const STRETCH = 1 << 20
const BATCH = 4096
/** Link type of records that are no packets. */
const NO_LINK = 0xffff
const ICMP = protocolNumber('icmp')
const ICMP6 = protocolNumber('icmpv6')

export interface Summarised {
  /** Seconds since 1970 of the earliest and the latest packet; null where none has a time. */
  readonly first: number | null
  readonly last: number | null
  readonly packets: number
  readonly flows: number
  /** Of the summary. */
  readonly bytes: number
}

/**
 * Reads a capture up to its last whole packet and writes its summary to `target`. `work` is a path for what is kept meanwhile.
 * 'stopped' where `breathe` said so, 'other' where the file is no capture. Throws the file system's error.
 */
export async function summarise(
  path: string,
  target: string,
  work: string,
  breathe: Breathe,
): Promise<Summarised | 'stopped' | 'other'> {
  const spool = `${work}.content`
  const table = `${work}.flows`
  let flows: FlowTable | null = null
  try {
    const content = openContent(path, spool)
    // Most of thousands of small files would be room for bytes that they do not have.
    const stretch = content.compression === null ? Math.min(STRETCH, Math.max(4096, content.size)) : STRETCH
    const source = new PacketSource(content, stretch, BATCH)
    try {
      if (!(await source.begin())) {
        if (source.content.problem !== null) throw new ReadProblem(source.content.problem)
        return 'other'
      }
      flows = new FlowTable(table, { write: true })
      const pass = new FlowPass(flows)
      while (await source.next()) {
        pass.take(source)
        if (!(await breathe())) return 'stopped'
      }
      const { earliest, latest, packets } = pass
      const bytes = await writeSummary(
        target,
        flows,
        { first: earliest, last: latest, packets, truncated: flows.length >= MOST_FLOWS },
        breathe,
      )
      if (bytes === null) return 'stopped'
      const timed = !Number.isNaN(earliest)
      return { first: timed ? earliest : null, last: timed ? latest : null, packets, flows: flows.length, bytes }
    } finally {
      source.close()
    }
  } finally {
    flows?.close()
    rmSync(table, { force: true })
    rmSync(spool, { force: true })
  }
}

class FlowPass {
  packets = 0
  earliest = NaN
  latest = NaN
  readonly #flows: FlowTable
  readonly #packet = new Packet(dispatch, new Fragments())

  constructor(flows: FlowTable) {
    this.#flows = flows
  }

  take({ batch, data, view, dataOffset, interfaces }: PacketSource): void {
    const p = this.#packet
    const flows = this.#flows
    for (let i = 0; i < batch.length; i++) {
      const number = this.packets++
      const iface = batch.interfaces[i]!
      const wire = batch.wire[i]!
      p.seconds = batch.seconds[i]!
      p.nanos = batch.nanos[i]!
      const link = iface === NO_INTERFACE ? NO_LINK : interfaces[iface]!.linkType
      p.begin(data, view, batch.offsets[i]! - dataOffset, batch.captured[i]!, wire, link)
      decodeHeaders(p)
      const time = p.seconds + p.nanos / 1e9
      if (!(time >= this.earliest)) this.earliest = Number.isNaN(time) ? this.earliest : time
      if (!(time <= this.latest)) this.latest = Number.isNaN(time) ? this.latest : time

      const known = flows.length
      if (flows.find(p, number) < 0) continue
      const { words, doubles } = flows.page
      const { at } = flows
      if (flows.length > known) icmpOf(p, words, at)
      const double = at / 2
      // Packets are not always in order of time, and all of the flow's are to be found.
      if (time < doubles[double + F.firstTime]!) doubles[double + F.firstTime] = time
      if (!(time <= doubles[double + F.lastTime]!) || flows.length > known) doubles[double + F.lastTime] = time
      const server = flows.direction === 1
      words[at + (server ? W.serverPackets : W.clientPackets)]!++
      doubles[double + (server ? F.serverBytes : F.clientBytes)]! += wire
    }
  }
}

/** Type and code stand where others have ports. */
function icmpOf(p: Packet, words: Uint32Array, at: number): void {
  if (p.transport !== 1 && p.transport !== 58) return
  for (let layer = 0; layer < p.layers; layer++) {
    const id = p.layerId[layer]!
    const begin = p.layerAt[layer]!
    if ((id !== ICMP && id !== ICMP6) || begin + 2 > p.end) continue
    words[at + ICMP_WORD] = ((p.data[begin]! << 16) | p.data[begin + 1]!) >>> 0
    return
  }
}
