/** Rules over files, without a store: what `watchfloor sigma` does. Files are read as streams, records are not kept. */
import { lstat, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isoFromMicros } from '../../../shared/model/time.ts'
import { FieldRegistry } from '../event/field-registry.ts'
import { EventRow } from '../event/row.ts'
import { type Chunk } from '../ingest/framer.ts'
import { createFramer } from '../ingest/framing.ts'
import { openLog, type OpenLog } from '../ingest/open-log.ts'
import type { ParserDefinition } from '../ingest/parsers/define.ts'
import { parserById } from '../ingest/parsers/registry.ts'
import { ReadProblem, reasonOf } from '../ingest/read-problem.ts'
import { recogniseLog, type Format } from '../ingest/recognise-log.ts'
import { compileRules } from './compile.ts'
import { RuleExplainer, type Explanation } from './explain-rule.ts'
import { loadRules, type Loaded } from './load-rules.ts'
import type { RuleMatcher } from './types.ts'

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
  /** Anything a person should know, in English: skipped files, rules that failed. */
  readonly onNote: (note: string) => void
  /** Instead of matches: why this rule (its id) matches each record or does not. */
  readonly explain?: { readonly rule: string; readonly onRecord: (explained: ExplainedRecord) => Promise<void> | void }
  readonly zone?: string
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
  /** False where a rule failed, a path could not be read, or the scan was stopped. */
  readonly ok: boolean
}

const MAX_DEPTH = 64

/** Reads every log below `paths` and tells which record matches which rule. Never rejects because of what a file holds. */
export async function sigmaScan(scan: SigmaScan): Promise<SigmaScanSummary> {
  const loaded = await loadRules(scan.ruleFolders.map((path) => ({ path, builtin: false })))
  for (const { file, line, column, message } of loaded.problems)
    scan.onNote(`${file}${line > 0 ? `:${line}:${column}` : ''}: ${message}`)
  scan.onNote(`${loaded.rules.length} rules loaded, ${loaded.failed} failed`)
  const scanner = new Scanner(scan, loaded)
  if (scan.explain !== undefined && !loaded.rules.some(({ id }) => id === scan.explain?.rule)) {
    scan.onNote(`there is no rule ${scan.explain.rule}`)
    return { ...scanner.summary, ok: false }
  }
  for (const path of scan.paths) await scanner.path(path, 0)
  return scanner.summary
}

class Scanner {
  readonly #scan: SigmaScan
  readonly #loaded: Loaded
  readonly #fields = new FieldRegistry()
  readonly #matcher: RuleMatcher
  readonly #explainer: RuleExplainer | null
  readonly #row = new EventRow()
  #files = 0
  #skipped = 0
  #records = 0
  #rejected = 0
  #matches = 0
  #unread = 0

  constructor(scan: SigmaScan, loaded: Loaded) {
    this.#scan = scan
    this.#loaded = loaded
    this.#matcher = compileRules(loaded.rules, this.#fields).matcher
    const explained = loaded.rules.find(({ id }) => id === scan.explain?.rule)
    this.#explainer = explained === undefined ? null : new RuleExplainer(explained, this.#fields)
  }

  get summary(): SigmaScanSummary {
    return {
      rules: this.#loaded.rules.length,
      failed: this.#loaded.failed,
      files: this.#files,
      skipped: this.#skipped,
      records: this.#records,
      rejected: this.#rejected,
      matches: this.#matches,
      ok: this.#loaded.failed === 0 && this.#unread === 0 && this.#scan.signal?.aborted !== true,
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
      log = await openLog(path)
    } catch (error) {
      if (!(error instanceof ReadProblem)) throw error
      this.#skip(path, reasonOf(error))
      return
    }
    try {
      const format = await recogniseLog(log.pieces(), path)
      const definition = format === null ? undefined : parserById(format.id)
      if (format === null || definition === undefined) this.#skip(path, 'no format that is known here')
      else await this.#read(path, log, format, definition)
    } finally {
      await log.close()
    }
  }

  async #read(path: string, log: OpenLog, format: Format, definition: ParserDefinition): Promise<void> {
    this.#files++
    const parser = definition.create({
      fields: this.#fields,
      zone: this.#scan.zone ?? 'UTC',
      received: Date.now() * 1000,
      fileName: path,
    })
    const framer = createFramer(format.framing)
    const row = this.#row
    row.format = format.id
    let rejected = 0
    const chunk = async ({ bytes, bounds, record, refused }: Chunk): Promise<void> => {
      if (refused !== null) rejected++
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      for (let i = 0; i < bounds.length; i += 2) {
        const [start, end] = [bounds[i]!, bounds[i + 1]!]
        if (start === end) continue
        row.clear()
        const parsed = parser.parse(text.toString('utf8', start, end), row)
        if (parsed === 'header') continue
        this.#records++
        if (parsed === 'event') await this.#event(path, record + (i >> 1))
        else rejected++
      }
    }
    for await (const piece of log.pieces()) {
      if (this.#scan.signal?.aborted === true) return
      framer.push(piece)
      for (let next = framer.take(); next !== null; next = framer.take()) await chunk(next)
    }
    framer.finish()
    for (let next = framer.take(true); next !== null; next = framer.take(true)) await chunk(next)
    this.#rejected += rejected
    if (rejected > 0) this.#scan.onNote(`${path}: ${rejected} records could not be read`)
  }

  async #event(file: string, record: number): Promise<void> {
    const row = this.#row
    if (this.#explainer !== null) {
      const explanation = this.#explainer.explain(row)
      if (explanation.matches) this.#matches++
      await this.#scan.explain?.onRecord({ file, record, time: isoFromMicros(row.time, row.nanos), ...explanation })
      return
    }
    const matched = this.#matcher.match(row)
    if (matched.length === 0) return
    for (const rule of matched) {
      const { id, title, level } = this.#loaded.rules[rule]!
      this.#matches++
      await this.#scan.onMatch({
        rule: id,
        title,
        level: level === 'info' ? 'informational' : level,
        file,
        record,
        time: isoFromMicros(row.time, row.nanos),
      })
    }
  }
}
