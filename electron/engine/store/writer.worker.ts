/** The writer thread. In: {@link ToWriter}, answered in order; out: {@link FromWriter}. */
import { parentPort, workerData } from 'node:worker_threads'
import type { Banner } from '../../../shared/contract.ts'
import { ok } from '../../../shared/model/result.ts'
import type { Result } from '../../../shared/model/result.ts'
import { answerNotify, type NotifyCall } from './notify-calls.ts'
import type { ChangedIncident } from './incidents/incident-desk.ts'
import { DEFAULT_OPTIONS, StoreWriter } from './writer.ts'
import type { Numbers, WriterEvents, WriterOptions } from './writer.ts'
import type { Shelf } from './partition-files.ts'
import { answerAssets, type AssetCall } from './asset-calls.ts'
import type { Committed } from './types.ts'

export interface WriterStart {
  readonly dataDir: string
  readonly options: Partial<Pick<WriterOptions, 'windowMinutes' | 'fulltext'>>
}

/** What can be asked of the writer thread, by name. */
const calls = {
  commit: (writer: StoreWriter, batch: Parameters<StoreWriter['commit']>[0]) => writer.commit(batch),
  act: (writer: StoreWriter, [name, input, by]: Parameters<StoreWriter['act']>) => writer.act(name, input, by),
  undo: (writer: StoreWriter, by: string) => writer.undo(by),
  positions: (writer: StoreWriter, source: string) => ok(writer.partitions.positions(source)),
  importedContent: (writer: StoreWriter, files: readonly string[]) => ok(writer.partitions.importedContent(files)),
  raisedBy: (writer: StoreWriter, source: string) => ok(writer.hits.raisedBy(source)),
  found: (writer: StoreWriter) => ok(writer.partitions.found),
  totals: (writer: StoreWriter) => ok(writer.partitions.totals.shown()),
  sources: (writer: StoreWriter) => ok(writer.settings.sources()),
  saveSource: (writer: StoreWriter, source: Parameters<StoreWriter['settings']['saveSource']>[0]) =>
    writer.change(() => writer.settings.saveSource(source)),
  removeSource: (writer: StoreWriter, id: string) => writer.change(() => writer.settings.removeSource(id)),
  rules: (writer: StoreWriter) => ok(writer.settings.rules()),
  enableRules: (writer: StoreWriter, [ids, enabled]: Parameters<StoreWriter['settings']['enableRules']>) =>
    writer.change(() => writer.settings.enableRules(ids, enabled)),
  schedules: (writer: StoreWriter) => ok(writer.schedules.all()),
  schedule: (writer: StoreWriter, [ids, hours]: Parameters<StoreWriter['schedules']['set']>) =>
    writer.change(() => writer.schedules.set(ids, hours)),
  scheduledRun: (writer: StoreWriter, [ran, runs]: Parameters<StoreWriter['schedules']['done']>) =>
    writer.change(() => writer.schedules.done(ran, runs)),
  assets: (writer: StoreWriter, [call, args]: readonly [AssetCall, readonly unknown[]]) =>
    writer.change(() => answerAssets(writer.assets, call, args)),
  setFolders: (writer: StoreWriter, folders: readonly string[]) => writer.change(() => writer.settings.setFolders(folders)),
  ruleVersions: (writer: StoreWriter, id: string) => ok(writer.settings.ruleVersions(id)),
  addRuleVersion: (writer: StoreWriter, [ids, text, by]: readonly [readonly string[], string, string]) =>
    writer.change(() => writer.settings.addRuleVersion(ids, text, by, Date.now() * 1000)),
  ruleStatistics: (writer: StoreWriter, id: string) => ok(writer.settings.ruleStatistics(id)),
  ruleCounts: (writer: StoreWriter) => ok(writer.ruleCounts()),
  views: (writer: StoreWriter, page: Parameters<StoreWriter['settings']['views']>[0]) => ok(writer.settings.views(page)),
  saveView: (writer: StoreWriter, view: Parameters<StoreWriter['settings']['saveView']>[0]) =>
    writer.settle(() => writer.settings.saveView(view, Date.now() * 1000)),
  removeView: (writer: StoreWriter, id: string) => writer.settle(() => writer.settings.removeView(id)),
  setting: (writer: StoreWriter, key: string) => ok({ value: writer.settings.setting(key) }),
  setSetting: (writer: StoreWriter, [key, value]: Parameters<StoreWriter['settings']['setSetting']>) =>
    writer.settle(() => writer.settings.setSetting(key, value)),
  tune: (writer: StoreWriter, [tuning, by]: Parameters<StoreWriter['tune']>) => writer.tune(tuning, by),
  addReason: (writer: StoreWriter, [input, by]: Parameters<StoreWriter['addReason']>) => writer.addReason(input, by),
  retireReason: (writer: StoreWriter, [input, by]: Parameters<StoreWriter['retireReason']>) => writer.retireReason(input, by),
  changeTuning: (writer: StoreWriter, [id, expires, reason, by]: Parameters<StoreWriter['changeTuning']>) =>
    writer.changeTuning(id, expires, reason, by),
  endTuning: (writer: StoreWriter, [id, reason, by]: Parameters<StoreWriter['endTuning']>) => writer.endTuning(id, reason, by),
  spentFiles: (writer: StoreWriter) => ok(writer.tuning.spentFiles(Date.now() * 1000)),
  verified: (writer: StoreWriter, results: Parameters<StoreWriter['verified']>[0]) => writer.verified(results),
  incident: (writer: StoreWriter, [call, input, by]: Parameters<StoreWriter['incident']>) => writer.incident(call, input, by),
  caseNumber: (writer: StoreWriter, head: Parameters<StoreWriter['cases']['numberFor']>[0]) =>
    writer.settle(() => writer.cases.numberFor(head)),
  caseStanding: (writer: StoreWriter, head: Parameters<StoreWriter['cases']['standing']>[0]) =>
    writer.settle(() => writer.cases.standing(head)),
  exportingCase: (writer: StoreWriter, [number, by]: readonly [string, string]) =>
    writer.incident('exportCase', { number, by }, by),
  takeCase: (writer: StoreWriter, [given, by]: Parameters<StoreWriter['takeCase']>) => writer.takeCase(given, by),
  runScenarios: (writer: StoreWriter, scenarios: Parameters<StoreWriter['runScenarios']>[0]) => writer.runScenarios(scenarios),
  raiseLater: (writer: StoreWriter, hits: Parameters<StoreWriter['raiseLater']>[0]) => writer.raiseLater(hits),
  notify: (writer: StoreWriter, [call, args]: readonly [NotifyCall, readonly unknown[]]) =>
    writer.settle(() => answerNotify(writer.telling, call, args)),
  unchecked: (writer: StoreWriter) => ok(writer.partitions.unchecked()),
  checked: (writer: StoreWriter, day: number) => writer.change(() => writer.partitions.checked(day)),
  setAside: (writer: StoreWriter, [day, known]: Parameters<StoreWriter['partitions']['setAside']>) =>
    writer.change(() => writer.partitions.setAside(day, known)),
} as const
export type WriterCall = keyof typeof calls
export type WriterInput<C extends WriterCall> = Parameters<(typeof calls)[C]> extends [StoreWriter, infer I] ? I : undefined
export type WriterOutput<C extends WriterCall> = ReturnType<(typeof calls)[C]> extends Result<infer T> ? T : never

