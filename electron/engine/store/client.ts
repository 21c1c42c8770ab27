/** The store as the engine's main thread uses it: calls to the writer thread, to reader threads, and to hunting processes. */
import { Worker } from 'node:worker_threads'
import type { Banner } from '../../../shared/contract.ts'
import { fail, ok } from '../../../shared/model/result.ts'
import type { Result } from '../../../shared/model/result.ts'
import { aliasTable } from '../ingest/parsers/registry.ts'
import { engineFile } from '../paths.ts'
import { assetStore } from './asset-calls.ts'
import type { Batch } from './batch.ts'
import { exportPath, hunt } from './hunts.ts'
import { notifyStore } from './notify-calls.ts'
import { incidentStore } from './incident-calls.ts'
import type { ChangedIncident } from './incidents/incident-desk.ts'
import { ReaderPool } from './reader-pool.ts'
import type { HistoryDone } from './queries/history.ts'
import type { Answer, Question, QuestionInput } from './reader.ts'
import { dayOf, type Shelf } from './partition-files.ts'
import type { Committed, OpenStore, Store } from './types.ts'
import { PendingCalls } from './worker-calls.ts'
import type { FromWriter, ToWriter, WriterCall, WriterInput, WriterOutput, WriterStart } from './writer.worker.ts'
import type { Numbers } from './writer.ts'

export interface StoreOptions {
  /** Hits of one detection on one pair this far apart (minutes of event time) are still one alert; default 60. */
  readonly windowMinutes?: number
  readonly fulltext?: 'words' | 'trigrams'
  /** Native field name → canonical names; default: what the parsers say. */
  readonly aliases?: ReadonlyMap<string, readonly string[]>
  /** The writer thread ended by itself: nothing can be stored any more, and the engine should end. */
  readonly onWriterLost?: () => void
  /** Whether reader threads begin at once (default) or with the first question: an import asks none. */
  readonly readAtOnce?: boolean
  /** The thorough check of partitions runs this long after start; default 5000. Milliseconds. */
  readonly checkAfter?: number
}

