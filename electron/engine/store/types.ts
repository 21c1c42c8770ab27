/** What handlers and ingest see of the store. `client.ts` implements it over the writer thread and the reader threads. */
import type { z } from 'zod'
import type { contract } from '../../../shared/contract.ts'
import type { Result } from '../../../shared/model/result.ts'
import type { Banner } from '../../../shared/contract.ts'
import type { RuleRun } from '../../../shared/model/rule.ts'
import type { OwnReason, Tuning } from '../../../shared/model/triage.ts'
import type { SourceSettings } from '../../../shared/model/source.ts'
import type { ScenarioPlan } from '../sigma/scenarios/scenario.ts'
import type { AssetStore } from './asset-calls.ts'
import type { Batch, Position } from './batch.ts'
import type { NewTuning } from './triage/desk-tuning.ts'
import type { NewVerification } from './desk-impact.ts'
import type { Unverified } from './queries/impact.ts'
import type { StoredSchedule } from './desk-schedules.ts'
import type { NotifyStore } from './notify-calls.ts'
import type { CaseHead, CaseStanding, CaseToTake, TakenCase } from './cases/desk-cases.ts'
import type { IncidentStore } from './incident-calls.ts'
import type { ChangedIncident } from './incidents/incident-desk.ts'
import type { Shelf } from './partition-files.ts'
import type { ReaderStart } from './reader.worker.ts'
import type { HistoryDone, HistoryTask } from './queries/history.ts'
import type { RunningScenario } from './scenarios/steps-to-scenarios.ts'

type Contract = typeof contract
export type InputOf<K extends keyof Contract> = z.output<Contract[K]['input']>
export type OutputOf<K extends keyof Contract> = Contract[K] extends { output: infer O extends z.ZodType } ? z.input<O> : never

export interface Committed {
  /** Partition, for example `2026-11-20`. */
  readonly day: string
  /** Event id of the block's first row; rows follow each other. `null` where the batch had no events. */
  readonly firstId: number | null
  readonly rows: number
  /** Earliest and latest time of its events, microseconds; `null` where it had none. */
  readonly times: readonly [number, number] | null
}

export interface CommitSink {
  /**
   * Commits a batch with its positions in one transaction. Batches commit in order of the calls. `disk_full` leaves nothing
   * behind: call again with the same batch. (Binary parts are transferred only when they were committed.)
   */
  commit(batch: Batch): Promise<Result<Committed>>
  /** Positions of a source, newest partition first. */
  positions(source: string): Promise<readonly Position[]>
  /** Positions of imports, of any source, whose `file` is one of these or begins with one of them and `:`; newest partition first. */
  importedContent(files: readonly string[]): Promise<readonly Position[]>
}

export interface StoredSource {
  readonly id: string
  readonly settings: SourceSettings
  readonly created: string
}

/** For a thread that reads the store beside the readers. */
export interface JoinsReaders {
  /** What a reader begins with, as things stand. */
  readonly readerStart: ReaderStart
  /** `setShelf` resolves when every partition that is not on the shelf is let go of. Gives what ends it. */
  joinReaders(setShelf: (shelf: Shelf) => Promise<void>): () => void
  /** A partition turned out damaged while it was read. */
  damaged(day: number, known: number): void
}

