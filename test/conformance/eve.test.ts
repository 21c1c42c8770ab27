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

function check(record: EveRecord, event: ParsedEvent): void {
  expect(event.type).toBe(record.event_type)
  expect(microsOf(event.time)).toBe(timeOf(record.timestamp))
  const { fields } = event
  expect(sameAddress(String(fields['src.ip']))).toBe(sameAddress(record.src_ip))
  expect(sameAddress(String(fields['dst.ip']))).toBe(sameAddress(record.dest_ip))
  expect(fields['src.port']).toBe(record.src_port)
  expect(fields['dst.port']).toBe(record.dest_port)
  expect(fields['net.transport']).toBe(record.proto.toLowerCase())
  expect(fields['flow.id']).toBe(record.flow_id)
  if (record.alert === undefined) return
  expect(fields['sig.id']).toBe(record.alert.signature_id)
  expect(fields['sig.gid']).toBe(record.alert.gid)
  expect(fields['sig.rev']).toBe(record.alert.rev)
  expect(fields['sig.priority']).toBe(record.alert.severity)
  expect(fields['sig.name']).toBe(record.alert.signature)
  expect(fields['sig.category']).toBe(record.alert.category)
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
        records.forEach((record, i) => check(record, events[i]!))
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
        records.forEach((record, i) => check(record, events[i]!))
        total += events.length
      }
      console.log(`EVE: ${total} events in arrays`)
    })
  })
