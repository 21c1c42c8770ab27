/** Suricata's own EVE files: as many events as lines, by type; what the model maps is what the record says. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { corpus, NO_CORPORA } from '../corpora.ts'
import { countBy, parseFile, type ParsedEvent } from './parse-file.ts'

interface EveRecord {
  readonly timestamp: string
  readonly event_type: string
  readonly flow_id?: number
  readonly src_ip: string
  readonly src_port?: number
  readonly dest_ip: string
  readonly dest_port?: number
  readonly proto: string
  readonly alert?: {
    readonly signature_id: number
    readonly gid: number
    readonly rev: number
    readonly severity: number
    readonly signature: string
    readonly category: string
  }
}

const folder = corpus('eve')
const perf = corpus('perf')

/** The same address, told apart from our compression: both forms through the URL parser. */
const sameAddress = (text: string): string => (text.includes(':') ? new URL(`http://[${text}]/`).hostname.slice(1, -1) : text)

/** Counted apart from the parser, by the time's own text. */
function timeOf(timestamp: string): number {
  const [, head, fraction, sign, hours, minutes] = /^(.{19})\.(\d{6})(?:([+-])(\d\d)(\d\d))?$/.exec(timestamp)!
  const offset = sign === undefined ? 0 : (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1)
  return (Date.parse(`${head}Z`) - offset * 60_000) * 1000 + Number(fraction)
}
const microsOf = (iso: string): number =>
  Date.parse(`${iso.slice(0, 19)}Z`) * 1000 + Number((/\.(\d+)Z$/.exec(iso)?.[1] ?? '').padEnd(6, '0').slice(0, 6))

/** What an event says otherwise than its record; a call of `expect` for each of a million values would take minutes. */
function differences(record: EveRecord, { type, time, fields }: ParsedEvent): string[] {
  const { alert } = record
  const pairs: [string, unknown, unknown][] = [
    ['type', type, record.event_type],
    ['time', microsOf(time), timeOf(record.timestamp)],
    ['src.ip', sameAddress(String(fields['src.ip'])), sameAddress(record.src_ip)],
    ['dst.ip', sameAddress(String(fields['dst.ip'])), sameAddress(record.dest_ip)],
    ['src.port', fields['src.port'], record.src_port],
    ['dst.port', fields['dst.port'], record.dest_port],
    ['net.transport', fields['net.transport'], record.proto.toLowerCase()],
    ['flow.id', fields['flow.id'], record.flow_id],
    ['sig.id', fields['sig.id'], alert?.signature_id],
    ['sig.gid', fields['sig.gid'], alert?.gid],
    ['sig.rev', fields['sig.rev'], alert?.rev],
    ['sig.priority', fields['sig.priority'], alert?.severity],
    ['sig.name', fields['sig.name'], alert?.signature],
    ['sig.category', fields['sig.category'], alert?.category],
  ]
  return pairs
    .filter(([, got, stated]) => got !== stated)
    .map(([name, got, stated]) => `${name}: ${String(got)} instead of ${String(stated)}`)
}

if (folder === null || perf === null) it.skip(NO_CORPORA)
else
  describe('the EVE corpus', () => {
    const lined = [
      ...readdirSync(join(folder, 'suricata-4.1.10')).map((name) => join(folder, 'suricata-4.1.10', name)),
      join(folder, 'perf-sample.eve.json'),
      join(perf, 'eve-60k.json'),
    ]

    it('gives as many events as lines, of the types the lines state, with what they state', () => {
      let total = 0
      const types: Record<string, number> = {}
      for (const path of lined) {
        const records = readFileSync(path, 'utf8')
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line) as EveRecord)
        const { format, events, rejected } = parseFile(path)
        expect({ path, format, rejected, events: events.length }).toEqual({
          path,
          format: 'eve',
          rejected: [],
          events: records.length,
        })
        expect(records.flatMap((record, i) => differences(record, events[i]!))).toEqual([])
        expect(countBy(events, (event) => event.type)).toEqual(countBy(records, (record) => record.event_type))
        total += events.length
        for (const [type, count] of Object.entries(countBy(events, (event) => event.type)))
          types[type] = (types[type] ?? 0) + count
      }
      console.log(`EVE: ${lined.length} files, ${total} events, ${JSON.stringify(types)}`)
      expect(total).toBeGreaterThan(60_000)
    })

    it('reads arrays of alerts that stand over many lines', () => {
      let total = 0
      for (const name of readdirSync(join(folder, 'suricata-sample-data'))) {
        const path = join(folder, 'suricata-sample-data', name)
        const records = JSON.parse(readFileSync(path, 'utf8')) as EveRecord[]
        const { format, events, rejected } = parseFile(path)
        expect({ format, rejected, events: events.length }).toEqual({ format: 'eve', rejected: [], events: records.length })
        expect(records.flatMap((record, i) => differences(record, events[i]!))).toEqual([])
        total += events.length
      }
      console.log(`EVE: ${total} events in arrays`)
    })
  })
