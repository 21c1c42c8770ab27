/** Counting and exporting everything that fits a query. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import { fail, ok } from '../../../../shared/model/result.ts'
import type { Result } from '../../../../shared/model/result.ts'
import type { EventRow, FieldValue } from '../../../../shared/model/event.ts'
import { isDiskFull } from '../database.ts'
import { fieldOfColumn } from '../system-columns.ts'
import type { InputOf, OutputOf } from '../types.ts'
import { ask, countOf, mayFit, rowsThatFit } from './evaluate.ts'
import { eventRows, shownFields } from './event-rows.ts'
import type { Found } from './event-rows.ts'
import { blocksFor, planFor, timesOf } from './events.ts'
import type { Scope } from './events.ts'
import { Library } from './library.ts'
import type { BlockInfo } from './partition.ts'
import type { Plan } from './plan.ts'

interface Place {
  readonly dataDir: string
  readonly days: readonly number[]
}
type Progress = (value: { scanned: number; of: number; count: number }) => void
const PROGRESS_MS = 200
const MOST_CSV_FIELDS = 1000

function scopeOf({ dataDir, days }: Place, aliases: ReadonlyMap<string, readonly string[]>): Scope {
  const library = new Library(dataDir)
  library.setDays(days)
  return { library, aliases: (name) => aliases.get(name) ?? [], now: Date.now() * 1000 }
}

/** Blocks of a plan, the events stored first coming first; what they are made of stays as it is while this runs. */
function snapshot(plan: Plan, { library }: Scope): { blocks: BlockInfo[]; of: number } {
  for (const partition of library.newestFirst()) {
    partition.db.prepare('BEGIN').run()
    partition.db.prepare('SELECT 1 FROM meta').get()
  }
  const blocks = blocksFor(plan, library).sort((a, b) => a.partition.day - b.partition.day || a.seq - b.seq)
  return { blocks, of: blocks.reduce((sum, { rows }) => sum + rows, 0) }
}

export function runCount(
  task: Place & { readonly input: InputOf<'events.count'> },
  aliases: ReadonlyMap<string, readonly string[]>,
  progress: Progress,
): Result<OutputOf<'events.count'>> {
  const scope = scopeOf(task, aliases)
  const plan = planFor(task.input.where, task.input.window, scope)
  if (!plan.ok) return plan
  const { blocks, of } = snapshot(plan.value, scope)
  let count = 0
  let scanned = 0
  let told = performance.now()
  for (const info of blocks) {
    const block = ask(info)
    if (mayFit(plan.value, block)) count += countOf(rowsThatFit(plan.value, block), info.rows)
    scanned += info.rows
    if (performance.now() - told > PROGRESS_MS) {
      told = performance.now()
      progress({ scanned, of, count })
    }
  }
  progress({ scanned, of, count })
  scope.library.close()
  return ok({ count })
}

export function runExport(
  task: Place & { readonly input: InputOf<'events.export'>; readonly part: string; readonly path: string },
  aliases: ReadonlyMap<string, readonly string[]>,
  progress: Progress,
): Result<OutputOf<'events.export'>> {
  const scope = scopeOf(task, aliases)
  const { input } = task
  const plan = planFor(input.where, input.window, scope)
  if (!plan.ok) return plan
  const { blocks, of } = snapshot(plan.value, scope)
  const csv = input.format === 'csv'
  // A table has one set of columns: where none are named, all that occur in the blocks that may fit.
  const names = csv && input.fields.length === 0 ? fieldsOf(plan.value, blocks) : input.fields
  const shown = csv ? (shownFields(names, scope.aliases) ?? []) : shownFields(names, scope.aliases)
  const line = csv ? (event: EventRow) => csvLine(event, names) : jsonLine
  try {
    const file = openSync(task.part, 'wx', 0o600)
    let written = 0
    try {
      let scanned = 0
      let told = performance.now()
      let text = csv ? `${[...SYSTEM_COLUMNS, ...names].map(cell).join(',')}\r\n` : ''
      const flush = (): void => {
        const bytes = Buffer.from(text, 'utf8')
        for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at)
        text = ''
      }
      for (const info of blocks) {
        const block = ask(info)
        const mask = mayFit(plan.value, block) ? rowsThatFit(plan.value, block) : false
        if (mask !== false) {
          const times = timesOf(block)
          const found: Found[] = []
          for (let row = 0; row < info.rows; row++)
            if (mask === true || mask[row] === 1)
              found.push({ block, row, time: times[row]!, id: info.partition.base + info.seq + row })
          for (let at = 0; at < found.length; at += 512) {
            for (const event of eventRows(found.slice(at, at + 512), shown)) text += line(event)
            if (text.length > 1 << 20) flush()
          }
          written += found.length
        }
        scanned += info.rows
        if (performance.now() - told > PROGRESS_MS) {
          told = performance.now()
          progress({ scanned, of, count: written })
        }
      }
      flush()
      fsyncSync(file)
      progress({ scanned, of, count: written })
    } finally {
      closeSync(file)
    }
    renameSync(task.part, task.path)
    return ok({ path: task.path, written, bytes: statSync(task.path).size })
  } catch (error) {
    rmSync(task.part, { force: true })
    if (isDiskFull(error)) return fail({ code: 'disk_full', message: `There is no room for ${task.path}.` })
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
    if (/^E[A-Z]+$/.test(code))
      return fail({ code: 'invalid_input', message: `${task.path} cannot be written (${code}).`, path: 'path' })
    throw error
  } finally {
    scope.library.close()
  }
}

const SYSTEM_COLUMNS = ['id', 'time', 'timeNote', 'received', 'type', 'format', 'source'] as const

function fieldsOf(plan: Plan, blocks: readonly BlockInfo[]): string[] {
  const counts = new Map<string, number>()
  for (const info of blocks) {
    if (!mayFit(plan, ask(info))) continue
    const head = info.partition.head(info)
    for (let i = 0; i < head.columns; i++) {
      const name = fieldOfColumn(info.partition.fieldName(head.field(i)))
      if (name !== null) counts.set(name, (counts.get(name) ?? 0) + head.count(i))
    }
  }
  return [...counts]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, MOST_CSV_FIELDS)
    .map(([name]) => name)
}

/** One event as a line of JSON. */
const jsonLine = (event: EventRow): string => `${JSON.stringify(event)}\n`

function csvLine(event: EventRow, names: readonly string[]): string {
  const cells: string[] = SYSTEM_COLUMNS.map((name) => cell(event[name]))
  for (const name of names) cells.push(Object.hasOwn(event.fields, name) ? cell(event.fields[name]!) : '')
  return `${cells.join(',')}\r\n`
}

/** Characters with which a spreadsheet begins a formula, also in their full-width forms. */
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/

/** A cell (RFC 4180). Text that a spreadsheet would run as a formula is made plain with an apostrophe; numbers are not text. */
export function cell(value: FieldValue): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  const text = typeof value === 'string' ? value : value.join('; ')
  const inert = FORMULA.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(inert) || inert !== inert.trim() ? `"${inert.replaceAll('"', '""')}"` : inert
}
