/** All sources of the desk: started, paused, changed, watched; and imports. */
import { randomUUID } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import type { Sentence } from '../../../shared/model/sentence.ts'
import type { ImportSummary, SourceSettings, SourceState, SourceStatus } from '../../../shared/model/source.ts'
import type { LogSource } from '../sigma/logsources/log-source.ts'
import type { CostReport } from '../sigma/rule-costs.ts'
import type { SigmaRule } from '../sigma/types.ts'
import type { Batch } from '../store/batch.ts'
import type { Committed, Store, StoredSource } from '../store/types.ts'
import { importFiles, type ImportOptions, type Skipped } from './importer.ts'
import { ParserPool, type ParserThreads } from './parser-pool.ts'
import { Pipeline, type Feed } from './pipeline.ts'
import { sentenceOf } from './read-problem.ts'
import { SourceStats } from './source-stats.ts'
import type { RunningSource } from './sources/define.ts'
import { sourceOfKind } from './sources/registry.ts'
import { trySource, type Tried } from './try-source.ts'

export interface RuleSet {
  readonly rules: readonly SigmaRule[]
  /** What the log sources of rules mean. */
  readonly sources: readonly LogSource[]
  onChange(listener: () => void): () => void
}
export interface IngestParts {
  readonly store: Pick<Store, 'commit' | 'raisedBy' | 'positions' | 'importedContent' | 'sources'>
  readonly rules: RuleSet
  /** How captures become events; where nothing does, imports skip them. */
  readonly captures?: ImportOptions['captures']
  /** What the rules cost on each parser thread, every few seconds. */
  readonly costs?: (thread: number, report: CostReport) => void
  /** For tests. */
  readonly threads?: ParserThreads
}
export interface ImportRequest {
  readonly paths: readonly string[]
  readonly format: string | null
  readonly zone: string
}
export interface ImportProgress {
  readonly bytes: number
  readonly of: number
  readonly records: number
  readonly file: string
}
export interface ImportOutcome {
  readonly summary: ImportSummary
  readonly skipped: readonly Skipped[]
}

interface Entry {
  stored: StoredSource
  readonly stats: SourceStats
  state: SourceState
  problem: Sentence | null
  warning: Sentence | null
  notice: Sentence | null
  running: RunningSource | null
  feed: Feed | null
  /** Starting, stopping and changing of one source come one after the other. */
  turn: Promise<unknown>
}

/** A source whose batch could not be made or stored begins again after so long, doubling. */
const AGAIN_MS = 1000
const AGAIN_MOST_MS = 60_000

/** One thread parses what one writer stores; on two cores a second one pays, more only where there are cores. */
export const parserThreads = (cores = availableParallelism()): number => Math.max(1, Math.min(4, cores))

export class Ingest {
  readonly #store: IngestParts['store']
  readonly #captures: ImportOptions['captures']
  readonly #threads: ParserThreads
  readonly #pipeline: Pipeline
  readonly #entries = new Map<string, Entry>()
  readonly #listeners = new Set<() => void>()
  /** What runs imports wants to know of each commit. */
  readonly #importing = new Map<string, (batch: Batch, committed: Committed) => void>()
  readonly #unwatchRules: () => void
  #closed = false