export type ToWriter =
  | { readonly kind: 'call'; readonly id: number; readonly call: WriterCall; readonly input: unknown }
  | { readonly kind: 'close'; readonly id: number }
export type FromWriter =
  | {
      readonly kind: 'opened'
      readonly result: Result<{
        readonly shelf: Shelf
        readonly banners: readonly Banner[]
        readonly numbers: Numbers
      }>
    }
  | { readonly kind: 'done'; readonly id: number; readonly result: Result<unknown> }
  | { readonly kind: 'committed'; readonly committed: Committed; readonly numbers: Numbers }
  | { readonly kind: 'alerts'; readonly ids: readonly string[]; readonly numbers: Numbers }
  | { readonly kind: 'incidents'; readonly changed: readonly ChangedIncident[] }
  | { readonly kind: 'banners'; readonly banners: readonly Banner[] }
  | { readonly kind: 'shelf'; readonly shelf: Shelf; readonly numbers: Numbers }

/** Longest stretch of upkeep, after which waiting commits are looked for; and how often it is looked whether there is any. Milliseconds. */
const SLICE = 15
const IDLE = 500
/** Milliseconds without a commit after which gathered hits are applied. */
const GATHERED = 300
const CHECKPOINT = 5_000
const FIRST_BACKUP = 60_000
const BACKUP = 6 * 3_600_000

if (parentPort) {
  const port = parentPort
  const { dataDir, options } = workerData as WriterStart
  const post = (message: FromWriter): void => port.postMessage(message)
  let opened: StoreWriter | null = null
  const events: WriterEvents = {
    committed: (committed) => opened && post({ kind: 'committed', committed, numbers: opened.numbers }),
    alertsChanged: (ids) => opened && post({ kind: 'alerts', ids, numbers: opened.numbers }),
    incidents: (changed) => post({ kind: 'incidents', changed }),
    banners: (banners) => opened && post({ kind: 'banners', banners }),
    shelf: (shelf) => opened && post({ kind: 'shelf', shelf, numbers: opened.numbers }),
  }
  const result = StoreWriter.open(dataDir, events, { ...DEFAULT_OPTIONS, ...options })
  if (!result.ok) {
    post({ kind: 'opened', result })
    port.close()
  } else {
    const writer = (opened = result.value)
    post({ kind: 'opened', result: ok({ shelf: writer.shelf, banners: writer.banners, numbers: writer.numbers }) })
    let timer = setTimeout(upkeep, IDLE)
    let checkpointed = performance.now()
    let dirty = false
    function upkeep(): void {
      let more = false
      try {
        more = writer.tick(SLICE)
        if (dirty && performance.now() - checkpointed > CHECKPOINT) {
          writer.checkpoint()
          checkpointed = performance.now()
          dirty = false
        }
      } catch (error) {
        process.stderr.write(`store: upkeep failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
      }
      // A commit that waits is read before the next slice.
      timer = setTimeout(upkeep, more ? 1 : IDLE)
    }
    const backup = (): void => {
      writer
        .backupDesk()
        .catch((error: unknown) => process.stderr.write(`store: the copy of the desk failed: ${String(error)}\n`))
    }
    const timers = [setTimeout(backup, FIRST_BACKUP), setInterval(backup, BACKUP)]
    port.on('message', (message: ToWriter) => {
      if (message.kind === 'close') {
        clearTimeout(timer)
        for (const one of timers) clearTimeout(one)
        writer.close()
        post({ kind: 'done', id: message.id, result: ok(undefined) })
        port.close()
        return
      }
      dirty = true
      const run = calls[message.call] as (writer: StoreWriter, input: unknown) => Result<unknown>
      post({ kind: 'done', id: message.id, result: writer.settle(() => run(writer, message.input)) })
      // What a bulk of commits has gathered is applied when no other follows.
      if (writer.hits.gathers || writer.scenarios.gathers) {
        clearTimeout(timer)
        timer = setTimeout(upkeep, GATHERED)
      }
    })
  }
}
