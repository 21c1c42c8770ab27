/**
 * Alerts as hits raise, join and merge them (issue 2, section 5: the same detection on the same pair inside a window is one
 * alert). The outcome does not depend on the order in which hits arrive: neighbours that a late hit connects become one, as
 * long as nobody has touched them.
 */
import { createHash } from 'node:crypto'
import type { WriteDatabase } from './database.ts'
import { OPEN, SNOOZED, sparkBytes, sparkOf } from './alert-row.ts'
import { SLOTS, addToSpark } from './hits.ts'
import type { HitBody, Spark } from './hits.ts'
import type { StoredHit } from './partition-writer.ts'

export interface Applied {
  /** Hits that raised an alert. */
  readonly raised: readonly number[]
  /** Alerts that are new, changed, or gone because they were merged. */
  readonly changed: readonly number[]
  /** Hits that joined an alert and have a body in their partition, which is not needed any more. */
  readonly joined: readonly number[]
}
interface Candidate {
  id: number
  detection: string
  first: number
  last: number
  count: number
  severity: number
  state: number
  owner: string | null
  spark_slot: number
  spark: Uint8Array
  raised: number
}

export class DeskAlerts {
  readonly #db: WriteDatabase
  readonly #holdsBack: (hit: StoredHit, body: HitBody) => boolean
  readonly #statements
  /** Newest text of each detection. */
  readonly #texts = new Map<string, number>()

