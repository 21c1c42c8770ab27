/** Takes the incident of a verified case file into the desk: all of it in one transaction, or nothing. */
import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { z } from 'zod'
import type { IncidentNumber } from '../../../../shared/model/incident.ts'
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import { mapCites, type Json } from '../../case-file/cites.ts'
import type { JsonTable } from '../../case-file/format.ts'
import {
  ActionRecord,
  AlertRecord,
  AssetRecord,
  DetectionRecord,
  EntryRecord,
  IncidentRecord,
  LinkRecord,
  PartRecord,
  VerificationRecord,
  VersionRecord,
} from '../../case-file/rows.ts'
import { openForReading, prepared, type ReadDatabase, type WriteDatabase } from '../database.ts'
import type { Acting, DeskIncidents } from '../incidents/desk-incidents.ts'
import { nextNumber, numberTaken } from '../incidents/numbers.ts'
import { rowsOf as rowsOfDesk } from '../incidents/rows.ts'
import { SCENARIO_DAY } from '../scenarios/told.ts'

export interface CaseHead {
  readonly number: IncidentNumber
  readonly title: string
  readonly desk: string
  readonly content: string
  readonly ledger: { readonly entries: number; readonly first: string; readonly last: string }
}
/** So many ids from the first on. */
export interface IdRange {
  readonly first: number
  readonly count: number
}
export interface CaseToTake extends CaseHead {
  readonly file: string
  /** Ids that the file's events have here, in their order. */
  readonly events: readonly IdRange[]
  /** Copies of the evidence, by their hash; moved to where the incident's are. */
  readonly evidence: string
  readonly evidenceFolder: string
}
export interface CaseStanding {
  readonly state: 'new' | 'renumbered' | 'here'
  /** Here, or what it would be. */
  readonly number: IncidentNumber
  readonly newer: boolean
}
export interface TakenCase {
  readonly number: IncidentNumber
  /** What it was on the first desk. */
  readonly original: IncidentNumber
  readonly alerts: readonly number[]
}

/** Hits of cases are numbered far above those that scenarios tell of. */
const CASE_HITS = 2 ** 51
/** What is cited and was not in the case: an id that no event and no alert has. */
const NOBODY = '0'

export class DeskCases {
  readonly #db: WriteDatabase
  readonly #incidents: DeskIncidents

  constructor(db: WriteDatabase, incidents: DeskIncidents) {
    this.#db = db
    this.#incidents = incidents
  }

