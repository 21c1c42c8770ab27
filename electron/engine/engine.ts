/** The engine: store, rules, ingest and demonstration put together, behind the handlers of the contract. */
import { join } from 'node:path'
import type { EngineStatus } from '../../shared/contract.ts'
import { ok, type Result } from '../../shared/model/result.ts'
import { isoFromMicros } from '../../shared/model/time.ts'
import { AssetViews } from './assets/asset-views.ts'
import { Assets } from './assets/assets.ts'
import { Observer } from './assets/observe/observer.ts'
import { CaseFiles } from './case-file/case-files.ts'
import { DemoService } from './demo/demo-service.ts'
import { AutomaticCarving } from './evidence/automatic-carving.ts'
import { EvidenceRoom } from './evidence/evidence-room.ts'
import { FlowCarver } from './evidence/flow-carver.ts'
import { FlowFinder } from './evidence/flow-finder.ts'
import { Uploads } from './evidence/uploads.ts'
import { EvidenceVault } from './evidence/vault.ts'
import { alertHandlers } from './handlers/alerts.ts'
import { assetHandlers } from './handlers/assets.ts'
import { caseFileHandlers } from './handlers/case-files.ts'
import { demoHandlers } from './handlers/demo.ts'
import { engineHandlers } from './handlers/engine.ts'
import { eventHandlers } from './handlers/events.ts'
import { impactHandlers } from './handlers/impact.ts'
import { importHandlers } from './handlers/import.ts'
import { incidentEvidenceHandlers } from './handlers/incident-evidence.ts'
import { incidentPlaybookHandlers } from './handlers/incident-playbooks.ts'
import { incidentProposalHandlers } from './handlers/incident-proposals.ts'
import { incidentReportHandlers } from './handlers/incident-reports.ts'
import { incidentHandlers } from './handlers/incidents.ts'
import { libraryHandlers } from './handlers/library.ts'
import { logSourceHandlers } from './handlers/log-sources.ts'
import { overviewHandlers } from './handlers/overview.ts'
import { notifyHandlers } from './handlers/notify.ts'
import { packHandlers } from './handlers/packs.ts'
import { packetHandlers } from './handlers/packets.ts'
import { ruleHandlers } from './handlers/rules.ts'
import { scenarioHandlers } from './handlers/scenarios.ts'
import { settingHandlers } from './handlers/settings.ts'
import { sourceHandlers } from './handlers/sources.ts'
import { triageHandlers } from './handlers/triage.ts'
import { viewHandlers } from './handlers/views.ts'
import { workbenchHandlers } from './handlers/workbench.ts'
import type { Engine } from './hosts/engine-interface.ts'
import { IncidentPlaybooks } from './incidents/playbooks/incident-playbooks.ts'
import { playbookFolders } from './incidents/playbooks/load-playbooks.ts'
import { PlaybookLibrary } from './incidents/playbooks/playbook-library.ts'
import { IncidentProposals } from './incidents/proposal/incident-proposals.ts'
import { IncidentReports } from './incidents/report/incident-reports.ts'
import { Ingest } from './ingest/ingest.ts'
import { watchLoopDelay } from './loop-delay.ts'
import { Notify } from './notify/notify.ts'
import { PacketBench } from './packets/bench/bench.ts'
import { CaptureLibrary } from './packets/library/capture-library.ts'
import { captureEvents } from './packets/events/capture-events.ts'
import { PacketLinks } from './packets/links/packet-links.ts'
import { resourcesDir } from './paths.ts'
import { ruleBanners } from './rule-banners.ts'
import { RuleLibrary } from './sigma/library.ts'
import { OwnLogSources } from './sigma/logsources/own-log-sources.ts'
import { shippedLogSources } from './sigma/logsources/table.ts'
import { OwnLists } from './sigma/placeholders/own-lists.ts'
import { PackPlaces } from './sigma/packs/place-pack.ts'
import { Packs } from './sigma/packs/packs.ts'
import { RuleCosts } from './sigma/rule-costs.ts'
import { RuleSchedules } from './sigma/schedule/rule-schedules.ts'
import { ScheduledRuns } from './sigma/schedule/scheduled-runs.ts'
import { OwnRules } from './sigma/workbench/own-rules.ts'
import { sourceBanners } from './source-banners.ts'
import { openStoreWith } from './store/client.ts'
import { Tunings } from './triage/tunings.ts'
import { CaptureStreams } from './verify/gather/streams.ts'
import { deskKnows } from './verify/desk-knows.ts'
import { impactTests } from './verify/registry.ts'
import { Verifier } from './verify/verifier.ts'
import { VERSION } from './version.ts'