  /** `holdsBack`: true where a hit that would raise an alert raises none. */
  constructor(db: WriteDatabase, holdsBack: (hit: StoredHit, body: HitBody) => boolean = () => false) {
    this.#db = db
    this.#holdsBack = holdsBack
    this.#statements = {
      candidates: db.prepare(
        `SELECT id, detection, first, last, count, severity, state, owner, spark_slot, spark, raised FROM alert
         WHERE key = ? AND state IN (${OPEN}, ${SNOOZED}) AND first - ? <= ? AND last + ? >= ?`,
      ),
      join: db.prepare(
        'UPDATE alert SET count = ?, first = ?, last = ?, severity = ?, spark_slot = ?, spark = ?, revision = revision + 1 WHERE id = ?',
      ),
      raise: db.prepare(
        `INSERT INTO alert (key, kind, detection, title, severity, attack, category, src_ip, src_port, src_name, dst_ip, dst_port, dst_name, asset, user,
         count, first, last, raised, state, spark_slot, spark, revision, text, event, marks)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ${OPEN}, ?, ?, 1, ?, ?, ?)`,
      ),
      action: db.prepare("INSERT INTO alert_action (step, alert, at, by, action) VALUES (0, ?, ?, 'watchfloor', 'raised')"),
      // One that is in an incident is worked on too.
      touched: db
        .prepare(
          "SELECT 1 FROM alert_action WHERE alert = @id AND action <> 'raised' UNION ALL SELECT 1 FROM incident_alert WHERE alert = @id LIMIT 1",
        )
        .pluck(),
      hit: db.prepare('INSERT OR IGNORE INTO alert_hit (alert, day, seq) VALUES (?, ?, ?)'),
      moveHits: db.prepare('UPDATE OR IGNORE alert_hit SET alert = ? WHERE alert = ?'),
      remove: [
        db.prepare('DELETE FROM alert WHERE id = ?'),
        db.prepare('DELETE FROM alert_action WHERE alert = ?'),
        db.prepare('DELETE FROM alert_hit WHERE alert = ?'),
        db.prepare('DELETE FROM verification WHERE alert = ?'),
      ],
      total: db.prepare(
        'INSERT INTO alert_total (detection, alerts, last) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET alerts = alerts + excluded.alerts, last = max(last, excluded.last)',
      ),
      newestText: db.prepare('SELECT max(id) FROM detection_text WHERE kind = ? AND detection = ?').pluck(),
      textByHash: db.prepare('SELECT id FROM detection_text WHERE kind = ? AND detection = ? AND hash = ?').pluck(),
      addText: db.prepare('INSERT INTO detection_text (kind, detection, hash, body) VALUES (?, ?, ?, ?)'),
      applied: db.prepare('SELECT seq FROM applied WHERE day = ?').pluck(),
      setApplied: db.prepare('INSERT INTO applied (day, seq) VALUES (?, ?) ON CONFLICT DO UPDATE SET seq = excluded.seq'),
    }
  }

  /** Up to which hit of a partition the alerts are made. */
  applied(day: number): number {
    return (this.#statements.applied.get(day) as number | undefined) ?? 0
  }

  /**
   * Applies hits of one partition in one transaction, together with the mark that says so. `now` and `window` in microseconds.
   * `beside` is called for each in the same transaction. A hit without events raises nothing.
   */
  apply(day: number, hits: readonly StoredHit[], now: number, window: number, beside?: (seq: number) => void): Applied {
    const changed = new Set<number>()
    const raised: number[] = []
    const joined: number[] = []
    const mark = this.applied(day)
    const fresh = hits.filter(({ seq }) => seq > mark)
    const last = fresh.at(-1)
    if (!last) return { raised, changed: [], joined }
    this.#db
      .transaction(() => {
        for (const hit of fresh) if (hit.body?.text) this.#keepText(hit.body.text)
        if (beside !== undefined) for (const { seq } of fresh) beside(seq)
        for (const { hit, hits: parts } of jointHits(fresh, window)) {
          // One without events joins what is there, as it spans its time now, and raises nothing.
          if (hit.body === null && hit.count === 0) continue
          const target = this.#join(hit, window, changed)
          if (target === null && hit.count === 0) continue
          const alert = target ?? this.#raise(hit, now)
          if (alert === null) continue
          changed.add(alert)
          if (target === null) raised.push(hit.seq)
          for (const { seq, kept } of parts) {
            if (kept && (target !== null || seq !== hit.seq)) joined.push(seq)
            this.#statements.hit.run(alert, day, seq)
          }
        }
        this.#statements.setApplied.run(day, last.seq)
      })
      .immediate()
    return { raised, changed: [...changed], joined }
  }

  #join(hit: StoredHit, window: number, changed: Set<number>): number | null {
    const found = this.#statements.candidates.all(hit.key, window, hit.last, window, hit.first) as Candidate[]
    // Here and not in the query: it is one in nearly every case, and the query would take five times as long.
    if (found.length > 1) found.sort((a, b) => a.id - b.id)
    const first = found[0]
    if (!first) return null
    let target = first
    let spark: Spark = addToSpark(sparkOf(target), hit.slots)
    let sum = {
      count: target.count + hit.count,
      first: Math.min(target.first, hit.first),
      last: Math.max(target.last, hit.last),
      severity: Math.max(target.severity, hit.severity),
    }
    if (found.length > 1) {
      const free = found.filter(
        (alert) => alert.state === OPEN && alert.owner === null && this.#statements.touched.get({ id: alert.id }) === undefined,
      )
      if (free.length < found.length) {
        // Somebody works on one of them: that one goes on, the one nearest in time.
        target = found.reduce((best, alert) => (distance(alert, hit) < distance(best, hit) ? alert : best))
        spark = addToSpark(sparkOf(target), hit.slots)
        sum = {
          count: target.count + hit.count,
          first: Math.min(target.first, hit.first),
          last: Math.max(target.last, hit.last),
          severity: Math.max(target.severity, hit.severity),
        }
      } else {
        for (const other of found.slice(1)) {
          const from = sparkOf(other)
          spark = addToSpark(
            spark,
            from.counts.map((count, i) => [from.newest - (SLOTS - 1) + i, count] as const),
          )
          sum = {
            count: sum.count + other.count,
            first: Math.min(sum.first, other.first),
            last: Math.max(sum.last, other.last),
            severity: Math.max(sum.severity, other.severity),
          }
          this.#statements.moveHits.run(target.id, other.id)
          this.#statements.total.run(other.detection, -1, 0)
          for (const statement of this.#statements.remove) statement.run(other.id)
          changed.add(other.id)
        }
      }
    }
    this.#statements.join.run(sum.count, sum.first, sum.last, sum.severity, spark.newest, sparkBytes(spark), target.id)
    this.#statements.total.run(target.detection, 0, sum.last)
    return target.id
  }

  #raise(hit: StoredHit, now: number): number | null {
    const body = hit.body
    // Its body went when it joined an alert of a desk that has since been lost: it cannot raise one alone.
    if (!body || this.#holdsBack(hit, body)) return null
    const spark = addToSpark({ newest: hit.slots[0]?.[0] ?? 0, counts: new Array<number>(SLOTS).fill(0) }, hit.slots)
    const id = Number(
      this.#statements.raise.run(
        hit.key,
        body.kind,
        body.detection,
        body.title,
        hit.severity,
        JSON.stringify(body.attack),
        body.category,
        body.source.ip,
        body.source.port,
        body.source.name,
        body.destination.ip,
        body.destination.port,
        body.destination.name,
        body.asset,
        body.user,
        hit.count,
        hit.first,
        hit.last,
        now,
        spark.newest,
        sparkBytes(spark),
        this.#textOf(body),
        hit.event,
        JSON.stringify(body.marks),
      ).lastInsertRowid,
    )
    this.#statements.action.run(id, now)
    this.#statements.total.run(body.detection, 1, hit.last)
    return id
  }

  #keepText(text: NonNullable<HitBody['text']>): void {
    const body = JSON.stringify(text)
    const hash = createHash('sha256').update(body).digest('base64')
    const known = this.#statements.textByHash.get(text.kind, text.detection, hash) as number | undefined
    this.#texts.set(
      `${text.kind}|${text.detection}`,
      known ?? Number(this.#statements.addText.run(text.kind, text.detection, hash, body).lastInsertRowid),
    )
  }

  #textOf(body: HitBody): number | null {
    const key = `${body.kind}|${body.detection}`
    let id: number | null | undefined = this.#texts.get(key)
    if (id === undefined) {
      id = this.#statements.newestText.get(body.kind, body.detection) as number | null
      if (id !== null) this.#texts.set(key, id)
    }
    return id
  }

  /** What was remembered of a transaction that was rolled back may not be there. */
  forget(): void {
    this.#texts.clear()
  }
}

