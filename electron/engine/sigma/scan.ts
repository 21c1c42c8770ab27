/** Rules over files, without a store: what `watchfloor sigma` does. Files are read as streams, records are not kept. */
import { lstat, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { TIME_NOTES } from '../../../shared/model/event.ts'
import { isoFromMicros } from '../../../shared/model/time.ts'
import { FieldRegistry } from '../event/field-registry.ts'
import { EventRow } from '../event/row.ts'
import type { JsonObject } from '../evtx/event-object.ts'
import { evtxObjects } from '../evtx/evtx-objects.ts'
import type { Chunk, Framer } from '../ingest/framer.ts'
import { createFramer } from '../ingest/framing.ts'
import { openLog, type OpenLog } from '../ingest/open-log.ts'
import type { ParserDefinition, ParseResult } from '../ingest/parsers/define.ts'
import { parserById } from '../ingest/parsers/registry.ts'
import { ReadProblem, reasonOf } from '../ingest/read-problem.ts'
import { formatById, recogniseOpened, type Format } from '../ingest/recognise-log.ts'
import { CAPTURE_FORMAT, type ImportOptions } from '../ingest/importer.ts'
import { headOfContent } from '../ingest/content-hash.ts'
import { isCapture } from '../packets/events/is-capture.ts'
import { compileRules } from './compile.ts'
import { FileNotes } from './file-notes.ts'
import { RuleExplainer, type Explanation } from './explain-rule.ts'
import { loadRules, type Loaded } from './load-rules.ts'
import { PlaceholderFiller } from './placeholders/fill-placeholders.ts'
import { readList } from './placeholders/own-lists.ts'
import { resolveScenarios, type ResolvedScenarios } from './scenarios/resolve.ts'
import { eventsOf, ScenarioRun } from './scenarios/scenario-run.ts'
import { withSteps } from './scenarios/step-rules.ts'
import type { RuleMatcher, SigmaRule } from './types.ts'

export interface SigmaMatch {
  /** The rule's id. */
  readonly rule: string
  readonly title: string
  /** As Sigma names it: informational, low, medium, high, critical. */
  readonly level: string
  readonly file: string
  /** 1-based, within the file. */
  readonly record: number
  /** ISO-8601 UTC. */
  readonly time: string
}

export interface ScenarioMatch {
  /** The scenario's id. */
  readonly scenario: string
  readonly title: string
  readonly level: string
  /** What it groups by → the value that its events have in common. */
  readonly group: Readonly<Record<string, string>>
  /** ISO-8601 UTC, of the first and the last of its events. */
  readonly first: string
  readonly last: string
  /** Events that take part. */
  readonly count: number
  /** The first thousand of them. */
  readonly events: readonly { readonly file: string; readonly record: number }[]
}

export interface ExplainedRecord extends Explanation {
  readonly file: string
  readonly record: number
  readonly time: string
}

export interface SigmaScan {
  readonly paths: readonly string[]
  readonly ruleFolders: readonly string[]
  /** Awaited: a slow reader of the results slows the scan, and nothing piles up. */
  readonly onMatch: (match: SigmaMatch) => Promise<void> | void
  /** Called when all files are read. */
  readonly onScenario?: (match: ScenarioMatch) => Promise<void> | void
  /** Anything a person should know, in English: skipped files, rules that failed. */
  readonly onNote: (note: string) => void
  /** Instead of matches: why this rule (its id) matches each record or does not. */
  readonly explain?: { readonly rule: string; readonly onRecord: (explained: ExplainedRecord) => Promise<void> | void }
  /** Lists by name → their files, one value a line: what fills placeholders. */
  readonly lists?: Readonly<Record<string, string>>
  readonly zone?: string
  /** Gives the lines of a capture's events. Where there is nothing that does, captures are skipped. */
  readonly captures?: ImportOptions['captures']
  readonly signal?: AbortSignal
}

export interface SigmaScanSummary {
  readonly rules: number
  /** Rules that did not load. */
  readonly failed: number
  readonly files: number
  readonly skipped: number
  readonly records: number
  readonly rejected: number
  readonly matches: number
  /** Matches of scenarios. */
  readonly scenarios: number
  /** False where a rule failed, a path or a record could not be read, or the scan was stopped. */
  readonly ok: boolean
}

const MAX_DEPTH = 64
/** Files and records in one number. */
const RECORDS = 2 ** 32
const MOST_EVENTS = 1000
/** The note of a row whose time is that of reading it. */
const NO_TIME = TIME_NOTES.indexOf('received')
const levelName = (level: SigmaRule['level']): string => (level === 'info' ? 'informational' : level)

/** Reads every log below `paths` and tells which record matches which rule. Never rejects because of what a file holds. */
export async function sigmaScan(scan: SigmaScan): Promise<SigmaScanSummary> {
  const lists = new Map<string, readonly string[]>()
  let listsRead = true
  for (const [name, file] of Object.entries(scan.lists ?? {})) {
    const values = await readList(file)
    if (values.ok) lists.set(name, values.value)
    else {
      listsRead = false
      scan.onNote(`list ${name}: ${values.error.message}`)
    }
  }
  const loaded = await loadRules(
    scan.ruleFolders.map((path) => ({ path, builtin: false })),
    undefined,
    new PlaceholderFiller(lists),
  )
  const resolved = resolveScenarios(loaded.rules, loaded.scenarios, () => true)
  for (const { file, line, column, message } of [...loaded.problems, ...resolved.problems])
    scan.onNote(`${file}${line > 0 ? `:${line}:${column}` : ''}: ${message}`)
  const scenarios = loaded.scenarios.length === 0 ? '' : `, ${resolved.plans.length} scenarios`
  scan.onNote(`${loaded.rules.length} rules${scenarios} loaded, ${loaded.failed + resolved.broken.size} failed`)
  const scanner = new Scanner(scan, loaded, resolved)
  if (scan.explain !== undefined && !loaded.rules.some(({ id }) => id === scan.explain?.rule)) {
    scan.onNote(`there is no rule ${scan.explain.rule}`)
    return { ...scanner.summary, ok: false }
  }
  for (const path of scan.paths) await scanner.path(path, 0)
  await scanner.finish()
  return { ...scanner.summary, ok: scanner.summary.ok && listsRead }
}

class Scanner {
  readonly #scan: SigmaScan
  readonly #loaded: Loaded
  /** As the matcher has them. */
  readonly #rules: readonly SigmaRule[]
  readonly #failedRules: number
  readonly #run: ScenarioRun
  readonly #fields = new FieldRegistry()
  readonly #matcher: RuleMatcher
  readonly #explainer: RuleExplainer | null
  readonly #row = new EventRow()
  #files = 0
  #skipped = 0
  #records = 0
  #rejected = 0
  #matches = 0
  #scenarios = 0
  #unread = 0
  /** Names of the files whose records scenarios speak of, by number. */
  readonly #names: string[] = []

  constructor(scan: SigmaScan, loaded: Loaded, resolved: ResolvedScenarios) {
    this.#scan = scan
    this.#loaded = loaded
    this.#rules = withSteps(loaded.rules, resolved.stepRules, () => true)
    this.#failedRules = loaded.failed + resolved.broken.size
    this.#run = new ScenarioRun(resolved.plans)
    this.#matcher = compileRules(this.#rules, this.#fields).matcher
    const explained = loaded.rules.find(({ id }) => id === scan.explain?.rule)
    this.#explainer = explained === undefined ? null : new RuleExplainer(explained, this.#fields)
  }

  get summary(): SigmaScanSummary {
    return {
      rules: this.#loaded.rules.length,
      failed: this.#failedRules,
      files: this.#files,
      skipped: this.#skipped,
      records: this.#records,
      rejected: this.#rejected,
      matches: this.#matches,
      scenarios: this.#scenarios,
      ok: this.#failedRules === 0 && this.#unread === 0 && this.#scan.signal?.aborted !== true,
    }
  }

  /** Folders are walked in order of names; a link to a folder is followed only where it was named. */
  async path(path: string, depth: number): Promise<void> {
    if (this.#scan.signal?.aborted === true) return
    try {
      const info = depth === 0 ? await stat(path) : await lstat(path)
      if (info.isDirectory()) {
        if (depth >= MAX_DEPTH) throw new Error('folders are nested too deeply')
        for (const name of (await readdir(path)).sort()) await this.path(join(path, name), depth + 1)
      } else if (info.isFile()) await this.#file(path)
      else if (depth === 0) throw new Error('is neither a file nor a folder')
      else this.#skip(path, 'is no regular file')
    } catch (error) {
      this.#unread++
      this.#scan.onNote(`${path}: ${reasonOf(error)}`)
    }
  }

  #skip(path: string, why: string): void {
    this.#skipped++
    this.#scan.onNote(`${path}: skipped, ${why}`)
  }

  async #file(path: string): Promise<void> {
    let log: OpenLog
    try {
      log = await openLog(path, this.#scan.captures !== undefined)
    } catch (error) {
      if (!(error instanceof ReadProblem)) throw error
      this.#skip(path, reasonOf(error))
      return
    }
    try {
      const capture = this.#scan.captures !== undefined && isCapture(await headOfContent(log.pieces()))
      const format = capture ? formatById(CAPTURE_FORMAT) : await recogniseOpened(log, path)
      const definition = format === null ? undefined : parserById(format.id)
      if (format === null || definition === undefined) this.#skip(path, 'no format that is known here')
      else await this.#read(path, log, capture, format, definition)
    } finally {
      await log.close()
    }
  }

  async #read(path: string, log: OpenLog, capture: boolean, format: Format, definition: ParserDefinition): Promise<void> {
    this.#files++
    this.#names.push(path)
    const parser = definition.create({
      fields: this.#fields,
      zone: this.#scan.zone ?? 'UTC',
      received: Date.now() * 1000,
      fileName: path,
    })
    const row = this.#row
    row.format = format.id
    const notes = new FileNotes(path, this.#scan.onNote)
    if (parser.object !== undefined && (await log.isEventLog()))
      await this.#objects(path, log, notes, (record) => parser.object!(record, row))
    else
      await this.#texts(path, capture ? this.#capture(path) : log.pieces(), createFramer(format.framing), notes, (text) =>
        parser.parse(text, row),
      )
    notes.finish()
    this.#rejected += notes.rejected
    if (notes.rejected > 0) this.#unread++
  }

  /** An event log's records need not be written as lines. */
  async #objects(path: string, log: OpenLog, notes: FileNotes, parse: (record: JsonObject) => ParseResult): Promise<void> {
    const row = this.#row
    let record = 0
    for await (const records of evtxObjects(log.bytes(), (why) => notes.reject(why))) {
      if (this.#scan.signal?.aborted === true) return
      for (const object of records) {
        record++
        this.#records++
        row.clear()
        // What is null was told already.
        if (object === null || !notes.isEvent(parse(object), record)) continue
        const told = this.#event(path, record, notes)
        if (told !== null) await told
      }
    }
  }

  /** The events of a capture as lines. What it stopped at is said, and what was before it counts. */
  async *#capture(path: string): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
    for await (const { bytes, end } of this.#scan.captures!({ path, ends: [], skip: 0 })) {
      if (bytes.length > 0) yield bytes
      const stopped = end?.stopped ?? null
      if (stopped === null) continue
      this.#unread++
      this.#scan.onNote(`${path}: stopped at byte ${stopped.offset}: ${stopped.reason}`)
    }
  }

  async #texts(
    path: string,
    pieces: AsyncIterable<Uint8Array>,
    framer: Framer,
    notes: FileNotes,
    parse: (text: string) => ParseResult,
  ): Promise<void> {
    const row = this.#row
    const chunk = async (whole: Chunk): Promise<void> => {
      const { bytes, bounds, record, refused } = whole
      if (refused !== null) notes.reject(refused.reason, refused.record)
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      for (let i = 0; i < bounds.length; i += 2) {
        const start = bounds[i]!
        const end = bounds[i + 1]!
        if (start === end) continue
        row.clear()
        const parsed = parse(text.toString('utf8', start, end))
        if (parsed === 'header') continue
        this.#records++
        if (!notes.isEvent(parsed, record + (i >> 1))) continue
        const told = this.#event(path, record + (i >> 1), notes)
        if (told !== null) await told
      }
      framer.giveBack(whole)
    }
    for await (const piece of pieces) {
      if (this.#scan.signal?.aborted === true) return
      framer.push(piece)
      for (let next = framer.take(); next !== null; next = framer.take()) await chunk(next)
    }
    framer.finish()
    for (let next = framer.take(true); next !== null; next = framer.take(true)) await chunk(next)
  }

  /** Looks at the event that is in the row; null where there is nothing to tell of it, as mostly. */
  #event(file: string, record: number, notes: FileNotes): Promise<void> | null {
    if (this.#row.timeNote === NO_TIME) notes.timeless()
    if (this.#explainer !== null) return this.#explain(this.#explainer, file, record)
    const matched = this.#matcher.match(this.#row)
    return matched.length === 0 ? null : this.#matched(matched, file, record)
  }

  async #explain(explainer: RuleExplainer, file: string, record: number): Promise<void> {
    const row = this.#row
    const explanation = explainer.explain(row)
    if (explanation.matches) this.#matches++
    await this.#scan.explain?.onRecord({ file, record, time: isoFromMicros(row.time, row.nanos), ...explanation })
  }

  async #matched(matched: readonly number[], file: string, record: number): Promise<void> {
    const time = isoFromMicros(this.#row.time, this.#row.nanos)
    for (const place of matched) {
      const rule = this.#rules[place]!
      if (rule.reads !== undefined) this.#step(rule, place, record)
      if (rule.alerts === false) continue
      this.#matches++
      await this.#scan.onMatch({ rule: rule.id, title: rule.title, level: levelName(rule.level), file, record, time })
    }
  }

  #step(rule: SigmaRule, place: number, record: number): void {
    const values = this.#matcher.read(place, this.#row)
    this.#run.add(
      rule.id,
      (this.#names.length - 1) * RECORDS + record,
      this.#row.time,
      (field) => values[rule.reads!.indexOf(field)],
    )
  }

  /** What scenarios find in all that was read. */
  async finish(): Promise<void> {
    for (const { rule, longestMicros, share } of this.#matcher.slow)
      this.#scan.onNote(
        `${this.#rules[rule]!.file}: slow, ${Math.round(share * 100)} % of the time, ${Math.round(longestMicros / 1000)} ms for one record`,
      )
    if (this.#scan.explain !== undefined || this.#scan.signal?.aborted === true) return
    for (const found of this.#run.finish()) {
      if (!found.plan.alerts) continue
      this.#scenarios++
      const events = eventsOf(found)
      await this.#scan.onScenario?.({
        scenario: found.plan.id,
        title: found.plan.title,
        level: levelName(found.plan.level),
        group: Object.fromEntries(found.plan.groupBy.map((name, i) => [name, found.group[i] ?? ''])),
        // What stands for an inner match may be later than the first of that match's own events.
        first: isoFromMicros(Math.min(found.first, events[0]?.time ?? found.first)),
        last: isoFromMicros(found.last),
        count: events.length,
        events: events
          .slice(0, MOST_EVENTS)
          .map(({ event }) => ({ file: this.#names[Math.floor(event / RECORDS)]!, record: event % RECORDS })),
      })
    }
    if (this.#run.dropped > 0) this.#scan.onNote(`${this.#run.dropped} events more than scenarios keep did not take part in them`)
  }
}