  /** What a case would be here: `here` where this desk has it already, in this state, an older (`newer` is in the file) or another one. `conflict` where there are no numbers left. */
  standing({ number, ledger }: Pick<CaseHead, 'number' | 'ledger'>): Result<CaseStanding> {
    const firstOf = (book: string, at: number): string | undefined =>
      this.#db.prepare('SELECT hash FROM ledger WHERE book = ? AND number = ?').pluck().get(book, at) as string | undefined
    const taken = this.#db
      .prepare('SELECT i.number FROM case_import c JOIN incident i ON i.id = c.incident WHERE c.first_hash = ?')
      .pluck()
      .get(ledger.first) as string | undefined
    if (taken !== undefined && taken !== number) return ok({ state: 'here', number: taken, newer: false })
    if (firstOf(number, 1) === ledger.first)
      return ok({ state: 'here', number, newer: firstOf(number, ledger.entries) === undefined })
    const rows = rowsOfDesk(this.#db)
    if (!numberTaken(rows, number)) return ok({ state: 'new', number, newer: false })
    const free = nextNumber(rows, Number(number.slice(4, 8)))
    return free.ok ? ok({ state: 'renumbered', number: free.value.number, newer: false }) : free
  }

  /** The number that a case gets here. `conflict` where this desk has it already. */
  numberFor(head: Pick<CaseHead, 'number' | 'ledger'>): Result<IncidentNumber> {
    const standing = this.standing(head)
    if (!standing.ok) return standing
    const { state, number, newer } = standing.value
    if (state !== 'here') return ok(number)
    return fail({
      code: 'conflict',
      message: newer
        ? `${number} is here already, in an older state: the file's ledger goes on where ours ends, or differs from it. It is not mixed with what is here.`
        : number === head.number
          ? `${number} is here already.`
          : `This case is here already: it is ${number} on this desk.`,
    })
  }

  take(given: CaseToTake, acting: Acting): Result<TakenCase> {
    const file = openForReading(given.file)
    try {
      return this.#db.transaction(() => this.#take(given, file, acting)).immediate()
    } finally {
      file.close()
    }
  }

  #take(given: CaseToTake, file: ReadDatabase, acting: Acting): Result<TakenCase> {
    const place = this.numberFor(given)
    if (!place.ok) return place
    const number = place.value
    const events = eventsOf(file, given.events)
    const alerts = new Map<string, string>()
    const map = (kind: 'event' | 'alert', id: string): string => (kind === 'event' ? events : alerts).get(id) ?? NOBODY
    const mapped = (body: string): string => JSON.stringify(mapCites(JSON.parse(body) as Json, map))
    const eventId = (id: number): number => Number(map('event', String(id)))

    const head = [...rowsOf(file, 'incident', IncidentRecord)][0]
    if (!head) return fail({ code: 'invalid_input', message: 'The case has no incident.' })
    const { id: _, ...fields } = head
    const incident = this.#insert('incident', {
      ...fields,
      number,
      search: fields.search.replace(given.number.toLowerCase(), number.toLowerCase()),
    })
    const texts = new Map<number, number>()
    for (const { id, ...row } of rowsOf(file, 'detection', DetectionRecord)) {
      const known = this.#db
        .prepare('SELECT id FROM detection_text WHERE kind = ? AND detection = ? AND hash = ?')
        .pluck()
        .get(row.kind, row.detection, row.hash) as number | undefined
      texts.set(id, known ?? this.#insert('detection_text', row))
    }
    for (const { id, joined, events: own, scenarios, spark, ...row } of rowsOf(file, 'alert', AlertRecord)) {
      const alert = this.#insert('alert', {
        ...row,
        // Events of this desk do not join it.
        key: `case|${number}|${row.key}`,
        spark: Buffer.from(spark, 'base64'),
        text: row.text === null ? null : (texts.get(row.text) ?? null),
        event: eventId(row.event),
        // What was found out of it there stands.
        verified_count: row.count,
      })
      alerts.set(String(id), String(alert))
      this.#insert('incident_alert', { alert, incident, ...joined })
      this.#insert('case_alert', { alert, incident })
      // Its packets were taken there, or were not to be had.
      this.#insert('evidence_carve', { incident, alert, state: 'done', reason: '', at: acting.now })
      const hit = (body: { scenario: string; grp: string; fulfilled: number; steps: string }): void => {
        const seq = this.#insert('scenario_hit', {
          seq: this.#db.prepare('SELECT max(coalesce(max(seq), 0), ?) + 1 FROM scenario_hit').pluck().get(CASE_HITS) as number,
          match: 0,
          ...body,
        })
        this.#insert('alert_hit', { alert, day: SCENARIO_DAY, seq })
      }
      if (scenarios.length > 0)
        for (const one of scenarios) {
          const steps = JSON.parse(one.steps) as [number, number, string][]
          hit({ ...one, steps: JSON.stringify(steps.map(([event, time, rule]) => [eventId(event), time, rule])) })
        }
      else if (own.length > 0)
        hit({
          scenario: row.detection,
          grp: '[]',
          fulfilled: row.first,
          steps: JSON.stringify(own.map((event) => [Number(map('event', event)), row.first, row.detection])),
        })
    }
    const steps = new Map<number, number>()
    let step = this.#db.prepare('SELECT coalesce(max(step), 0) FROM alert_action').pluck().get() as number
    for (const { id: _id, ...row } of rowsOf(file, 'action', ActionRecord)) {
      if (row.step !== 0 && !steps.has(row.step)) steps.set(row.step, ++step)
      const incidentThen = row.incident === given.number ? number : row.incident
      this.#insert('alert_action', {
        ...row,
        alert: Number(map('alert', String(row.alert))),
        step: steps.get(row.step) ?? 0,
        incident: incidentThen,
      })
    }
    for (const row of rowsOf(file, 'verification', VerificationRecord))
      this.#insert('verification', { ...row, alert: Number(map('alert', String(row.alert))), body: mapped(row.body) })

    const entryId = (id: string): string => (/^alert-\d+$/.test(id) ? `alert-${map('alert', id.slice(6))}` : id)
    for (const row of rowsOf(file, 'entry', EntryRecord)) {
      const id = entryId(row.id)
      // An alert that left the incident is not in the case; its entry, which is gone, keeps its own name.
      this.#insert('incident_entry', {
        ...row,
        incident,
        id: id === `alert-${NOBODY}` ? `left-${row.id}` : id,
        alert: row.alert === null ? null : Number(map('alert', String(row.alert))),
        body: mapped(row.body),
      })
    }
    for (const row of rowsOf(file, 'part', PartRecord)) {
      const body = mapped(row.body)
      this.#insert('incident_part', { ...row, incident, body, bytes: Buffer.byteLength(body) })
    }
    for (const row of rowsOf(file, 'version', VersionRecord)) {
      const id = row.kind === 'entry' ? entryId(row.id) : row.id
      this.#insert('incident_version', {
        ...row,
        incident,
        id: id === `alert-${NOBODY}` ? `left-${row.id}` : id,
        body: row.body === null ? null : mapped(row.body),
      })
    }
    for (const row of rowsOf(file, 'asset', AssetRecord)) this.#insert('case_asset', { incident, ...row })

    const book = file.prepare(
      'SELECT book, place AS number, at, by, action, subject, body, previous, hash FROM ledger ORDER BY place',
    )
    for (const row of book.iterate() as Iterable<Record<string, string | number>>)
      if (number === given.number) this.#insert('ledger', row)
      else this.#insert('case_ledger', { incident, ...row })
    for (const [theirs, ours] of events) this.#insert('case_id', { incident, kind: 'event', theirs, ours })
    for (const [theirs, ours] of alerts) this.#insert('case_id', { incident, kind: 'alert', theirs, ours })
    this.#insert('case_import', {
      incident,
      number: given.number,
      desk: given.desk,
      content: given.content,
      first_hash: given.ledger.first,
      entries: given.ledger.entries,
      links: JSON.stringify([...rowsOf(file, 'link', LinkRecord)]),
      at: acting.now,
      by: acting.by,
    })
    const told = this.#incidents.change(number, 'case.imported', acting, (change) => {
      const { desk, content, ledger } = given
      const body = { number: given.number, desk, content, ledger: { entries: ledger.entries, last: ledger.last } }
      change.tell('case.imported', given.number, body)
      change.tellDesk('case.imported', { ...body, number })
      return ok(null)
    })
    if (!told.ok) throw new Error(told.error.message)
    this.#incidents.announce(number)
    moveCopies(given.evidence, join(given.evidenceFolder, number))
    return ok({ number, original: given.number, alerts: [...alerts.values()].map(Number) })
  }

  /** Names are ours: records are strict, so that a row has no others. */
  #insert(table: string, row: Readonly<Record<string, string | number | Uint8Array | null>>): number {
    const names = Object.keys(row)
    const sql = `INSERT INTO ${table} (${names.map((name) => `"${name}"`).join()}) VALUES (${names.map(() => '?').join()})`
    return Number(prepared(this.#db, sql).run(...Object.values(row)).lastInsertRowid)
  }
}

/** Rows of a table in their order. They were checked before; one that is not as it should be ends the import. */
function* rowsOf<T>(file: ReadDatabase, table: JsonTable, shape: z.ZodType<T>): Generator<T> {
  for (const { body } of file.prepare(`SELECT body FROM ${table} ORDER BY place`).iterate() as Iterable<{ body: string }>)
    yield shape.parse(JSON.parse(body))
}

/** What each event was there → what it is here. */
function eventsOf(file: ReadDatabase, ranges: readonly IdRange[]): Map<string, string> {
  const ours = (function* () {
    for (const { first, count } of ranges) for (let at = 0; at < count; at++) yield String(first + at)
  })()
  const events = new Map<string, string>()
  for (const theirs of file.prepare('SELECT id FROM event ORDER BY place').pluck().iterate() as Iterable<string>) {
    const next = ours.next()
    if (next.done !== true) events.set(theirs, next.value)
  }
  return events
}

function moveCopies(from: string, to: string): void {
  const names = existsSync(from) ? readdirSync(from) : []
  if (names.length === 0) return
  mkdirSync(dirname(to), { recursive: true })
  mkdirSync(to, { recursive: true })
  for (const name of names) renameSync(join(from, name), join(to, name))
}
