/**
 * Every capture of the corpus through the header decoders, against what tshark says of it: the layers of its first packets up to
 * the transport, their addresses and ports, how many packets begin with which link layer, and how many go between which two addresses.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { NO_INTERFACE } from '../../electron/engine/packets/capture/batch.ts'
import { openContent } from '../../electron/engine/packets/capture/content.ts'
import { PacketSource } from '../../electron/engine/packets/capture/packet-source.ts'
import { decodeHeaders } from '../../electron/engine/packets/decode/decode.ts'
import { Fragments } from '../../electron/engine/packets/decode/fragments.ts'
import { Packet } from '../../electron/engine/packets/decode/packet.ts'
import { decoders, dispatch, fieldByName } from '../../electron/engine/packets/decode/registry.ts'
import { ipv4, ipv6Bytes } from '../../electron/engine/packets/decode/text.ts'
import { AddressPairs } from '../../electron/engine/packets/index/address-pairs.ts'
import { corpus } from '../corpora.ts'

const Cell = z.string().nullable()
const Case = z.object({
  name: z.string(),
  file: z.string(),
  packets: z.number(),
  linktypes: z.record(z.string(), z.number()),
  protocols: z.record(z.string(), z.number()),
  ip_pairs: z.record(z.string(), z.number()),
  frames: z.array(z.tuple([z.number(), Cell, z.number(), z.number(), Cell, Cell, Cell, Cell, Cell])),
})

/** So many pairs at most are stated of a capture. */
const MOST_PAIRS = 200
/** Link type of records that are no packets. */
const NO_LINK = 0xffff

/** Where this program reads something else, and why. */
const LAYERS_OTHERWISE: Readonly<Record<string, string>> = {
  'tcpdump/pgm_opts_asan_3.pcap': 'tshark names no PGM where the kind of message is none of PGM',
  'tcpdump/802_15_4-oobr-2.pcap': 'what is named only is not divided into its header and data: 802.15.4',
  'tcpdump/slow-ossp.pcap': 'as before: OSSP',
  'tcpdump/udld-inf-loop-1.pcapng': 'as before: UDLD',
}
const COLUMNS_OTHERWISE: Readonly<Record<string, string>> = {}
const LINKS_OTHERWISE: Readonly<Record<string, string>> = {}
const COUNTS_OTHERWISE: Readonly<Record<string, string>> = {
  'arkime/arkime_synthetic.pcap': 'tshark reads VXLAN-GPE, and what is inside, without naming it; here it is named vxlan',
  'tcpdump/pgm_opts_asan_3.pcap': 'as above',
}
const PAIRS_OTHERWISE: Readonly<Record<string, string>> = {
  'tcpdump/ipv6_invalid_length.pcap':
    'an IPv6 header of 39 bytes: tshark states its source and no destination, here it is no packet of two addresses',
}

const headerNames = new Set(decoders.filter(({ header }) => header !== undefined).map(({ id }) => id))
const TRANSPORTS = new Set(['tcp', 'udp', 'sctp'])

const layerNames = (p: Packet): string[] => Array.from({ length: p.layers }, (_, layer) => decoders[p.layerId[layer]!]!.id)

/** A protocol stack as far as header decoders name it; a name that is said twice, one after the other, counts once. */
function headerStack(stack: readonly string[]): string {
  const names = stack.filter((name, i) => name !== stack[i - 1])
  const stop = names.findIndex((name) => !headerNames.has(name))
  const kept = stop < 0 ? names : names.slice(0, stop)
  // What a transport carries is read with the messages.
  if (kept.at(-1) === 'data' && kept.some((name) => TRANSPORTS.has(name))) kept.pop()
  return kept.join(':')
}

/** Values of a field in all layers of its protocol, as tshark joins them. */
function values(p: Packet, name: string): string | null {
  const field = fieldByName(name)!
  const found: string[] = []
  for (let layer = 0; layer < p.layers; layer++) {
    if (p.layerId[layer] !== field.decoder) continue
    p.look(layer)
    const value = field.read?.(p, p.layerAt[layer]!, p.layerEnd[layer]!)
    if (value === undefined) continue
    found.push(value instanceof Uint8Array ? ipv6Bytes(value, 0) : field.type === 'ipv4' ? ipv4(Number(value)) : String(value))
  }
  return found.length > 0 ? found.join('|') : null
}
const columnsOf = (p: Packet): (string | null)[] => [
  values(p, 'ip.src') ?? values(p, 'ipv6.src'),
  values(p, 'ip.dst') ?? values(p, 'ipv6.dst'),
  values(p, 'tcp.srcport') ?? values(p, 'udp.srcport'),
  values(p, 'tcp.dstport') ?? values(p, 'udp.dstport'),
]

