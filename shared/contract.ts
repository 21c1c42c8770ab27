/**
 * THE contract between screen and engine. Client and handlers are types over this object, so a missing handler fails the
 * type check. Shapes that live longer than a call are in `model/`.
 */
import { z } from 'zod'
import { incidentEvidenceContract } from './incident-evidence-contract.ts'
import { incidentPlaybookContract } from './incident-playbook-contract.ts'
import { incidentProposalContract } from './incident-proposal-contract.ts'
import { caseFileContract } from './case-file-contract.ts'
import { incidentReportContract } from './incident-report-contract.ts'
import { incidentContract } from './incident-contract.ts'
import { assetContract } from './asset-contract.ts'
import { logSourceContract } from './log-source-contract.ts'
import { Alert, AlertAction, AlertDetail, AlertId, AlertState, Verdict } from './model/alert.ts'
import { EventDetail, EventId, EventRow } from './model/event.ts'
import { IncidentNumber } from './model/incident.ts'
import { RelatedRule, RuleAbout, RuleFolder, RuleProblem, RuleSummary, ScheduleHours } from './model/rule.ts'
import { Sentence } from './model/sentence.ts'
import { Severity } from './model/severity.ts'
import { ImportSummary, RejectedRecord, SourceSettings, SourceStatus } from './model/source.ts'
import { IsoTime } from './model/time.ts'
import { Decided } from './model/triage.ts'
import { notifyContract } from './notify-contract.ts'
import { impactContract } from './impact-contract.ts'
import { packContract } from './pack-contract.ts'
import { packetContract } from './packet-contract.ts'
import { scenarioContract } from './scenario-contract.ts'
import { triageContract } from './triage-contract.ts'
import { workbenchContract } from './workbench-contract.ts'
import { command, job, query, stream } from './rpc/kinds.ts'

const Nothing = z.object({})
/** Text in the query language; `''` and `*` are everything. */
const Expression = z.string().max(8192)
/** Half-open; either end may be missing. */
export const TimeWindow = z.object({ from: IsoTime.nullable().default(null), to: IsoTime.nullable().default(null) })
export type TimeWindow = z.infer<typeof TimeWindow>

/* ---------------------------------------------------------------- engine */

/** Something the whole desk must know. `key` and `values` are for i18n (`banner.<key>`). */
export const Banner = z.object({
  id: z.string(),
  tone: z.enum(['fault', 'late', 'info']),
  key: z.enum([
    'disk_full',
    'partition_damaged',
    'partition_newer',
    'desk_recovered',
    'source_failed',
    'demo_failed',
    'scenarios_lost',
    'rule_slow',
    'notify_failing',
  ]),
  values: z.record(z.string(), z.union([z.string(), Sentence])),
  since: IsoTime,
})
export type Banner = z.infer<typeof Banner>

export const EngineStatus = z.object({
  version: z.string(),
  started: IsoTime,
  now: IsoTime,
  dataDir: z.string(),
  state: z.enum(['starting', 'running', 'disk_full', 'stopping']),
  sources: z.object({ running: z.number().int(), total: z.number().int() }),
  /** Seconds the slowest running source is behind. */
  lag: z.number(),
  eventsPerSecond: z.number(),
  events: z.number(),
  openAlerts: z.number().int(),
  lastAlert: IsoTime.nullable(),
  /** p99 of the engine's event-loop delay over the last ten seconds, in milliseconds. */
  loopDelay: z.number(),
  memory: z.number(),
  rules: z.object({ enabled: z.number().int(), failed: z.number().int() }),
  /** Messages that wait to be sent, and channels that do not get through. */
  notify: z.object({ waiting: z.number().int(), failing: z.number().int() }).optional(),
  demo: z.boolean(),
  /** Name of who asks, as it stands in `owner` and `decidedBy`. */
  operator: z.string().optional(),
  banners: z.array(Banner),
})
export type EngineStatus = z.infer<typeof EngineStatus>

