/**
 * Names that messages carry, of every capture of the corpus, against what tshark lists: names asked for in DNS, server names in
 * TLS, hosts and targets in HTTP.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { readCapture } from '../../electron/engine/packets/capture/read-capture.ts'
import { decodeHeaders } from '../../electron/engine/packets/decode/decode.ts'
import { Fragments } from '../../electron/engine/packets/decode/fragments.ts'
import { Packet } from '../../electron/engine/packets/decode/packet.ts'
import { dispatch, fields } from '../../electron/engine/packets/decode/registry.ts'
import { MessageReader } from '../../electron/engine/packets/facts/message-reader.ts'
import { corpus } from '../corpora.ts'

const NAMES = ['dns_queries', 'tls_sni', 'http_hosts', 'http_uris'] as const
type Kind = (typeof NAMES)[number]
const Names = z.array(z.string())
const Case = z.object({
  name: z.string(),
  file: z.string(),
  dns_queries: Names,
  tls_sni: Names,
  http_hosts: Names,
  http_uris: Names,
})

const FIELDS: Readonly<Record<string, Kind>> = {
  'dns.qry.name': 'dns_queries',
  'tls.handshake.extensions_server_name': 'tls_sni',
  'http.host': 'http_hosts',
  'http.request.uri': 'http_uris',
}

/** Numbers of flows, and who began them: a new one where a SYN comes after an end. */
class Flows {
  readonly #flows = new Map<string, { number: number; client: string; ended: boolean }>()
  #next = 0
  number = 0
  direction: 0 | 1 = 0

  find(p: Packet): void {
    const source = `${p.from.join(' ')} ${p.sourcePort}`
    const destination = `${p.to.join(' ')} ${p.destinationPort}`
    const key = `${p.transport} ${source < destination ? `${source} ${destination}` : `${destination} ${source}`}`
    const syn = p.transport === 6 && (p.flags & 0x12) === 2
    let flow = this.#flows.get(key)
    if (flow === undefined || (syn && flow.ended)) {
      const answer = p.transport === 6 && (p.flags & 0x12) === 0x12
      flow = { number: this.#next++, client: answer ? destination : source, ended: false }
      this.#flows.set(key, flow)
    }
    if (p.transport === 6 && p.flags & 5) flow.ended = true
    this.number = flow.number
    this.direction = source === flow.client ? 0 : 1
  }
}

async function namesOf(file: string, bugs: string[]): Promise<Record<Kind, string[]>> {
  const bytes = readFileSync(file)
  const found: Record<Kind, Set<string>> = {
    dns_queries: new Set(),
    tls_sni: new Set(),
    http_hosts: new Set(),
    http_uris: new Set(),
  }
  const reader = new MessageReader(
    (facts) => {
      for (const { field, value } of facts.facts) {
        const kind = FIELDS[fields[field]!.name]
        if (kind !== undefined) found[kind].add(String(value))
      }
    },
    { onBug: (error, decoder) => void bugs.push(`${file} ${decoder} ${String(error)}`) },
  )
  const p = new Packet(dispatch, new Fragments())
  const flows = new Flows()
  let number = 0
  const pieces = async function* () {
    yield bytes
  }
  // Interfaces are known once the file is read.
  const read = await readCapture(pieces(), () => undefined)
  await readCapture(pieces(), ({ length, offsets, captured, wire, interfaces }, data, dataOffset) => {
    const view = new DataView(data.buffer, data.byteOffset, data.length)
    for (let i = 0; i < length; i++) {
      const linkType = read?.interfaces[interfaces[i]!]?.linkType ?? -1
      p.begin(data, view, offsets[i]! - dataOffset, captured[i]!, wire[i]!, linkType)
      decodeHeaders(p)
      number++
      if (p.payloadAt < 0) continue
      flows.find(p)
      reader.read(p, number, flows.number, flows.direction)
    }
  })
  reader.end()
  return Object.fromEntries(NAMES.map((kind) => [kind, [...found[kind]].sort()])) as Record<Kind, string[]>
}

/** Where this program reads something else, and why. */
const OTHERWISE: Readonly<Record<string, string>> = {
  'nDPI/http-manipulated.pcap http_uris':
    'tshark takes the second of several blanks behind a method for an empty target; here it is the target',
  'nDPI/ookla.pcap tls_sni': 'TLS on a port of HTTP: tshark does not read it, here it is known by its first bytes',
  'packets/http_espn.pcapng http_uris':
    'the stated list was divided at a character that a target has in it; the targets are the same',
}

const folder = corpus('pcap')
test.skipIf(folder === null)(
  `names in packets are those that tshark reads${folder === null ? ' (skipped: no corpora)' : ''}`,
  async () => {
    const lines = readFileSync(join(folder!, 'cases.jsonl'), 'utf8').split('\n').filter(Boolean)
    const equal: Record<Kind, number> = { dns_queries: 0, tls_sni: 0, http_hosts: 0, http_uris: 0 }
    const other: string[] = []
    const bugs: string[] = []
    for (const line of lines) {
      const stated = Case.parse(JSON.parse(line))
      const found = await namesOf(join(folder!, stated.file), bugs)
      for (const kind of NAMES) {
        const wanted = [...stated[kind]].sort()
        if (JSON.stringify(found[kind]) === JSON.stringify(wanted)) equal[kind]++
        else {
          other.push(`${stated.name} ${kind}`)
          if (process.env['WATCHFLOOR_SHOW'])
            console.log(stated.name, stated.file, kind, {
              missing: wanted.filter((one) => !found[kind].includes(one)).slice(0, 5),
              more: found[kind].filter((one) => !wanted.includes(one)).slice(0, 5),
            })
        }
      }
    }
    const { dns_queries: dns, tls_sni: sni, http_hosts: hosts, http_uris: uris } = equal
    console.log(`packet names: dns ${dns}, sni ${sni}, hosts ${hosts}, uris ${uris} of ${lines.length}`)
    expect(bugs.slice(0, 20)).toEqual([])
    expect(other.sort()).toEqual(Object.keys(OTHERWISE).sort())
  },
  300_000,
)