class Listeners<T> {
  readonly #all = new Set<(value: T) => void>()
  add(listener: (value: T) => void): () => void {
    this.#all.add(listener)
    return () => void this.#all.delete(listener)
  }
  tell(value: T): void {
    for (const listener of this.#all) listener(value)
  }
}

/** Opens the store in a data folder, which is made where it is missing. Errors: `data_in_use`, `data_newer`, `disk_full`, `internal`. */
export const openStore: OpenStore = (dataDir) => openStoreWith(dataDir, {})

export async function openStoreWith(dataDir: string, options: StoreOptions): Promise<Result<Store>> {
  const { windowMinutes, fulltext } = options
  const start: WriterStart = {
    dataDir,
    options: { ...(windowMinutes === undefined ? {} : { windowMinutes }), ...(fulltext === undefined ? {} : { fulltext }) },
  }
  const worker = new Worker(engineFile('writer.worker'), { workerData: start })
  const opened = await new Promise<Extract<FromWriter, { kind: 'opened' }>['result']>((resolve) => {
    worker.once('message', (message: FromWriter) => {
      if (message.kind === 'opened') resolve(message.result)
    })
    worker.once('error', (error) => {
      process.stderr.write(`store: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
      resolve(fail({ code: 'internal', message: 'The store cannot be opened.', correlationId: 'open' }))
    })
  })
  if (!opened.ok) return opened
  return ok(makeStore(dataDir, options, worker, opened.value))
}

function makeStore(
  dataDir: string,
  options: StoreOptions,
  worker: Worker,
  first: { readonly shelf: Shelf; readonly banners: readonly Banner[]; readonly numbers: Numbers },
): Store {
  const aliases = options.aliases ?? aliasTable
  const calls = new PendingCalls()
  const committed = new Listeners<Committed>()
  const alertsChanged = new Listeners<{ ids: readonly string[] }>()
  const incidentsChanged = new Listeners<readonly ChangedIncident[]>()
  const bannersChanged = new Listeners<void>()
  const ending = new AbortController()
  let { numbers, banners } = first
  let { shelf } = first
  let lost = false
  let closing = false

  function callWriter<C extends WriterCall>(
    call: C,
    ...[input]: WriterInput<C> extends undefined ? [] : [WriterInput<C>]
  ): Promise<Result<WriterOutput<C>>> {
    if (lost || closing)
      return Promise.resolve(fail({ code: 'internal', message: 'The store is closed.', correlationId: 'closed' }))
    return calls.start<WriterOutput<C>>((id) => worker.postMessage({ kind: 'call', id, call, input } satisfies ToWriter)).result
  }
  /** For what cannot fail but by a bug or a lost writer. */
  async function fromWriter<C extends WriterCall>(
    call: C,
    ...input: WriterInput<C> extends undefined ? [] : [WriterInput<C>]
  ): Promise<WriterOutput<C>> {
    const result = await callWriter(call, ...input)
    if (result.ok) return result.value
    throw new Error(result.error.message)
  }

  const readers = new ReaderPool({ dataDir, shelf, aliases }, (day, known) => void setAside(day, known))
  if (options.readAtOnce !== false) readers.begin()
  const guests = new Set<(shelf: Shelf) => Promise<void>>()
  const setShelf = async (): Promise<void> =>
    void (await Promise.all([readers.setShelf(shelf), ...[...guests].map((guest) => guest(shelf))]))
  /** Readers let go of the partition before it is renamed: some systems do not rename open files. */
  async function setAside(day: number, known: number): Promise<void> {
    if (!shelf.days.includes(day)) return
    shelf = { ...shelf, days: shelf.days.filter((other) => other !== day) }
    await setShelf()
    await callWriter('setAside', [day, known])
  }

  worker.on('message', (message: FromWriter) => {
    switch (message.kind) {
      case 'done':
        calls.settle(message.id, message.result)
        break
      case 'committed':
        numbers = message.numbers
        committed.tell(message.committed)
        break
      case 'alerts':
        numbers = message.numbers
        alertsChanged.tell({ ids: message.ids })
        break
      case 'incidents':
        incidentsChanged.tell(message.changed)
        break
      case 'banners':
        banners = message.banners
        bannersChanged.tell()
        break
      case 'shelf':
        shelf = message.shelf
        numbers = message.numbers
        void setShelf()
        break
      case 'opened':
        break
    }
  })
  worker.on('error', (error) =>
    process.stderr.write(
      `store: the writer failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    ),
  )
  worker.once('exit', () => {
    lost = true
    calls.failAll('The writer of the store has ended.')
    if (!closing) options.onWriterLost?.()
  })

  const ask = <Q extends Question>(question: Q, input: QuestionInput<Q>, signal: AbortSignal): Promise<Answer<Q>> =>
    readers.ask(question, input, signal)
  const place = () => ({ dataDir, days: shelf.days, aliases: [...aliases] })
  const both = (signal: AbortSignal): AbortSignal => AbortSignal.any([signal, ending.signal])

  const check = setTimeout(() => void checkPartitions(), options.checkAfter ?? 5000)
  check.unref()
  /** The thorough check, in the background, of what changed since it last passed. */
  async function checkPartitions(): Promise<void> {
    const unchecked = await callWriter('unchecked')
    if (!unchecked.ok || unchecked.value.length === 0) return
    const known = shelf.setAside
    const on = { checked: (day: number, sound: boolean) => void (sound ? callWriter('checked', day) : setAside(day, known)) }
    await hunt({ kind: 'check', partitions: unchecked.value }, on, ending.signal)
  }

  return {
    commit: (batch: Batch) => callWriter('commit', batch),
    raisedBy: (source) => fromWriter('raisedBy', source),
    found: () => fromWriter('found'),
    positions: (source) => fromWriter('positions', source),
    importedContent: (files) => fromWriter('importedContent', files),
    alerts: {
      search: (input, _by, signal) => ask('alerts.search', input, signal),
      get: (input, _by, signal) => ask('alerts.get', input, signal),
      events: (input, _by, signal) => ask('alerts.events', input, signal),
      around: (input, _by, signal) => ask('alerts.around', input, signal),
      counts: (input, _by, signal) => ask('alerts.counts', input, signal),
      take: (input, by) => callWriter('act', ['take', input, by]),
      release: (input, by) => callWriter('act', ['release', input, by]),
      decide: (input, by) => callWriter('act', ['decide', input, by]),
      snooze: (input, by) => callWriter('act', ['snooze', input, by]),
      reopen: (input, by) => callWriter('act', ['reopen', input, by]),
      undo: (_input, by) => callWriter('undo', by),
    },
    events: {
      search: (input, signal) => ask('events.search', input, signal),
      get: (input, signal) => ask('events.get', input, signal),
      histogram: (input, signal) => ask('events.histogram', input, signal),
      fields: (input, signal) => ask('events.fields', input, signal),
      stats: (input, signal) => ask('events.stats', input, signal),
    },
    watching: {
      alerts: (filter, ids, signal) =>
        ask('alerts.pick', { filter, ids }, signal).then((result) =>
          result.ok ? ok({ ...result.value, changed: [...result.value.changed] }) : result,
        ),
      events: (input, signal) =>
        ask('events.tail', input, signal).then((result) => (result.ok ? ok({ ...result.value }) : result)),
    },
    hunt: {
      count: (input, progress, signal) => hunt({ kind: 'count', ...place(), input }, { progress }, both(signal)),
      async export(input, progress, signal) {
        const target = exportPath(dataDir, input.path, input.format, new Date())
        if (!target.ok) return target
        return hunt(
          { kind: 'export', ...place(), input, ...target.value },
          { progress: ({ scanned, of, count }) => progress({ scanned, of, written: count }) },
          both(signal),
        )
      },
    },
    async history({ receivedFrom = null, ...input }, progress, signal) {
      const { days, ...where } = place()
      const asked = receivedFrom === null ? days : days.filter((day) => day >= dayOf(receivedFrom))
      const done = await hunt<HistoryDone>({ kind: 'history', ...where, days: asked, ...input }, { progress }, both(signal))
      if (!done.ok || done.value.later.length === 0) return done.ok ? ok({ ...done.value, raised: 0 }) : done
      const raised = await callWriter('raiseLater', done.value.later)
      return raised.ok ? ok({ ...done.value, raised: raised.value }) : raised
    },
    overview: (input, signal) => ask('overview', input, signal),
    rejected: (input, signal) => ask('rejected', input, signal),
    sources: {
      list: () => fromWriter('sources'),
      save: (source) => callWriter('saveSource', source),
      remove: (id) => callWriter('removeSource', id),
      totals: () => fromWriter('totals'),
    },
    rules: {
      settings: () => fromWriter('rules'),
      enable: (ids, enabled) => callWriter('enableRules', [ids, enabled]),
      folders: (folders) => callWriter('setFolders', folders),
      schedules: () => fromWriter('schedules'),
      schedule: (ids, hours) => callWriter('schedule', [ids, hours]),
      scheduledRun: (ran, runs) => callWriter('scheduledRun', [ran, runs]),
      counts: () => fromWriter('ruleCounts'),
      versions: (id) => fromWriter('ruleVersions', id),
      addVersion: (ids, text, by) => callWriter('addRuleVersion', [ids, text, by]),
      statistics: (id) => fromWriter('ruleStatistics', id),
    },
    scenarios: {
      explain: (input, signal) => ask('scenarios.explain', input, signal),
      state: (input, signal) => ask('scenarios.state', input, signal),
    },
    triage: {
      similar: (input, signal) => ask('triage.similar', input, signal),
      reasons: (signal) => ask('triage.reasons', {}, signal),
      addReason: (input, by) => callWriter('addReason', [input, by]),
      retireReason: (input, by) => callWriter('retireReason', [input, by]),
      tunings: (input, signal) => ask('tuning.list', input, signal),
      preview: (draft, excepted, signal) => ask('tuning.preview', { draft, excepted }, signal),
      tune: (tuning, by) => callWriter('tune', [tuning, by]),
      change: (id, expires, reason, by) => callWriter('changeTuning', [id, expires, reason, by]),
      end: (id, reason, by) => callWriter('endTuning', [id, reason, by]),
      spentFiles: () => fromWriter('spentFiles'),
    },
    impact: {
      get: (input, signal) => ask('impact.get', input, signal),
      unverified: (most, signal) => ask('impact.unverified', { most }, signal),
      keep: (results) => callWriter('verified', results),
    },
    incidents: incidentStore(ask, (call, input, by) => callWriter('incident', [call, input, by])),
    cases: {
      number: (head) => callWriter('caseNumber', head),
      standing: (head) => callWriter('caseStanding', head),
      exporting: async (number, by) => {
        const told = await callWriter('exportingCase', [number, by])
        return told.ok ? ok(null) : told
      },
      take: (given, by) => callWriter('takeCase', [given, by]),
    },
    runScenarios: async (scenarios) => void (await fromWriter('runScenarios', scenarios)),
    views: {
      list: ({ page }) => callWriter('views', page),
      save: (view) => callWriter('saveView', view),
      remove: ({ id }) => callWriter('removeView', id),
    },
    settings: {
      get: ({ key }) => callWriter('setting', key),
      set: ({ key, value }) => callWriter('setSetting', [key, value]),
    },
    notify: notifyStore((call, args) => callWriter('notify', [call, args])),
    assets: assetStore((call, args) => callWriter('assets', [call, args])),
    get readerStart() {
      return { dataDir, shelf, aliases }
    },
    joinReaders(guest) {
      guests.add(guest)
      return () => void guests.delete(guest)
    },
    damaged: (day, known) => void setAside(day, known),
    onCommitted: (listener) => committed.add(listener),
    onAlertsChanged: (listener) => alertsChanged.add(listener),
    onIncidentsChanged: (listener) => incidentsChanged.add(listener),
    get banners() {
      return banners
    },
    onBanners: (listener) => bannersChanged.add(listener),
    get numbers() {
      return numbers
    },
    async close() {
      if (closing) return
      clearTimeout(check)
      ending.abort()
      await readers.close()
      const closed = lost ? null : calls.start((id) => worker.postMessage({ kind: 'close', id } satisfies ToWriter)).result
      closing = true
      await closed
      if (!lost) await new Promise<void>((resolve) => worker.once('exit', () => resolve()))
    },
  }
}
