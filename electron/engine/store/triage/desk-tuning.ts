/** Tunings in the desk's database, and what they hold back as hits come. */
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import { isoFromMicros, microsFromIso } from '../../../../shared/model/time.ts'
import { Tuning, TuningDraft } from '../../../../shared/model/triage.ts'
import type { WriteDatabase } from '../database.ts'
import { DeskLedger } from '../desk-ledger.ts'
import { TUNING_COLUMNS, tuningOf, type TuningRow } from './tuning-row.ts'
import { tuningTest, type Tuned } from './tuning-test.ts'

/** Rows of counts that are looked at in one turn. */
const PAGE = 500
/** Between two looks at all counts, and how long a tuning has to be without events from the past. Microseconds. */
const REST = 3_600_000_000

interface Active {
  readonly id: string
  readonly test: (of: Tuned) => boolean
  readonly threshold: TuningDraft['threshold']
  /** Microseconds. */
  readonly expires: number
}

interface CountRow {
  readonly tuning: string
  readonly key: string
  readonly since: number
  readonly seconds: number | null
  readonly over: number
}

export interface NewTuning {
  readonly id: string
  readonly draft: TuningDraft
  /** Of the detection, as it is called now. */
  readonly title: string
  readonly insisted: string | null
  /** Of an exception: its filter's file among the desk's own rules. */
  readonly file: string | null
  /** What it would have removed, for the ledger. */
  readonly preview: Readonly<Record<string, number>>
}

export class DeskTuning {
  readonly #db: WriteDatabase
  readonly #ledger: DeskLedger
  readonly #statements
  /** By detection. */
  #active: Map<string, Active[]> | null = null
  /** When a threshold last counted an event whose window was over by the clock: a history is being read, and its counts are not over. */
  readonly #late = new Map<string, number>()
  #next: number | null = null
  #place = { tuning: '', key: '' }

  constructor(db: WriteDatabase) {
    this.#db = db
    this.#ledger = new DeskLedger(db)
    this.#statements = {
      active: db.prepare(`SELECT ${TUNING_COLUMNS} FROM tuning WHERE ended IS NULL ORDER BY created, id`),
      one: db.prepare(`SELECT ${TUNING_COLUMNS} FROM tuning WHERE id = ?`),
      add: db.prepare(
        'INSERT INTO tuning (id, detection, draft, title, expires, created, created_by, insisted, file) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      ),
      change: db.prepare('UPDATE tuning SET expires = ?, draft = ? WHERE id = ? AND ended IS NULL AND expires > ?'),
      end: db.prepare('UPDATE tuning SET ended = ?, ended_by = ? WHERE id = ? AND ended IS NULL'),
      removed: db.prepare('UPDATE tuning SET removed = removed + ?, last = max(coalesce(last, 0), ?) WHERE id = ?'),
      count: db.prepare('SELECT since, count FROM tuning_count WHERE tuning = ? AND key = ?'),
      setCount: db.prepare(
        'INSERT INTO tuning_count (tuning, key, since, count) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET since = excluded.since, count = excluded.count',
      ),
      counts: db.prepare(
        `SELECT c.tuning, c.key, c.since, json_extract(t.draft, '$.threshold.seconds') AS seconds,
           t.id IS NULL OR t.ended IS NOT NULL OR t.expires <= ? AS over
         FROM tuning_count c LEFT JOIN tuning t ON t.id = c.tuning
         WHERE (c.tuning, c.key) > (?, ?) ORDER BY c.tuning, c.key LIMIT ${PAGE}`,
      ),
      dropCount: db.prepare('DELETE FROM tuning_count WHERE tuning = ? AND key = ?'),
      dropCounts: db.prepare('DELETE FROM tuning_count WHERE tuning = ?'),
    }
  }

  /** True where a hit that would raise an alert is held back; counted in the transaction that applies it. Times in microseconds. */
  holdsBack(
    hit: { readonly key: string; readonly count: number; readonly first: number; readonly last: number },
    of: Tuned & { readonly detection: string },
    now: number,
  ): boolean {
    const active = this.#ofDetection(of.detection)
    if (active === undefined) return false
    for (const { id, test, threshold, expires } of active) {
      if (now >= expires || !test(of)) continue
      if (threshold !== null && this.#reached(id, threshold, hit, now)) continue
      this.#statements.removed.run(hit.count, hit.last, id)
      return true
    }
    return false
  }

  /** Counts a hit for a threshold; true where it is reached, and the count begins anew. */
  #reached(
    tuning: string,
    { count, seconds }: NonNullable<TuningDraft['threshold']>,
    hit: { readonly key: string; readonly count: number; readonly first: number },
    now: number,
  ): boolean {
    if (hit.first + seconds * 1e6 < now) this.#late.set(tuning, now)
    const known = this.#statements.count.get(tuning, hit.key) as { since: number; count: number } | undefined
    const within = known !== undefined && Math.abs(hit.first - known.since) <= seconds * 1e6
    const sum = (within ? known.count : 0) + hit.count
    this.#statements.setCount.run(tuning, hit.key, within ? known.since : hit.first, sum >= count ? 0 : sum)
    return sum >= count
  }

