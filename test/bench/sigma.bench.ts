/** Speed of Sigma matching, on rows that are parsed already: prints one JSON object. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FieldRegistry } from '../../electron/engine/event/field-registry.ts'
import { EventRow, type RowValue } from '../../electron/engine/event/row.ts'
import { splitJson } from '../../electron/engine/ingest/normalise/json-split.ts'
import { parserById } from '../../electron/engine/ingest/parsers/registry.ts'
import { compileRules } from '../../electron/engine/sigma/compile.ts'
import { loadRules } from '../../electron/engine/sigma/load-rules.ts'
import type { RuleMatcher, SigmaRule } from '../../electron/engine/sigma/types.ts'
import { corpus, NO_CORPORA } from '../corpora.ts'

/** `npm run bench` runs this from a folder of built files. */
const root = process.env['WATCHFLOOR_ROOT'] ?? process.cwd()
const RULE_FOLDERS = ['rules', 'rules-compliance', 'rules-emerging-threats', 'rules-placeholder', 'rules-threat-hunting']
const RECEIVED = Date.UTC(2026, 10, 20) * 1000

/** What a parser made of a record, kept, so that matching is measured without parsing. */
interface Kept {
  readonly format: string
  readonly type: string
  readonly fields: readonly number[]
  readonly values: readonly RowValue[]
}

function rowsOf(format: string, records: readonly string[], fields: FieldRegistry): Kept[] {
  const parser = parserById(format)!.create({ fields, zone: 'UTC', received: RECEIVED, fileName: 'bench' })
  const kept: Kept[] = []
  const row = new EventRow()
  row.received = RECEIVED
  for (const record of records) {
    row.clear()
    if (parser.parse(record, row) === 'event')
      kept.push({ format, type: row.type, fields: [...row.fields], values: row.fields.map((field) => row.values[field]!) })
  }
  return kept
}

const row = new EventRow()
/** As in the engine, one row is filled again for each event. */
function fill({ format, type, fields, values }: Kept): EventRow {
  row.clear()
  row.format = format
  row.type = type
  for (let i = 0; i < fields.length; i++) row.set(fields[i]!, values[i]!)
  return row
}

interface Figures {
  /** Microseconds per event, filling the row (what `none` takes) is in it. */
  readonly micros: number
  readonly perSecond: number
  readonly matches: number
}

/** Each stretch of rows counts with its quickest round: other work on the machine then hardly shows. */
const STRETCH = 400

function time(matcher: RuleMatcher, rows: readonly Kept[], rounds: number): Figures {
  const stretches = Math.max(1, Math.ceil(rows.length / STRETCH))
  const best = new Array<number>(stretches).fill(Infinity)
  let matches = 0
  for (let round = 0; round < rounds; round++) {
    matches = 0
    for (let stretch = 0; stretch < stretches; stretch++) {
      const end = Math.min(rows.length, (stretch + 1) * STRETCH)
      const start = performance.now()
      for (let i = stretch * STRETCH; i < end; i++) matches += matcher.match(fill(rows[i]!)).length
      best[stretch] = Math.min(best[stretch]!, performance.now() - start)
    }
  }
  const micros = (best.reduce((sum, one) => sum + one, 0) * 1000) / rows.length
  return { micros: round(micros), perSecond: Math.round(1e6 / micros), matches }
}
const round = (value: number): number => Math.round(value * 1000) / 1000

async function measure(sigma: string, perf: string, logs: string): Promise<unknown> {
  const load = performance.now()
  const all = await loadRules(RULE_FOLDERS.map((name) => ({ path: join(sigma, name), builtin: false })))
  const loadMs = performance.now() - load
  const starter = await loadRules([{ path: join(root, 'resources', 'rules'), builtin: true }])
  const both: readonly SigmaRule[] = [...starter.rules, ...all.rules]

  const fields = new FieldRegistry()
  const compileStart = performance.now()
  const many = compileRules(both, fields).matcher
  const compileMs = performance.now() - compileStart
  const few = compileRules(starter.rules, fields).matcher
  const none = compileRules([], fields).matcher

  const eve = readFileSync(join(perf, 'eve-60k.json'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
  const windows: string[] = []
  for (const name of readdirSync(join(logs, 'security-datasets')).filter((name) => name.endsWith('.json')))
    windows.push(
      ...readFileSync(join(logs, 'security-datasets', name), 'utf8')
        .split('\n')
        .filter((line) => line !== ''),
    )
  const regression = readdirSync(join(sigma, 'regression_data'), { recursive: true })
    .filter((name) => String(name).endsWith('.json'))
    .flatMap((name) => splitJson(readFileSync(join(sigma, 'regression_data', String(name)), 'utf8').replace(/^\uFEFF/, '')))

  const streams: [string, Kept[]][] = [
    ['eve', rowsOf('eve', eve, fields)],
    ['windows', rowsOf('windows-json', windows, fields)],
    ['regression', rowsOf('windows-json', regression, fields)],
  ]
  const result: Record<string, unknown> = {
    rules: {
      loaded: all.rules.length,
      starter: starter.rules.length,
      loadMs: Math.round(loadMs),
      compileMs: Math.round(compileMs),
    },
  }
  for (const [name, rows] of streams) {
    const first = performance.now()
    for (const kept of rows) many.match(fill(kept))
    const firstMs = performance.now() - first
    const rounds = Math.max(20, Math.ceil(200_000 / rows.length))
    const figures = {
      events: rows.length,
      none: time(none, rows, rounds),
      starter: time(few, rows, rounds),
      all: time(many, rows, rounds),
      firstPassMs: Math.round(firstMs),
    }
    const types: Record<string, unknown> = {}
    if (name === 'eve')
      for (const type of new Set(rows.map((row) => row.type))) {
        const own = rows.filter((row) => row.type === type)
        types[type] = { events: own.length, starter: time(few, own, 20).micros, all: time(many, own, 20).micros }
      }
    result[name] = {
      ...figures,
      addedMicros: round(figures.all.micros - figures.starter.micros),
      ...(name === 'eve' ? { types } : {}),
    }
  }
  return result
}

const [sigma, perf, logs] = [corpus('sigma'), corpus('perf'), corpus('logs')]
console.log(
  JSON.stringify(sigma === null || perf === null || logs === null ? { skipped: NO_CORPORA } : await measure(sigma, perf, logs)),
)