interface Found {
  readonly stacks: string[]
  readonly columns: (string | null)[][]
  /** Packets by first layer, and packets that contain a protocol. */
  readonly links: Record<string, number>
  readonly counts: Record<string, number>
  readonly pairs: AddressPairs
}

async function read(path: string, frames: number): Promise<Found> {
  const found: Found = { stacks: [], columns: [], links: {}, counts: {}, pairs: new AddressPairs() }
  const p = new Packet(dispatch, new Fragments())
  const content = openContent(path, '')
  const source = new PacketSource(content)
  if (!(await source.begin())) throw new Error(`no capture: ${path}`)
  while (await source.next()) {
    const { batch, data, view, dataOffset, interfaces } = source
    for (let i = 0; i < batch.length; i++) {
      const iface = batch.interfaces[i]!
      const link = iface === NO_INTERFACE ? NO_LINK : interfaces[iface]!.linkType
      p.begin(data, view, batch.offsets[i]! - dataOffset, batch.captured[i]!, batch.wire[i]!, link)
      decodeHeaders(p)
      found.pairs.add(p)
      const names = layerNames(p)
      found.links[names[0]!] = (found.links[names[0]!] ?? 0) + 1
      for (const name of new Set(names)) found.counts[name] = (found.counts[name] ?? 0) + 1
      if (found.stacks.length >= frames) continue
      found.stacks.push(headerStack(names))
      found.columns.push(columnsOf(p))
    }
  }
  content.close()
  return found
}

const sorted = (record: Readonly<Record<string, number>>): [string, number][] =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1))
/** `data` is in many stacks what a message decoder could not read. */
const headerCounts = (counts: Readonly<Record<string, number>>): [string, number][] =>
  sorted(counts).filter(([name]) => headerNames.has(name) && name !== 'data')

const folder = corpus('pcap')
test.skipIf(folder === null)(
  `headers are read as tshark reads them${folder === null ? ' (skipped: no corpora)' : ''}`,
  async () => {
    const lines = readFileSync(join(folder!, 'cases.jsonl'), 'utf8').split('\n').filter(Boolean)
    const other = {
      layers: [] as string[],
      columns: [] as string[],
      links: [] as string[],
      counts: [] as string[],
      pairs: [] as string[],
    }
    let compared = 0
    let unread = 0
    for (const line of lines) {
      const { name, file, packets, frames, linktypes, protocols, ip_pairs } = Case.parse(JSON.parse(line))
      const found = await read(join(folder!, file), frames.length)
      // Of three captures tshark reads nothing: it does not know their link types (see captures.test.ts).
      if (packets === 0 && found.stacks.length + Object.keys(found.links).length > 0) {
        unread++
        continue
      }
      compared += frames.length
      const same = (one: unknown, two: unknown): boolean => JSON.stringify(one) === JSON.stringify(two)
      const stacks = frames.map(([, , , , stack]) => headerStack(stack?.split(':') ?? []))
      if (!same(found.stacks, stacks)) other.layers.push(name)
      if (!same(found.columns, frames.map((frame) => frame.slice(5)))) other.columns.push(name) // prettier-ignore
      if (!same(sorted(found.links), sorted(linktypes))) other.links.push(name)
      if (!same(headerCounts(found.counts), headerCounts(protocols))) other.counts.push(name)
      if (!same(sorted(Object.fromEntries(found.pairs.entries(MOST_PAIRS))), sorted(ip_pairs))) other.pairs.push(name)
    }
    const all = lines.length - unread
    console.log(
      `packet layers: ${all - other.layers.length} of ${all} captures as tshark states them (first ${compared} packets), ` +
        `addresses and ports ${all - other.columns.length}, link types ${all - other.links.length}, ` +
        `packets by protocol ${all - other.counts.length}, address pairs ${all - other.pairs.length}`,
    )
    expect(other.layers.sort()).toEqual(Object.keys(LAYERS_OTHERWISE).sort())
    expect(other.columns.sort()).toEqual(Object.keys(COLUMNS_OTHERWISE).sort())
    expect(other.links.sort()).toEqual(Object.keys(LINKS_OTHERWISE).sort())
    expect(other.counts.sort()).toEqual(Object.keys(COUNTS_OTHERWISE).sort())
    expect(other.pairs.sort()).toEqual(Object.keys(PAIRS_OTHERWISE).sort())
  },
)