/** The store as the rest of the engine sees it. Methods named after contract methods take their input and give their output. */
export interface Store extends CommitSink, JoinsReaders {
  /** Alerts that hits of a source raised since the store was opened; all it has committed so far is counted. */
  raisedBy(source: string): Promise<number>
  /** Ids of the events that were there when the store was opened, the oldest day first: from the first of a day to before `to`. */
  found(): Promise<readonly { readonly from: number; readonly to: number }[]>
  readonly alerts: {
    [K in 'search' | 'get' | 'events' | 'around' | 'counts' | 'take' | 'release' | 'decide' | 'snooze' | 'reopen' | 'undo']: (
      input: InputOf<`alerts.${K}`>,
      by: string,
      signal: AbortSignal,
    ) => Promise<Result<OutputOf<`alerts.${K}`>>>
  }
  readonly events: {
    [K in 'search' | 'get' | 'histogram' | 'fields' | 'stats']: (
      input: InputOf<`events.${K}`>,
      signal: AbortSignal,
    ) => Promise<Result<OutputOf<`events.${K}`>>>
  }
  /** What watchers need after a change. */
  readonly watching: {
    /** Of these alerts those that fit the filter now, those that do not (or are gone), and how many fit it altogether. */
    alerts(
      filter: InputOf<'alerts.watch'>,
      ids: readonly string[],
      signal: AbortSignal,
    ): Promise<Result<{ changed: OutputOf<'alerts.search'>['alerts']; removed: readonly string[]; total: number }>>
    /** Events with ids `from` … `to - 1` that fit: the newest `limit` in order of storage, and how many more there are. */
    events(
      input: InputOf<'events.watch'> & { from: number; to: number },
      signal: AbortSignal,
    ): Promise<Result<{ events: OutputOf<'events.search'>['events']; missed: number }>>
  }
  /** Unbounded work in its own process, killed by the signal. */
  readonly hunt: {
    count(
      input: InputOf<'events.count'>,
      progress: (p: { scanned: number; of: number; count: number }) => void,
      signal: AbortSignal,
    ): Promise<Result<OutputOf<'events.count'>>>
    export(
      input: InputOf<'events.export'>,
      progress: (p: { scanned: number; of: number; written: number }) => void,
      signal: AbortSignal,
    ): Promise<Result<OutputOf<'events.export'>>>
  }
  /**
   * Rules and scenarios over what is stored, in a process of its own. `receivedFrom` (milliseconds): only what was received since the
   * beginning of that day. `raised`: alerts that it raised or joined.
   */
  history(
    input: Omit<HistoryTask, 'dataDir' | 'days' | 'aliases'> & { readonly receivedFrom?: number | null },
    progress: (p: { scanned: number; of: number; count: number }) => void,
    signal: AbortSignal,
  ): Promise<Result<Omit<HistoryDone, 'later'> & { readonly raised: number }>>
  overview(input: InputOf<'overview.numbers'>, signal: AbortSignal): Promise<Result<OutputOf<'overview.numbers'>>>
  rejected(input: InputOf<'sources.rejected'>, signal: AbortSignal): Promise<Result<OutputOf<'sources.rejected'>>>
  readonly sources: {
    list(): Promise<readonly StoredSource[]>
    save(source: StoredSource): Promise<Result<void>>
    remove(id: string): Promise<Result<void>>
    /** Totals over all partitions: records, events, rejected, bytes, last record. */
    totals(): Promise<
      Readonly<Record<string, { records: number; events: number; rejected: number; bytes: number; last: string | null }>>
    >
  }
  readonly rules: {
    /** Ids of rules that somebody switched off or on, and the user's folders. */
    settings(): Promise<{ disabled: readonly string[]; enabled: readonly string[]; folders: readonly string[] }>
    enable(ids: readonly string[], enabled: boolean): Promise<Result<void>>
    folders(folders: readonly string[]): Promise<Result<void>>
    /** Rules that run on a schedule. */
    schedules(): Promise<readonly StoredSchedule[]>
    /** `hours` null: evaluated as records arrive. */
    schedule(ids: readonly string[], hours: number | null): Promise<Result<void>>
    /** A run of these rules is over; `ran`: when it began (milliseconds), null where it did not come to its end. */
    scheduledRun(ran: number | null, runs: readonly { readonly id: string; readonly run: RuleRun }[]): Promise<Result<void>>
    /** Alerts per detection id. */
    counts(): Promise<Readonly<Record<string, { alerts: number; last: string }>>>
    /** Texts that a rule had, the newest first. `at` in microseconds. */
    versions(id: string): Promise<readonly { readonly at: number; readonly by: string; readonly text: string }[]>
    addVersion(ids: readonly string[], text: string, by: string): Promise<Result<void>>
    /** What became of a detection's alerts. */
    statistics(id: string): Promise<OutputOf<'rules.statistics'>>
  }
  readonly scenarios: {
    /** Why an alert of a scenario was raised; `plans` are those that run. */
    explain(
      input: { readonly alert: string; readonly plans: readonly ScenarioPlan[] },
      signal: AbortSignal,
    ): Promise<Result<OutputOf<'scenarios.explain'>>>
    state(
      input: { readonly plan: ScenarioPlan; readonly near: number },
      signal: AbortSignal,
    ): Promise<Result<OutputOf<'scenarios.state'>['state']>>
  }
  /** Triage by method. */
  readonly triage: {
    similar(input: InputOf<'triage.similar'>, signal: AbortSignal): Promise<Result<OutputOf<'triage.similar'>>>
    reasons(signal: AbortSignal): Promise<Result<OutputOf<'triage.reasons'>>>
    addReason(input: InputOf<'triage.addReason'>, by: string): Promise<Result<OwnReason>>
    retireReason(input: InputOf<'triage.retireReason'>, by: string): Promise<Result<OwnReason>>
    tunings(input: InputOf<'tuning.list'>, signal: AbortSignal): Promise<Result<OutputOf<'tuning.list'>>>
    /** `excepted`: alerts whose events an exception fits; null for other kinds. */
    preview(
      draft: InputOf<'tuning.preview'>,
      excepted: readonly string[] | null,
      signal: AbortSignal,
    ): Promise<Result<OutputOf<'tuning.preview'>>>
    tune(tuning: NewTuning, by: string): Promise<Result<Tuning>>
    change(id: string, expires: string, reason: string, by: string): Promise<Result<Tuning>>
    end(id: string, reason: string, by: string): Promise<Result<Tuning>>
    /** Filters of exceptions that are over, by the names of their files. */
    spentFiles(): Promise<readonly string[]>
  }
  /** Impact verification. */
  readonly impact: {
    get(input: InputOf<'impact.get'>, signal: AbortSignal): Promise<Result<OutputOf<'impact.get'>>>
    unverified(most: number, signal: AbortSignal): Promise<Result<readonly Unverified[]>>
    keep(results: readonly NewVerification[]): Promise<Result<null>>
  }
  /** Incidents: contract methods by their names. */
  readonly incidents: IncidentStore
  /** Cases that go to another desk and come from one; see `engine/case-file`. */
  readonly cases: {
    number(head: Pick<CaseHead, 'number' | 'ledger'>): Promise<Result<string>>
    /** What it would be here. */
    standing(head: Pick<CaseHead, 'number' | 'ledger'>): Promise<Result<CaseStanding>>
    /** Tells the ledger. */
    exporting(number: string, by: string): Promise<Result<null>>
    take(given: CaseToTake, by: string): Promise<Result<TakenCase>>
  }
  /** Which scenarios run from now on: before the first call none do, and nothing is lost. */
  runScenarios(scenarios: readonly RunningScenario[]): Promise<void>
  readonly views: {
    [K in 'list' | 'save' | 'remove']: (input: InputOf<`views.${K}`>) => Promise<Result<OutputOf<`views.${K}`>>>
  }
  readonly settings: {
    [K in 'get' | 'set']: (input: InputOf<`settings.${K}`>) => Promise<Result<OutputOf<`settings.${K}`>>>
  }
  /** Who is told of what, and the queue of messages. */
  readonly notify: NotifyStore
  /** Customers, assets, findings of scanners. */
  readonly assets: AssetStore
  /** Called after each commit, with ids of the stored rows; and after each change of alerts. Listeners must be quick. */
  onCommitted(listener: (committed: Committed) => void): () => void
  onAlertsChanged(listener: (changed: { ids: readonly string[] }) => void): () => void
  /** Called after each change of incidents, and of alerts that are in one. */
  onIncidentsChanged(listener: (changed: readonly ChangedIncident[]) => void): () => void
  readonly banners: readonly Banner[]
  onBanners(listener: () => void): () => void
  /** Events stored, open alerts, last alert: kept current, no query. */
  readonly numbers: { events: number; openAlerts: number; lastAlert: string | null }
  close(): Promise<void>
}
/** `data_in_use` where another instance has the folder, `data_newer` where a newer version wrote the desk. */
export type OpenStore = (dataDir: string) => Promise<Result<Store>>