/* ---------------------------------------------------------------- alerts */

export const AlertFilter = z.object({
  /** Over the alert's fields: severity, kind, detection, title, src.ip, dst.ip, asset, user, attack, category, count, state, owner, verdict. */
  where: Expression.default(''),
  states: z.array(AlertState).default(['open']),
  /** On `last`. */
  window: TimeWindow.default({ from: null, to: null }),
})
export const AlertOrder = z.enum(['urgency', 'newest', 'oldest', 'count', 'title', 'source', 'destination'])
export const AlertSearch = AlertFilter.extend({
  order: AlertOrder.default('urgency'),
  limit: z.number().int().min(1).max(1000).default(200),
  /** From the page before. */
  after: z.string().max(512).nullable().default(null),
})
export const AlertPage = z.object({ alerts: z.array(Alert), total: z.number().int(), after: z.string().nullable() })

/** Changes since the last delta. A row that no longer fits the filter is in `removed`. */
export const AlertDelta = z.object({
  changed: z.array(Alert),
  removed: z.array(AlertId),
  total: z.number().int(),
  overflow: z.boolean(),
})

const AlertIds = z.object({ ids: z.array(AlertId).min(1).max(1000) })
const AlertsChanged = z.object({ alerts: z.array(Alert) })

/** Events and alerts on one line of the picture around an alert. */
export const AroundLane = z.object({
  /** `flow`, `source`, `destination`, or a host's name. */
  label: z.string(),
  kind: z.enum(['flow', 'source', 'destination']),
  /** Query that gives these events. */
  where: z.string(),
  /** Events per slot; slots divide the window evenly. */
  ticks: z.array(z.number()),
  alerts: z.array(z.object({ id: AlertId, time: IsoTime, severity: Severity, title: z.string() })),
})

/* ---------------------------------------------------------------- events */

export const EventSearch = z.object({
  where: Expression.default(''),
  window: TimeWindow.default({ from: null, to: null }),
  order: z.enum(['newest', 'oldest']).default('newest'),
  /** Fields to give back beside the system fields; empty gives all. */
  fields: z.array(z.string().max(256)).max(100).default([]),
  limit: z.number().int().min(1).max(1000).default(200),
  after: z.string().max(512).nullable().default(null),
})
export const EventPage = z.object({
  events: z.array(EventRow),
  after: z.string().nullable(),
  /** How many events were looked at, and how many milliseconds it took. */
  scanned: z.number(),
  took: z.number(),
})

export const SavedView = z.object({
  id: z.string(),
  page: z.enum(['alerts', 'events']),
  name: z.string().min(1).max(80),
  /** What the page needs to show it again; the page's own shape. */
  value: z.record(z.string(), z.json()),
})
export type SavedView = z.infer<typeof SavedView>

/* ---------------------------------------------------------------- the contract */

