/** Zeek's logs: both forms give the same events field by field; typed headers of Zeek's own test baselines are read. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ownName } from '../../electron/engine/ingest/normalise/json-fields.ts'
import { zeekAliasesOf } from '../../electron/engine/ingest/normalise/zeek.ts'
import { corpus, NO_CORPORA } from '../corpora.ts'
import { parseFile, type ParsedEvent } from './parse-file.ts'

const folder = corpus('zeek')

/** In Zeek's JSON only. */
const JSON_ONLY = '_write_ts'

function comparable({ time, type, fields }: ParsedEvent): Record<string, unknown> {
  const rest: Record<string, unknown> = { ...fields }
  delete rest[JSON_ONLY]
  // The order of a set is not defined.
  for (const [name, value] of Object.entries(rest)) if (Array.isArray(value)) rest[name] = [...(value as string[])].sort()
  return { time, type, ...rest }
}
const key = (event: ParsedEvent): string => JSON.stringify(Object.entries(comparable(event)).sort(([a], [b]) => (a < b ? -1 : 1)))

if (folder === null) it.skip(NO_CORPORA)
else
  describe('the Zeek corpus', () => {
    it('gives the same events from typed columns and from JSON', () => {
      let total = 0
      for (const name of readdirSync(join(folder, 'brimdata', 'zeek-default'))) {
        const log = name.replace('.log', '')
        const path = join(folder, 'brimdata', 'zeek-default', name)
        const columns = parseFile(path)
        const json = parseFile(join(folder, 'brimdata', 'zeek-json', `${log}.json`))
        const rows = readFileSync(path, 'utf8')
          .split('\n')
          .filter((line) => line !== '' && !line.startsWith('#')).length
        expect({ log, format: columns.format, rejected: columns.rejected, events: columns.events.length }).toEqual({
          log,
          format: 'zeek-tsv',
          rejected: [],
          events: rows,
        })
        expect({ log, format: json.format, rejected: json.rejected, events: json.events.length }).toEqual({
          log,
          format: 'zeek-json',
          rejected: [],
          events: rows,
        })
        expect(columns.events.map(key).sort()).toEqual(json.events.map(key).sort())
        for (const { type, timeNote } of columns.events) expect([type, timeNote]).toEqual([log, ''])
        total += rows
      }
      console.log(`Zeek: ${total} events the same in both forms`)
      expect(total).toBeGreaterThan(5000)
    })

    it('reads every baseline: events are the lines that are no header', () => {
      let total = 0
      const baselines = readdirSync(join(folder, 'baseline'))
      for (const name of baselines) {
        const path = join(folder, 'baseline', name)
        const lines = readFileSync(path, 'utf8').split(/\r?\n/)
        const rows = lines.filter((line) => line !== '' && !line.startsWith('#'))
        const { format, events, rejected } = parseFile(path)
        expect({ name, format, rejected, events: events.length }).toEqual({
          name,
          format: 'zeek-tsv',
          rejected: [],
          events: rows.length,
        })
        const stated = lines.find((line) => line.startsWith('#path'))!.split('\t')[1]
        expect(new Set(events.map((event) => event.type))).toEqual(new Set(rows.length > 0 ? [stated] : []))
        checkColumns(lines, events)
        total += events.length
      }
      console.log(`Zeek: ${baselines.length} baselines, ${total} events`)
    })
  })

/** Numbers, truth values and counts of list elements agree with the typed columns, read here by themselves. */
function checkColumns(lines: readonly string[], events: readonly ParsedEvent[]): void {
  let names: string[] = []
  let types: string[] = []
  let at = 0
  for (const line of lines) {
    if (line === '') continue
    if (line.startsWith('#fields\t')) names = line.split('\t').slice(1)
    else if (line.startsWith('#types\t')) types = line.split('\t').slice(1)
    if (line.startsWith('#')) continue
    const { fields, type } = events[at++]!
    const aliases = zeekAliasesOf(type)
    const values = line.split('\t')
    values.forEach((value, i) => {
      const name = names[i]!
      if (value === '-' || name === 'ts') return
      expect(ownName(name) in fields || (aliases[name] ?? '') in fields, `${name} of ${type}`).toBe(true)
      const got = fields[name]
      if (got === undefined) return
      if (types[i] === 'count' || types[i] === 'int') expect([name, got]).toEqual([name, Number(value)])
      else if (types[i] === 'bool') expect([name, got]).toEqual([name, value === 'T'])
      else if (types[i]!.startsWith('set[') || types[i]!.startsWith('vector[')) {
        const elements = value === '(empty)' ? [] : value.split(',').filter((element) => element !== '-')
        expect([name, (got as readonly string[]).length]).toEqual([name, Math.min(elements.length, 64)])
      }
    })
  }
}