/** How far a hit lies outside an alert's time. */
const distance = (alert: { readonly first: number; readonly last: number }, hit: StoredHit): number =>
  Math.max(alert.first - hit.last, hit.first - alert.last, 0)

interface JointHit {
  /** The first of them that has a body, with the times and counts of all. */
  readonly hit: StoredHit
  readonly hits: readonly StoredHit[]
}

/** Hits of one key that are no further apart than the window, as one each: an alert is then changed once and not once for each. */
export function jointHits(hits: readonly StoredHit[], window: number): JointHit[] {
  const byKey = new Map<string, { hit: StoredHit; hits: StoredHit[]; slots: StoredHit['slots'][number][] }[]>()
  for (const hit of hits) {
    const alone = { hit, hits: [hit], slots: [...hit.slots] }
    const groups = byKey.get(hit.key)
    if (!groups) {
      byKey.set(hit.key, [alone])
      continue
    }
    const near = groups.filter((group) => group.hit.first - window <= hit.last && group.hit.last + window >= hit.first)
    const [into, ...others] = near
    if (!into) {
      groups.push(alone)
      continue
    }
    for (const from of [alone, ...others]) {
      into.hits.push(...from.hits)
      into.slots.push(...from.slots)
      into.hit = {
        // One whose body is gone raises nothing.
        ...(into.hit.body === null ? from.hit : into.hit),
        severity: Math.max(into.hit.severity, from.hit.severity),
        count: into.hit.count + from.hit.count,
        first: Math.min(into.hit.first, from.hit.first),
        last: Math.max(into.hit.last, from.hit.last),
      }
    }
    if (others.length > 0)
      byKey.set(
        hit.key,
        groups.filter((group) => !others.includes(group)),
      )
  }
  return [...byKey.values()].flat().map(({ hit, hits: parts, slots }) => ({ hit: { ...hit, slots }, hits: parts }))
}
