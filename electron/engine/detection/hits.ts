/**
 * From matches to hits: IDS alerts (Suricata EVE) and Sigma matches of one batch, grouped by detection and pair. What becomes
 * of a group (a new alert, or one more count on an old one) the writer decides.
 */
import type { DetectionText, Mark } from '../../../shared/model/alert.ts'
import { severityRank } from '../../../shared/model/severity.ts'
import type { FieldRegistry } from '../event/field-registry.ts'
import type { EventRow } from '../event/row.ts'
import type { RuleMatcher, SigmaRule } from '../sigma/types.ts'
import type { DetectionCount, HitGroup, StepEvents } from '../store/batch.ts'
import { PartyReader, type Parties, type Party } from './asset.ts'
import { StepCollector } from './steps.ts'

const MINUTE = 60_000_000
/** Detections whose text this thread has sent, and groups whose marks it has explained: forgotten when there are more. */
const REMEMBERED = 20_000
/** Microseconds of receipt after which the marks of a group are made anew: its alert may have been decided meanwhile. */
const EXPLAINED_FOR = 5_000_000
/** Microseconds of event time within which events of one group are surely one alert. */
const ONE_ALERT = 30 * MINUTE
/** Records whose times jump to and fro make no more groups of one key than this in a batch. */
const MOST_CLOSED = 64
/** Marks of one alert. */
const MAX_MARKS = 64

const CRITICAL = severityRank('critical')
/** Suricata's priority 1 is the highest; 4 and beyond only inform. */
const PRIORITY = [severityRank('high'), severityRank('high'), severityRank('medium'), severityRank('low')]

interface Group {
  readonly head: Omit<HitGroup, 'first' | 'last' | 'rows'>
  first: number
  last: number
  readonly rows: number[]
}

export class Detector {
  readonly #parties: PartyReader
  readonly #ids
  readonly #steps = new StepCollector()
  #rules: readonly SigmaRule[] = []
  #matcher: RuleMatcher | null = null
  #groups = new Map<string, Group>()
  /** Groups whose key has gone on at another time. */
  #closed: Group[] = []
  #counts = new Map<string, { minute: number; severity: number; detection: string; asset: string; count: number }>()
  readonly #sent = new Set<string>()
  /** Group key → receipt and time of the event its marks were made of last, oldest first. */
  readonly #explained = new Map<string, { readonly received: number; readonly time: number }>()