  /** Lets go of counts that are over, a page of them in a turn. True where there is more to look at now. */
  tidy(now: number): boolean {
    this.#next ??= now + REST
    if (now < this.#next) return false
    const rows = this.#statements.counts.all(now, this.#place.tuning, this.#place.key) as CountRow[]
    this.#db.transaction(() => {
      for (const row of rows) if (this.#isOver(row, now)) this.#statements.dropCount.run(row.tuning, row.key)
    })()
    const last = rows.at(-1)
    if (rows.length === PAGE && last !== undefined) {
      this.#place = { tuning: last.tuning, key: last.key }
      return true
    }
    this.#place = { tuning: '', key: '' }
    this.#next = now + REST
    return false
  }

  #isOver({ tuning, since, seconds, over }: CountRow, now: number): boolean {
    if (over === 1) return true
    return since + (seconds ?? 0) * 1e6 < now && (this.#late.get(tuning) ?? -Infinity) + REST < now
  }

  #ofDetection(detection: string): readonly Active[] | undefined {
    if (this.#active === null) {
      this.#active = new Map()
      for (const row of this.#statements.active.all() as TuningRow[]) {
        const draft = TuningDraft.parse(JSON.parse(row.draft))
        // An exception is a filter of its rule, which never comes this far.
        if (draft.kind === 'exception') continue
        const list = this.#active.get(row.detection) ?? []
        list.push({ id: row.id, test: tuningTest(draft.match), threshold: draft.threshold, expires: row.expires })
        this.#active.set(row.detection, list)
      }
    }
    return this.#active.get(detection)
  }

  /** What was read may not be what a transaction that failed left. */
  forget(): void {
    this.#active = null
  }

  add({ id, draft, title, insisted, file, preview }: NewTuning, by: string, now: number): Result<Tuning> {
    this.forget()
    return this.#db
      .transaction((): Result<Tuning> => {
        const expires = microsFromIso(draft.expires) ?? 0
        this.#statements.add.run(id, draft.detection, JSON.stringify(draft), title, expires, now, by, insisted, file)
        this.#ledger.add(
          'desk',
          {
            by,
            action: `${draft.kind}.added`,
            subject: id,
            body: { ...draft, title, insisted, would_have_removed: { ...preview } },
          },
          now,
        )
        return this.#get(id, now)
      })
      .immediate()
  }

  /** Another end. `conflict` where it is over. */
  change(id: string, expires: string, reason: string, by: string, now: number): Result<Tuning> {
    this.forget()
    return this.#db
      .transaction((): Result<Tuning> => {
        const row = this.#statements.one.get(id) as TuningRow | undefined
        if (row === undefined) return fail({ code: 'not_found', message: 'There is no such tuning.' })
        const draft: TuningDraft = { ...TuningDraft.parse(JSON.parse(row.draft)), expires }
        if (this.#statements.change.run(microsFromIso(expires) ?? 0, JSON.stringify(draft), id, now).changes === 0)
          return fail({ code: 'conflict', message: 'This tuning is over: make it anew.' })
        const before = isoFromMicros(row.expires)
        this.#ledger.add('desk', { by, action: `${draft.kind}.changed`, subject: id, body: { expires, before, reason } }, now)
        return this.#get(id, now)
      })
      .immediate()
  }

  end(id: string, reason: string, by: string, now: number): Result<Tuning> {
    this.forget()
    return this.#db
      .transaction((): Result<Tuning> => {
        const before = this.#get(id, now)
        if (!before.ok) return before
        if (this.#statements.end.run(now, by, id).changes === 0)
          return fail({ code: 'conflict', message: 'This tuning has ended already.' })
        this.#statements.dropCounts.run(id)
        this.#ledger.add(
          'desk',
          { by, action: `${before.value.kind}.ended`, subject: id, body: { reason, removed: before.value.removed } },
          now,
        )
        return this.#get(id, now)
      })
      .immediate()
  }

  /** Files of exceptions whose time is over, or that were ended: their filters are to go. */
  spentFiles(now: number): string[] {
    const rows = this.#db
      .prepare('SELECT file FROM tuning WHERE file IS NOT NULL AND (ended IS NOT NULL OR expires <= ?)')
      .all(now) as { file: string }[]
    return rows.map(({ file }) => file)
  }

  #get(id: string, now: number): Result<Tuning> {
    const row = this.#statements.one.get(id) as TuningRow | undefined
    return row === undefined ? fail({ code: 'not_found', message: 'There is no such tuning.' }) : ok(tuningOf(row, now))
  }
}