export const contract = {
  'engine.status': query('desk.read', Nothing, EngineStatus),
  /** At once, every second, and when a banner comes or goes. */
  'engine.watch': stream('desk.read', Nothing, EngineStatus),

  'alerts.search': query('desk.read', AlertSearch, AlertPage),
  'alerts.get': query('desk.read', z.object({ id: AlertId }), AlertDetail),
  'alerts.events': query(
    'desk.read',
    z.object({ id: AlertId, limit: z.number().int().min(1).max(1000).default(200), after: z.string().nullable().default(null) }),
    EventPage,
  ),
  'alerts.around': query(
    'desk.read',
    z.object({
      id: AlertId,
      minutes: z.number().int().min(1).max(1440).default(20),
      slots: z.number().int().min(10).max(400).default(120),
    }),
    z.object({ from: IsoTime, to: IsoTime, events: z.number().int(), lanes: z.array(AroundLane) }),
  ),
  /** Deltas at most 25 a second. `overflow`: too much changed, search again. */
  'alerts.watch': stream('desk.read', AlertFilter, AlertDelta),
  'alerts.counts': query(
    'desk.read',
    z.object({ filters: z.array(AlertFilter).max(50) }),
    z.object({ counts: z.array(z.number().int()) }),
  ),
  'alerts.take': command('alerts.decide', AlertIds, AlertsChanged),
  'alerts.release': command('alerts.decide', AlertIds, AlertsChanged),
  /** `invalid_input` where the reason is none of the verdict's, or says nothing; `conflict` where a true positive with impact joins no incident. */
  'alerts.decide': command(
    'alerts.decide',
    AlertIds.extend({ verdict: Verdict, reason: z.string().max(4000).default(''), ...Decided.shape }),
    AlertsChanged,
  ),
  'alerts.snooze': command(
    'alerts.decide',
    AlertIds.extend({ until: IsoTime, reason: z.string().max(4000).default('') }),
    AlertsChanged,
  ),
  'alerts.reopen': command('alerts.decide', AlertIds, AlertsChanged),
  /** Takes back the caller's last action (take, decide, snooze, release, reopen) with all its alerts. `action` is null where there is none. */
  /** `emptied`: incidents that have no alert any more; one that the decision had opened, and nobody worked on, is closed with it. */
  'alerts.undo': command(
    'alerts.decide',
    Nothing,
    AlertsChanged.extend({
      action: AlertAction.nullable(),
      emptied: z.array(z.object({ number: IncidentNumber, closed: z.boolean() })),
    }),
  ),

  'events.search': query('events.read', EventSearch, EventPage),
  'events.get': query('events.read', z.object({ id: EventId }), EventDetail),
  'events.histogram': query(
    'events.read',
    z.object({ where: Expression.default(''), window: TimeWindow, slots: z.number().int().min(1).max(2000).default(120) }),
    z.object({ from: IsoTime, to: IsoTime, counts: z.array(z.number()), total: z.number() }),
  ),
  /** Fields that occur, most frequent first: for completion and the field list. */
  'events.fields': query(
    'events.read',
    z.object({ where: Expression.default(''), window: TimeWindow.default({ from: null, to: null }) }),
    z.object({
      fields: z.array(z.object({ name: z.string(), type: z.string(), events: z.number(), canonical: z.boolean() })),
      /** How many events, the newest, were looked at, where there were more to look at; null where all were. */
      sampled: z.number().int().nullable(),
    }),
  ),
  'events.stats': query(
    'events.read',
    z.object({
      field: z.string().max(256),
      where: Expression.default(''),
      window: TimeWindow,
      limit: z.number().int().min(1).max(100).default(10),
    }),
    z.object({
      total: z.number(),
      with: z.number(),
      distinct: z.number(),
      top: z.array(z.object({ value: z.string(), count: z.number() })),
      min: z.number().nullable(),
      max: z.number().nullable(),
      mean: z.number().nullable(),
    }),
  ),
  /** New events that fit, as they are stored; at most `limit` a delta, `missed` counts the rest. */
  'events.watch': stream(
    'events.read',
    z.object({
      where: Expression.default(''),
      fields: z.array(z.string().max(256)).max(100).default([]),
      limit: z.number().int().min(1).max(500).default(200),
    }),
    z.object({ events: z.array(EventRow), missed: z.number() }),
  ),
  'events.count': job(
    'events.read',
    z.object({ where: Expression, window: TimeWindow }),
    z.object({ scanned: z.number(), of: z.number(), count: z.number() }),
    z.object({ count: z.number() }),
  ),
  /** Writes to `path`, or where it is null to a new file in the data folder's `exports`. Runs in its own process. */
  'events.export': job(
    'events.export',
    z.object({
      where: Expression,
      window: TimeWindow,
      format: z.enum(['csv', 'jsonl']),
      fields: z.array(z.string().max(256)).max(200).default([]),
      path: z.string().max(4096).nullable(),
    }),
    z.object({ scanned: z.number(), of: z.number(), written: z.number() }),
    z.object({ path: z.string(), written: z.number(), bytes: z.number() }),
  ),

  'overview.numbers': query(
    'desk.read',
    z.object({ hours: z.number().int().min(1).max(168).default(24) }),
    z.object({
      from: IsoTime,
      to: IsoTime,
      /** Counts per slot of `slotMinutes`. */
      slotMinutes: z.number().int(),
      events: z.array(z.number()),
      detections: z.object({
        critical: z.array(z.number()),
        high: z.array(z.number()),
        medium: z.array(z.number()),
        low: z.array(z.number()),
        info: z.array(z.number()),
      }),
      totals: z.object({ events: z.number(), detections: z.number(), rejected: z.number() }),
      open: z.object({ critical: z.number(), high: z.number(), medium: z.number(), low: z.number(), info: z.number() }),
      decided: z.record(z.string(), z.number()),
      oldestOpen: IsoTime.nullable(),
      /** Median and p90 seconds from raised to taken and to decided. */
      response: z.object({
        taken50: z.number().nullable(),
        taken90: z.number().nullable(),
        decided50: z.number().nullable(),
        decided90: z.number().nullable(),
      }),
      topDetections: z.array(z.object({ detection: z.string(), title: z.string(), severity: Severity, count: z.number() })),
      topAssets: z.array(z.object({ asset: z.string(), count: z.number() })),
      types: z.array(z.object({ type: z.string(), count: z.number() })),
      sources: z.array(z.object({ source: z.string(), name: z.string(), count: z.number() })),
      took: z.number(),
    }),
  ),

  'sources.list': query('desk.read', Nothing, z.object({ sources: z.array(SourceStatus) })),
  'sources.watch': stream('desk.read', Nothing, z.object({ sources: z.array(SourceStatus) })),
  'sources.add': command('sources.manage', SourceSettings, SourceStatus),
  'sources.change': command('sources.manage', z.object({ id: z.string(), settings: SourceSettings }), SourceStatus),
  'sources.pause': command('sources.manage', z.object({ id: z.string(), paused: z.boolean() }), SourceStatus),
  /** Its events stay. */
  'sources.remove': command('sources.manage', z.object({ id: z.string() }), Nothing),
  /** Reads the first records and says what would become of them; stores nothing. */
  'sources.try': query(
    'sources.manage',
    SourceSettings,
    z.object({
      format: z.string().nullable(),
      problem: Sentence.nullable(),
      records: z.array(z.object({ raw: z.string(), event: EventRow.nullable(), rejected: Sentence.nullable() })),
    }),
  ),
  'sources.rejected': query(
    'events.read',
    z.object({
      source: z.string().nullable(),
      limit: z.number().int().min(1).max(500).default(100),
      after: z.string().nullable().default(null),
    }),
    z.object({ records: z.array(RejectedRecord), after: z.string().nullable() }),
  ),
  /** Parsers there are, for choosing one. */
  'sources.formats': query(
    'desk.read',
    Nothing,
    z.object({ formats: z.array(z.object({ id: z.string(), title: z.string(), spec: z.string(), doc: z.string() })) }),
  ),
  /** Folder listing for choosing a path where there is no native dialog. */
  'files.list': query(
    'sources.manage',
    z.object({ path: z.string().max(4096).nullable() }),
    z.object({
      path: z.string(),
      parent: z.string().nullable(),
      entries: z.array(z.object({ name: z.string(), folder: z.boolean(), size: z.number() })),
      truncated: z.boolean(),
    }),
  ),
  'import.run': job(
    'sources.manage',
    z.object({
      paths: z.array(z.string().min(1).max(4096)).min(1).max(10_000),
      format: z.string().max(64).nullable().default(null),
      zone: z.string().max(64).default('UTC'),
    }),
    z.object({ bytes: z.number(), of: z.number(), records: z.number(), file: z.string() }),
    ImportSummary,
  ),
  /** Starts the demonstration as sources of this desk; `speed` 1 is real time. */
  'demo.start': command(
    'sources.manage',
    z.object({ speed: z.number().min(0.1).max(1000).default(10), seed: z.number().int().default(1) }),
    Nothing,
  ),

  'rules.list': query(
    'desk.read',
    Nothing,
    z.object({ rules: z.array(RuleSummary), folders: z.array(RuleFolder), problems: z.array(RuleProblem) }),
  ),
  'rules.get': query(
    'desk.read',
    z.object({ id: z.string() }),
    z.object({
      rule: RuleSummary,
      text: z.string(),
      description: z.string(),
      references: z.array(z.string()),
      falsePositives: z.array(z.string()),
      /** Sigma filters that its condition is joined with. */
      filters: z.array(z.object({ title: z.string(), file: z.string(), line: z.number().int(), text: z.string() })),
      about: RuleAbout.omit({ related: true }).extend({
        /** `title` where that rule is loaded. */
        related: z.array(RelatedRule.extend({ title: z.string().nullable() })),
      }),
    }),
  ),
  'rules.enable': command(
    'rules.manage',
    z.object({ ids: z.array(z.string()).min(1).max(10_000), enabled: z.boolean() }),
    Nothing,
  ),
  /**
   * Runs rules over what is stored every so many hours instead of evaluating them as records arrive, and raises what they find; `hours`
   * null: evaluates them live again. Where a live scenario needs one as a step, it is evaluated for that all the same.
   */
  'rules.schedule': command(
    'rules.manage',
    z.object({ ids: z.array(z.string()).min(1).max(10_000), hours: ScheduleHours.nullable() }),
    Nothing,
  ),
  /** Runs rules that have a schedule now. `conflict` where one is off, has none, or is a step of a live scenario. */
  'rules.runNow': command('rules.manage', z.object({ ids: z.array(z.string()).min(1).max(10_000) }), Nothing),
  /** Ends the scheduled run that goes on; its rules run again when they are due next. */
  'rules.stopRun': command('rules.manage', Nothing, Nothing),
  'rules.addFolder': command(
    'rules.manage',
    z.object({ path: z.string().min(1).max(4096) }),
    z.object({ folder: RuleFolder, problems: z.array(RuleProblem) }),
  ),
  'rules.removeFolder': command('rules.manage', z.object({ path: z.string() }), Nothing),
  /** Counters that grow whenever rules were loaded anew, and whenever a scheduled run is over; and the run that goes on. */
  'rules.watch': stream(
    'desk.read',
    Nothing,
    z.object({
      revision: z.number().int(),
      rules: z.number().int(),
      failed: z.number().int(),
      runs: z.number().int(),
      running: z.object({ rules: z.number().int(), scanned: z.number(), of: z.number() }).nullable(),
    }),
  ),

  'views.list': query('desk.read', z.object({ page: z.enum(['alerts', 'events']) }), z.object({ views: z.array(SavedView) })),
  'views.save': command('settings.manage', SavedView, SavedView),
  'views.remove': command('settings.manage', z.object({ id: z.string() }), Nothing),
  /** Small values a screen keeps: theme, language, columns. Null where not set. */
  'settings.get': query('desk.read', z.object({ key: z.string().max(64) }), z.object({ value: z.json().nullable() })),
  'settings.set': command('settings.manage', z.object({ key: z.string().max(64), value: z.json() }), Nothing),

  ...packetContract,
  ...scenarioContract,
  ...workbenchContract,
  ...logSourceContract,
  ...assetContract,
  ...packContract,
  ...incidentContract,
  ...impactContract,
  ...triageContract,
  ...incidentEvidenceContract,
  ...incidentPlaybookContract,
  ...incidentProposalContract,
  ...incidentReportContract,
  ...caseFileContract,
  ...notifyContract,
} as const

export type WatchfloorContract = typeof contract