  constructor(fields: FieldRegistry) {
    this.#parties = new PartyReader(fields)
    this.#ids = {
      gid: fields.id('sig.gid'),
      sid: fields.id('sig.id'),
      rev: fields.id('sig.rev'),
      name: fields.id('sig.name'),
      category: fields.id('sig.category'),
      priority: fields.id('sig.priority'),
      attack: fields.id('sig.attack'),
      severity: fields.id('alert.metadata.signature_severity'),
    }
  }

  /** From the next event on these rules hold; `matcher` was compiled from them. */
  setRules(rules: readonly SigmaRule[], matcher: RuleMatcher): void {
    this.#rules = rules
    this.#matcher = matcher
    this.#sent.clear()
    this.#explained.clear()
  }

  /** Looks at the event that will be row `index` of the block; `raw` is its record. */
  event(row: EventRow, index: number, raw: string): void {
    const isAlert = row.type === 'alert' && row.format === 'eve'
    const matches = this.#matcher === null ? [] : this.#matcher.match(row)
    if (!isAlert && matches.length === 0) return
    const parties = this.#parties.parties(row)
    if (isAlert) this.#alert(row, index, raw, parties)
    for (let i = 0; i < matches.length; i++) this.#match(matches[i]!, row, index, parties)
  }

  /** What was found since the last call. */
  take(): { hits: HitGroup[]; detections: DetectionCount[]; steps: StepEvents[] } {
    const hits: HitGroup[] = []
    for (const { head, first, last, rows } of [...this.#closed, ...this.#groups.values()])
      hits.push({ ...head, first, last, rows: Uint32Array.from(rows) })
    const detections = [...this.#counts.values()]
    this.#groups = new Map()
    this.#closed = []
    this.#counts = new Map()
    return { hits, detections, steps: this.#steps.take() }
  }

  #alert(row: EventRow, index: number, raw: string, parties: Parties): void {
    const ids = this.#ids
    const detection = `${scalar(row.get(ids.gid)) ?? '1'}:${scalar(row.get(ids.sid)) ?? '0'}`
    const priority = row.get(ids.priority)
    const stated = row.get(ids.severity)
    let severity = (typeof priority === 'number' ? PRIORITY[Math.max(0, Math.floor(priority))] : undefined) ?? 0
    if (severity === PRIORITY[1] && scalar(stated)?.toLowerCase() === 'critical') severity = CRITICAL
    const key = keyOf('sig', detection, parties)
    if (this.#join(key, row, index)) {
      this.#count(row, severity, detection, parties.asset)
      return
    }
    const title = scalar(row.get(ids.name)) ?? `signature ${detection}`
    const attack = row.get(ids.attack)
    const rev = scalar(row.get(ids.rev))
    this.#open(key, row, index, {
      key,
      kind: 'sig',
      detection,
      title,
      severity,
      attack: typeof attack === 'object' ? attack : typeof attack === 'string' ? [attack] : [],
      category: scalar(row.get(ids.category)),
      source: parties.source,
      destination: parties.destination,
      asset: parties.asset,
      user: null,
      marks: this.#due(key, row)
        ? [{ part: 'signature', line: 0, field: 'sig.name', value: title, start: 0, end: title.length }]
        : [],
      text: this.#first(`sig ${detection} ${rev ?? ''}`) ? signatureText(detection, title, rev, raw) : null,
    })
    this.#count(row, severity, detection, parties.asset)
  }

  #match(match: number, row: EventRow, index: number, parties: Parties): void {
    const rule = this.#rules[match]
    if (rule === undefined || this.#matcher === null) return
    if (rule.reads !== undefined) this.#steps.add(rule, row, index, this.#matcher.read(match, row), parties)
    if (rule.alerts === false) return
    const key = keyOf('rule', rule.id, parties)
    const severity = severityRank(rule.level)
    if (!this.#join(key, row, index)) {
      this.#open(key, row, index, {
        key,
        kind: 'rule',
        detection: rule.id,
        title: rule.title,
        severity,
        attack: rule.attack,
        category: rule.logsource.category ?? rule.logsource.service ?? rule.logsource.product ?? null,
        source: parties.source,
        destination: parties.destination,
        asset: parties.asset,
        user: parties.user,
        marks: this.#due(key, row) ? this.#explain(match, row) : [],
        text: this.#first(`rule ${rule.id}`) ? ruleText(rule) : null,
      })
    }
    this.#count(row, severity, rule.id, parties.asset)
  }

  #explain(match: number, row: EventRow): Mark[] {
    return this.#matcher!.explain(match, row).slice(0, MAX_MARKS)
  }

  #join(key: string, row: EventRow, index: number): boolean {
    const group = this.#groups.get(key)
    if (group === undefined) return false
    const far = row.time < group.first - ONE_ALERT || row.time > group.last + ONE_ALERT
    if (far && this.#closed.length < MOST_CLOSED) {
      // It may be another alert, with marks of its own.
      this.#closed.push(group)
      return false
    }
    if (row.time < group.first) group.first = row.time
    if (row.time > group.last) group.last = row.time
    group.rows.push(index)
    return true
  }

  #open(key: string, row: EventRow, index: number, head: Group['head']): void {
    this.#groups.set(key, { head, first: row.time, last: row.time, rows: [index] })
  }

  #count(row: EventRow, severity: number, detection: string, asset: string): void {
    const minute = Math.floor(row.time / MINUTE)
    const key = `${minute} ${severity} ${detection}\0${asset}`
    const known = this.#counts.get(key)
    if (known === undefined) this.#counts.set(key, { minute, severity, detection, asset, count: 1 })
    else known.count++
  }

  /**
   * Marks cost a second evaluation, and only a new alert keeps them: of a group they are made now and then, and whenever its
   * events lie so far apart that they may be another alert.
   */
  #due(key: string, row: EventRow): boolean {
    const last = this.#explained.get(key)
    if (last && row.received - last.received < EXPLAINED_FOR && Math.abs(row.time - last.time) < ONE_ALERT) return false
    this.#explained.delete(key)
    this.#explained.set(key, { received: row.received, time: row.time })
    if (this.#explained.size > REMEMBERED)
      for (const oldest of this.#explained.keys()) {
        this.#explained.delete(oldest)
        break
      }
    return true
  }

  #first(what: string): boolean {
    if (this.#sent.has(what)) return false
    if (this.#sent.size >= REMEMBERED) this.#sent.clear()
    this.#sent.add(what)
    return true
  }
}

/** What is grouped into one alert: `kind|detection|source|destination|user`; a bar inside a part cannot make two groups one. */
export function keyOf(kind: 'sig' | 'rule', detection: string, { source, destination, user, ofHost }: Parties): string {
  const end = ofHost ? part(destination.name ?? '') : party(destination)
  return `${kind}|${part(detection)}|${party(source)}|${end}|${kind === 'sig' || user === null ? '' : part(user)}`
}
const party = ({ name, ip }: Party): string => part(ip ?? name ?? '')
const part = (text: string): string => (text.includes('|') || text.includes('\\') ? text.replace(/[|\\]/g, '\\$&') : text)

function scalar(value: ReturnType<EventRow['get']>): string | null {
  if (typeof value === 'object') return value[0] ?? null
  return value === undefined ? null : String(value)
}

function signatureText(detection: string, title: string, rev: string | null, raw: string): DetectionText {
  return {
    kind: 'sig',
    detection,
    title,
    file: null,
    revision: rev,
    text: alertObject(raw),
    description: null,
    references: [],
    falsePositives: [],
  }
}

/** The record's `alert` object, for reading. */
function alertObject(raw: string): string {
  try {
    const record: unknown = JSON.parse(raw)
    const alert =
      typeof record === 'object' && record !== null && Object.hasOwn(record, 'alert')
        ? (record as { alert: unknown }).alert
        : null
    return JSON.stringify(alert, null, 2).slice(0, 64 * 1024)
  } catch {
    return ''
  }
}

const ruleText = (rule: SigmaRule): DetectionText => ({
  kind: 'rule',
  detection: rule.id,
  title: rule.title,
  file: rule.file,
  revision: null,
  text: rule.text,
  description: rule.description,
  references: [...rule.references],
  falsePositives: [...rule.falsePositives],
})