  constructor({ store, rules, captures, costs, threads }: IngestParts) {
    this.#captures = captures
    this.#store = store
    this.#threads = threads ?? new ParserPool(parserThreads(), costs)
    const hand = (): void => this.#threads.setRules(rules.rules, rules.sources)
    hand()
    this.#unwatchRules = rules.onChange(hand)
    this.#pipeline = new Pipeline({
      threads: this.#threads,
      sink: store,
      committed: (source, batch, committed) => this.#committed(source, batch, committed),
    })
  }

  /** Takes up all stored sources where they stood. */
  async start(): Promise<void> {
    const [sources, totals] = await Promise.all([this.#store.sources.list(), this.#store.sources.totals()])
    for (const stored of sources) {
      const entry = this.#entry(stored, Object.hasOwn(totals, stored.id) ? totals[stored.id] : undefined)
      this.#entries.set(stored.id, entry)
      if (stored.settings.paused) entry.state = stored.settings.input.kind === 'import' ? 'done' : 'paused'
      else void this.#inTurn(entry, () => this.#begin(entry))
    }
  }

  list(): SourceStatus[] {
    return [...this.#entries.values()].map((entry) => this.#status(entry))
  }

  /** Called after a change of any source's state or settings; figures change without it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Adds a source and starts it. A second one that reads the same is a `conflict`. */
  async add(settings: SourceSettings): Promise<Result<SourceStatus>> {
    const same = this.#reading(settings)
    if (same !== null) return fail({ code: 'conflict', message: `The source ${same.stored.settings.name} reads this already` })
    const stored = { id: randomUUID(), settings, created: new Date().toISOString() }
    const saved = await this.#store.sources.save(stored)
    if (!saved.ok) return saved
    const entry = this.#entry(stored)
    this.#entries.set(stored.id, entry)
    if (settings.paused) entry.state = 'paused'
    else await this.#inTurn(entry, () => this.#begin(entry))
    this.#changed()
    return ok(this.#status(entry))
  }

  /** Keeps a source whose events come from elsewhere: it is listed, and never begun. */
  async keep(stored: StoredSource): Promise<Result<void>> {
    const saved = await this.#store.sources.save(stored)
    if (!saved.ok) return saved
    const entry = this.#entry(stored)
    entry.state = 'done'
    this.#entries.set(stored.id, entry)
    this.#changed()
    return saved
  }

  async change(id: string, settings: SourceSettings): Promise<Result<SourceStatus>> {
    const entry = this.#entries.get(id)
    if (entry === undefined) return notFound(id)
    const same = this.#reading(settings, id)
    if (same !== null) return fail({ code: 'conflict', message: `The source ${same.stored.settings.name} reads this already` })
    return this.#inTurn(entry, async () => {
      const stored = { ...entry.stored, settings }
      const saved = await this.#store.sources.save(stored)
      if (!saved.ok) return saved
      await this.#end(entry)
      entry.stored = stored
      if (settings.paused) entry.state = 'paused'
      else await this.#begin(entry)
      this.#changed()
      return ok(this.#status(entry))
    })
  }

  async pause(id: string, paused: boolean): Promise<Result<SourceStatus>> {
    const entry = this.#entries.get(id)
    if (entry === undefined) return notFound(id)
    return this.change(id, { ...entry.stored.settings, paused })
  }

  /** Its events stay. */
  async remove(id: string): Promise<Result<void>> {
    const entry = this.#entries.get(id)
    if (entry === undefined) return notFound(id)
    return this.#inTurn(entry, async () => {
      await this.#end(entry)
      const removed = await this.#store.sources.remove(id)
      if (!removed.ok) return removed
      this.#entries.delete(id)
      this.#changed()
      return ok(undefined)
    })
  }

  /** What would become of the first records; stores nothing. */
  try(settings: SourceSettings): Promise<Tried> {
    return trySource(settings)
  }

  /** Imports files as a source of their own, which stays listed. Errors: what the store says, `cancelled`. */
  async runImport(
    request: ImportRequest,
    progress: (done: ImportProgress) => void,
    signal: AbortSignal,
  ): Promise<Result<ImportOutcome>> {
    const began = performance.now()
    const { paths, format, zone } = request
    const name = `Import of ${paths.length === 1 ? paths[0] : `${paths[0]} and ${paths.length - 1} more`}`.slice(0, 120)
    const stored: StoredSource = {
      id: randomUUID(),
      settings: { name, input: { kind: 'import', paths: [...paths] }, format, zone, paused: false },
      created: new Date().toISOString(),
    }
    const saved = await this.#store.sources.save(stored)
    if (!saved.ok) return saved
    const entry = this.#entry(stored)
    this.#entries.set(stored.id, entry)
    entry.state = 'running'
    this.#changed()
    const feed = (entry.feed = this.#pipeline.feed(stored.id, 'bulk'))
    const summary: ImportSummary = {
      records: 0,
      events: 0,
      alerts: 0,
      rejected: 0,
      bytes: 0,
      seconds: 0,
      byType: {},
      skipped: [],
    }
    const byType = new Map<string, number>()
    this.#importing.set(stored.id, (batch) => {
      summary.records += batch.records
      summary.events += batch.block?.rows ?? 0
      summary.rejected += batch.rejectedCount
      summary.bytes += batch.bytes
      for (const { type, count } of batch.events) byType.set(type, (byType.get(type) ?? 0) + count)
    })
    let at: Omit<ImportProgress, 'records'> = { bytes: 0, of: 0, file: '' }
    try {
      const { skipped } = await importFiles({
        paths,
        feed,
        format,
        zone,
        csv: undefined,
        signal,
        captures: this.#captures,
        importedContent: (files) => this.#store.importedContent(files),
        progress: (done) => progress({ ...(at = done), records: summary.records }),
      })
      await feed.drained()
      progress({ ...at, records: summary.records })
      entry.state = feed.error === null ? 'done' : 'failed'
      entry.problem = feed.why
      if (feed.error !== null) return fail(feed.error)
      summary.alerts = await this.#store.raisedBy(stored.id)
      // An import that was stopped is taken up again only by importing again.
      await this.#store.sources.save((entry.stored = { ...stored, settings: { ...stored.settings, paused: true } }))
      if (signal.aborted) return fail({ code: 'cancelled', message: 'The import was stopped; what was read is stored' })
      summary.seconds = Math.round(performance.now() - began) / 1000
      summary.byType = Object.fromEntries([...byType].sort((a, b) => b[1] - a[1]))
      summary.skipped = skipped.map(({ path, reason }) => ({ path, reason }))
      return ok({ summary, skipped })
    } catch (error) {
      entry.state = 'failed'
      entry.problem = sentenceOf(error)
      throw error
    } finally {
      this.#importing.delete(stored.id)
      this.#pipeline.release(feed)
      entry.feed = null
      this.#changed()
    }
  }

  /** Stops reading, commits what is under way, ends the threads. */
  async close(): Promise<void> {
    this.#closed = true
    this.#unwatchRules()
    await Promise.all([...this.#entries.values()].map((entry) => this.#inTurn(entry, () => this.#end(entry))))
    await this.#pipeline.close()
    await this.#threads.close()
    this.#listeners.clear()
  }

  #entry(stored: StoredSource, totals?: ConstructorParameters<typeof SourceStats>[0]): Entry {
    return {
      stored,
      stats: new SourceStats(totals),
      state: 'waiting',
      problem: null,
      warning: null,
      notice: null,
      running: null,
      feed: null,
      turn: Promise.resolve(),
    }
  }

  #inTurn<T>(entry: Entry, work: () => Promise<T>): Promise<T> {
    const turn = entry.turn.then(work, work)
    entry.turn = turn.catch(() => undefined)
    return turn
  }

  #reading(settings: SourceSettings, except?: string): Entry | null {
    const { input } = settings
    if (input.kind === 'import') return null
    const key = JSON.stringify(input)
    for (const entry of this.#entries.values())
      if (entry.stored.id !== except && JSON.stringify(entry.stored.settings.input) === key && !(portOf(input) === 0))
        return entry
    return null
  }

  async #begin(entry: Entry, again = AGAIN_MS): Promise<void> {
    if (this.#closed) return
    const { id, settings } = entry.stored
    const { input } = settings
    const feed = (entry.feed = this.#pipeline.feed(id, input.kind === 'import' ? 'bulk' : 'live'))
    entry.warning = null
    entry.notice = null
    const stored = (): ReturnType<IngestParts['store']['positions']> => this.#store.positions(id)
    const running = sourceOfKind(input.kind).start({
      id,
      input,
      settings,
      feed,
      positions: await stored(),
      stored,
      captures: this.#captures,
      importedContent: (files) => this.#store.importedContent(files),
      state: (state, problem) => {
        if (entry.feed !== feed) return
        entry.state = state
        entry.problem = problem
        if (state === 'done' && input.kind === 'import')
          void this.#store.sources.save(
            (entry.stored = { ...entry.stored, settings: { ...entry.stored.settings, paused: true } }),
          )
        this.#changed()
      },
      warning: (warning) => {
        if (entry.feed !== feed) return
        entry.warning = warning
        this.#changed()
      },
      notice: (notice) => {
        if (entry.feed !== feed) return
        entry.notice = notice
        this.#changed()
      },
    })
    entry.running = running
    void this.#restart(entry, feed, again)
  }

  /** Waits for the feed to fail, and then begins again from what is committed. */
  async #restart(entry: Entry, feed: Feed, again: number): Promise<void> {
    await feed.failed()
    if (this.#closed || entry.feed !== feed) return
    entry.state = 'failed'
    entry.problem = feed.why
    this.#changed()
    await new Promise((resolve) => setTimeout(resolve, again).unref())
    await this.#inTurn(entry, async () => {
      if (this.#closed || entry.feed !== feed) return
      await this.#end(entry)
      await this.#begin(entry, Math.min(again * 2, AGAIN_MOST_MS))
    })
  }

  async #end(entry: Entry): Promise<void> {
    const { running, feed } = entry
    entry.running = null
    entry.feed = null
    await running?.close()
    if (feed !== null) {
      if (!this.#closed) await feed.drained()
      this.#pipeline.release(feed)
    }
  }

  #committed(source: string, batch: Batch, committed: Committed): void {
    this.#entries.get(source)?.stats.add(batch)
    this.#importing.get(source)?.(batch, committed)
  }

  #status({ stored, stats, state, problem, warning, notice, running, feed }: Entry): SourceStatus {
    const waiting = (running?.waiting() ?? 0) + (feed?.bytes ?? 0)
    const { totals } = stats
    return {
      id: stored.id,
      settings: stored.settings,
      state,
      problem: problem ?? warning,
      notice: state === 'running' ? notice : null,
      formats: [...stats.formats],
      rate: stats.rate(),
      rates: stats.rates(),
      lag:
        waiting > 0 && totals.last !== null && state === 'running' ? Math.max(0, Date.now() - Date.parse(totals.last)) / 1000 : 0,
      waiting,
      lastRecord: totals.last,
      records: totals.records,
      events: totals.events,
      rejected: totals.rejected,
      bytes: totals.bytes,
    }
  }

  #changed(): void {
    for (const listener of this.#listeners) listener()
  }
}

const portOf = (input: SourceSettings['input']): number | null => ('port' in input ? input.port : null)
const notFound = (id: string): { ok: false; error: { code: 'not_found'; message: string } } =>
  fail({ code: 'not_found', message: `There is no source ${id}` })