export interface EngineOptions {
  readonly dataDir: string
}

/**
 * Opens the desk in a data folder (made where it is missing) and starts its sources. Errors: `data_in_use` where another
 * instance has the folder, `data_newer` where a newer version wrote it.
 */
export async function createEngine({ dataDir }: EngineOptions): Promise<Result<Engine>> {
  const opening = openStoreWith(dataDir, {
    // Without its writer an engine can only look alive: whoever supervises it starts a new one.
    onWriterLost: () => {
      process.stderr.write('watchfloor: the writer thread ended; the engine ends with it\n')
      process.exit(1)
    },
  })
  // Read while the store's threads begin, which is as long.
  shippedLogSources()
  const opened = await opening
  if (!opened.ok) return opened
  const store = opened.value
  const started = isoFromMicros(Date.now() * 1000)
  const delay = watchLoopDelay()
  const assets = new Assets(store, dataDir)
  await assets.start()
  const assetViews = new AssetViews(store, assets)
  const observer = new Observer(store, assets)
  observer.start()
  const own = new OwnRules(dataDir)
  await own.begin()
  const logSources = new OwnLogSources(join(dataDir, 'logsources'))
  const lists = new OwnLists(join(dataDir, 'lists'))
  const places = new PackPlaces(dataDir)
  await places.recover()
  const builtin = join(resourcesDir(), 'rules')
  const schedules = new RuleSchedules(store)
  const costs = new RuleCosts()
  const rules = new RuleLibrary({
    store,
    schedules,
    costs,
    builtin,
    own: own.folder,
    packs: places.folder,
    logSources,
    lists,
    cacheFile: join(dataDir, 'rules.cache'),
  })
  await rules.start()
  const runScenarios = (): Promise<void> => store.runScenarios(rules.scenarios)
  await runScenarios()
  rules.onChange(() => void runScenarios().catch(() => undefined))
  const scratch = join(dataDir, 'captures')
  const ingest = new Ingest({
    store,
    rules,
    captures: (start) => captureEvents({ ...start, scratch }),
    costs: (thread, report) => costs.add(thread, report),
  })
  await ingest.start()
  const bench = new PacketBench(dataDir)
  // The queue comes first; a capture is not opened in the first seconds.
  setTimeout(() => bench.prepare(), 5000).unref()
  const library = new CaptureLibrary(dataDir)
  const demo = new DemoService(join(dataDir, 'demo'), ingest, undefined, async (path) => {
    await library.add({ path, budgetBytes: 0, budgetDays: 0 })
  })
  await demo.resume()
  const links = new PacketLinks(bench, store, library)
  const verifier = new Verifier(store, deskKnows(new CaptureStreams(bench, library), assets))
  verifier.start()
  assets.onInventory(() => verifier.inventoryChanged())
  const playbooks = await PlaybookLibrary.open(playbookFolders(dataDir))
  const incidentPlaybooks = new IncidentPlaybooks(store, playbooks)
  incidentPlaybooks.start()
  const proposals = new IncidentProposals(store, assets)
  proposals.start()
  const vault = new EvidenceVault(dataDir)
  await vault.sweep()
  const caseFiles = new CaseFiles(store, dataDir, (source) => ingest.keep(source))
  await caseFiles.sweep()
  const evidence = new EvidenceRoom(store, bench, vault)
  const uploads = new Uploads(store, vault)
  const carver = new FlowCarver(store, bench, vault, new FlowFinder(bench, store, library))
  const carving = new AutomaticCarving(store, carver)
  carving.start()
  const tunings = new Tunings(
    store,
    {
      async rule(id) {
        const found = await rules.get(id)
        return found.ok ? { title: found.value.summary.title, text: found.value.rule.text } : null
      },
    },
    own,
  )
  tunings.start()

  const runs = new ScheduledRuns(store, rules, schedules)
  runs.start()
  const notify = await Notify.open({
    store,
    dataDir,
    templates: join(resourcesDir(), 'templates', 'notify'),
    customerName: (id) => assets.customer(id)?.name ?? null,
    customerOf: ({ asset, destination, source }) => {
      const ends = [assets.byName(asset), ...[asset, destination.ip, source.ip].map((ip) => (ip ? assets.byAddress(ip) : null))]
      return ends.find((end) => end?.customer)?.customer?.name ?? null
    },
  })
  if (!notify.ok) throw new Error(`nobody can be told: ${notify.error.message}`)
  const notices = notify.value
  await notices.start()
  const lost = sourceBanners()
  const slow = ruleBanners()
  const status = (operator: string): EngineStatus => {
    const sources = ingest.list()
    const active = sources.filter(({ settings }) => settings.input.kind !== 'import')
    const running = active.filter(({ state }) => state === 'running')
    return {
      version: VERSION,
      started,
      now: isoFromMicros(Date.now() * 1000),
      dataDir,
      state: store.banners.some(({ key }) => key === 'disk_full') ? 'disk_full' : 'running',
      sources: { running: running.length, total: active.length },
      lag: running.reduce((most, { lag }) => Math.max(most, lag), 0),
      eventsPerSecond: sources.reduce((sum, { rate }) => sum + rate, 0),
      events: store.numbers.events,
      openAlerts: store.numbers.openAlerts,
      lastAlert: store.numbers.lastAlert,
      loopDelay: delay.read(),
      memory: process.memoryUsage.rss(),
      rules: rules.counts,
      notify: { waiting: notices.state.waiting, failing: notices.state.failing },
      demo: demo.running,
      operator,
      banners: [
        ...store.banners,
        ...lost(sources, Date.now()),
        ...demo.banners,
        ...slow(rules.slow, Date.now()),
        ...notices.banners,
      ],
    }
  }

  return ok({
    handlers: {
      ...engineHandlers(status, { onUrgent: (listener) => store.onBanners(listener) }),
      ...alertHandlers(store),
      ...assetHandlers(assets, assetViews),
      ...impactHandlers(store, verifier, impactTests),
      ...triageHandlers(store, tunings),
      ...eventHandlers(store),
      ...overviewHandlers(store),
      ...sourceHandlers(ingest, store),
      ...importHandlers(ingest),
      ...demoHandlers(demo),
      ...ruleHandlers(rules, schedules, runs),
      ...logSourceHandlers(rules, logSources, lists),
      ...workbenchHandlers(store, rules, own),
      ...packHandlers(new Packs({ places, desk: rules, own: own.folder, builtin })),
      ...scenarioHandlers(store, rules),
      ...viewHandlers(store),
      ...settingHandlers(store),
      ...packetHandlers(bench, links),
      ...libraryHandlers(library),
      ...incidentHandlers(store, (number, from, signal) => evidence.takeCopies(number, from, signal)),
      ...incidentEvidenceHandlers(store, { room: evidence, carver, uploads }),
      ...incidentPlaybookHandlers(incidentPlaybooks),
      ...incidentProposalHandlers(proposals, store),
      ...incidentReportHandlers(new IncidentReports(store, assets, dataDir)),
      ...caseFileHandlers(caseFiles),
      ...notifyHandlers(notices),
    },
    async close() {
      await caseFiles.close()
      tunings.close()
      await incidentPlaybooks.close()
      await proposals.close()
      await carving.close()
      await carver.close()
      await uploads.close()
      playbooks.close()
      await verifier.close()
      await notices.close()
      await runs.close()
      await demo.stop()
      await library.close()
      await bench.close()
      rules.close()
      await ingest.close()
      await observer.close()
      assetViews.close()
      await assets.close()
      await store.close()
      delay.stop()
    },
  })
}
