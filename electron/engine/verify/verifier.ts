/**
 * Verifies alerts as they come, and again when there is more to see: one after the other, beside everything else that the desk does.
 * An alert that goes on is verified again less and less often; one that is over, when new data speaks of its target, or the inventory
 * is another.
 */
import type { Verification } from '../../../shared/model/impact.ts'
import { ok, type Result } from '../../../shared/model/result.ts'
import { isoFromMicros, microsFromIso } from '../../../shared/model/time.ts'
import { quote } from '../../../shared/query/escape.ts'
import type { NewVerification } from '../store/desk-impact.ts'
import type { Store } from '../store/types.ts'
import { Pace, sideBySide } from './pace.ts'
import { VerifyThread, type DeskKnows } from './thread/verify-thread.ts'

const NOBODY = 'watchfloor'
/** Alerts that are asked for at once, and verified before it is looked again what is new. */
const MOST_WAITING = 2000
const MOST_AT_ONCE = 100
const MOST_REMEMBERED = 20_000
/** Milliseconds after an alert came before it is verified first: the answer to what raised it comes within them. */
const FIRST_AFTER = 400
/** Milliseconds between two verifications of an alert that goes on, by how often it was. */
const PAUSES = [2_000, 10_000, 60_000, 300_000]
/** New data: milliseconds without a commit, or at most so long, until it is looked whose it is. */
const SETTLED = 3_000
const AT_MOST = 30_000
/** Milliseconds from a record's arrival, which is what is asked by, to its commit. */
const IN_FLIGHT = 10_000
/** Alerts that new data may speak of; and how long, in microseconds, a target is watched after its alert. */
const MOST_WATCHED = 300
const WATCHED_FOR = 3_600_000_000
/** Results that are kept together. */
const KEPT_TOGETHER = 20

interface Remembered {
  readonly at: number
  readonly times: number
}

export class Verifier {
  readonly #store: Store
  readonly #thread: VerifyThread
  readonly #now: () => number
  readonly #pace: Pace
  readonly #ending = new AbortController()
  /** Alerts that new data speaks of → when they are due, in milliseconds. */
  readonly #again = new Map<string, number>()
  readonly #known = new Map<string, Remembered>()
  readonly #remove: (() => void)[] = []
  /** Alerts changed since the store was asked whose events are not all verified. */
  #stirred = true
  /** Some of those wait for their time. */
  #later = false
  #running: Promise<void> = Promise.resolve()
  #timer: NodeJS.Timeout | null = null
  #committed: { first: number; last: number } | null = null
  /** When the inventory was changed that nothing was verified by yet, milliseconds. */
  #inventory: number | null = null
  #looked: number
  #verified = 0

  constructor(store: Store, desk: DeskKnows, now: () => number = Date.now) {
    this.#store = store
    this.#thread = new VerifyThread(store, desk)
    this.#now = now
    this.#pace = new Pace(now)
    this.#looked = now()
    this.#remove.push(store.onCommitted(({ times }) => times !== null && this.#thread.stored(...times)))
  }

  /** Verifications since the start. */
  get verified(): number {
    return this.#verified
  }

  start(): void {
    this.#remove.push(
      this.#store.onAlertsChanged(() => {
        this.#stirred = true
      }),
      this.#store.onCommitted(({ rows }) => {
        if (rows === 0) return
        this.#pace.stored()
        this.#committed = { first: this.#committed?.first ?? this.#now(), last: this.#now() }
      }),
    )
    this.#timer = setInterval(() => this.#turn(), 200)
    this.#timer.unref()
  }

  /** Verifies these alerts now, whatever is known of them. Errors: `not_found`, `cancelled`. */
  async verify(ids: readonly string[], by: string, signal: AbortSignal): Promise<Result<readonly Verification[]>> {
    const both = AbortSignal.any([signal, this.#ending.signal])
    const results: NewVerification[] = []
    let failed: Result<never> | null = null
    await sideBySide(ids, async (id) => {
      if (failed !== null) return
      const verification = await this.#verify(id, by, 'asked', both)
      if (verification.ok) results.push(verification.value)
      else failed ??= verification
    })
    const kept = await this.#store.impact.keep(results)
    if (!kept.ok) return kept
    if (failed !== null) return failed
    const done: Verification[] = []
    for (const id of ids) {
      const stored = await this.#store.impact.get({ alert: id }, signal)
      if (!stored.ok) return stored
      const [newest] = stored.value.verifications
      if (newest !== undefined) done.push(newest)
    }
    return ok(done)
  }

  /** What is known of assets or of vulnerabilities is another than before. */
  inventoryChanged(): void {
    this.#inventory = this.#now()
  }

  /** Resolves when nothing is worked on. */
  async settled(): Promise<void> {
    await this.#running
  }

  async close(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer)
    for (const remove of this.#remove) remove()
    this.#ending.abort()
    await this.#running
    await this.#thread.close()
  }

  #turn(): void {
    if (this.#busy || this.#ending.signal.aborted) return
    this.#busy = true
    this.#running = this.#work()
      .catch((error: unknown) => {
        process.stderr.write(`verify: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
      })
      .finally(() => {
        this.#busy = false
      })
  }
  #busy = false

  async #work(): Promise<void> {
    const { signal } = this.#ending
    await this.#newInventory(signal)
    await this.#newData(signal)
    const due = await this.#due(signal)
    let results: NewVerification[] = []
    const keep = async (): Promise<void> => {
      const some = results
      results = []
      if (some.length === 0) return
      const kept = await this.#store.impact.keep(some)
      if (!kept.ok) for (const { verification } of some) this.#putOff(verification.alert, verification.cause)
    }
    const one = async ([id, cause]: readonly [string, 'raised' | 'data']): Promise<void> => {
      if (signal.aborted) return
      if (!this.#thread.ready) return this.#putOff(id, cause)
      const verified = await this.#verify(id, NOBODY, cause, signal)
      if (verified.ok) results.push(verified.value)
      // The thread died of it or beside it, or the store did not answer.
      else if (verified.error.code !== 'not_found' && verified.error.code !== 'cancelled') this.#putOff(id, cause)
      if (results.length >= KEPT_TOGETHER) await keep()
    }
    await this.#pace.each(due, one, signal)
    await keep()
  }

  /** It is tried again, after its pause. */
  #putOff(id: string, cause: Verification['cause']): void {
    if (cause !== 'data') this.#later = true
    else this.#again.set(id, this.#pausedUntil(id))
  }

  /** What is verified now: alerts with events that were not, the newest first, for somebody waits for it; then those of new data. */
  async #due(signal: AbortSignal): Promise<Map<string, 'raised' | 'data'>> {
    const now = this.#now()
    const due = new Map<string, 'raised' | 'data'>()
    if (this.#stirred || this.#later) {
      this.#stirred = false
      this.#later = false
      const found = await this.#store.impact.unverified(MOST_WAITING, signal)
      if (!found.ok) this.#later = true
      for (const { id, raised } of found.ok ? found.value : []) {
        if (due.size >= MOST_AT_ONCE || Math.max(raised + FIRST_AFTER, this.#pausedUntil(id)) > now) this.#later = true
        else due.set(id, 'raised')
      }
    }
    for (const [id, at] of this.#again) {
      if (at > now || due.size >= MOST_AT_ONCE) continue
      this.#again.delete(id)
      if (!due.has(id)) due.set(id, 'data')
    }
    return due
  }

  /** Which alerts of the last hours new events speak of. */
  async #newData(signal: AbortSignal): Promise<void> {
    const committed = this.#committed
    const now = this.#now()
    if (committed === null || (now - committed.last < SETTLED && now - committed.first < AT_MOST)) return
    const looked = this.#looked
    const since = looked - IN_FLIGHT
    this.#committed = null
    this.#looked = now
    const again = (): void => {
      this.#committed = { first: now, last: now }
      this.#looked = looked
    }
    const found = await this.#watched(signal)
    if (!found.ok) return again()
    for (const { id, source, destination, asset, first, last, impact } of found.value.alerts) {
      if (signal.aborted) return
      if (impact === null || this.#again.has(id)) continue
      const hosts = [...new Set([source.ip, destination.ip, asset].filter((one): one is string => one !== null && one !== ''))]
      const where = hosts.map((host) => `ip:${quote(host)} or host:${quote(host)}`).join(' or ')
      const fresh = await this.#store.events.search(
        {
          where: `(${where}) and received:>=${isoFromMicros(since * 1000)}`,
          window: {
            from: isoFromMicros((microsFromIso(first) ?? 0) - WATCHED_FOR),
            to: isoFromMicros((microsFromIso(last) ?? 0) + WATCHED_FOR),
          },
          order: 'newest',
          fields: ['src.ip'],
          limit: 1,
          after: null,
        },
        signal,
      )
      if (!fresh.ok) return again()
      if (fresh.value.events.length > 0) this.#again.set(id, this.#pausedUntil(id))
    }
  }

  /** An import changes it many times: it is waited until that is over. */
  async #newInventory(signal: AbortSignal): Promise<void> {
    const changed = this.#inventory
    if (changed === null || this.#now() - changed < SETTLED) return
    const found = await this.#watched(signal)
    if (!found.ok || this.#inventory !== changed) return
    this.#inventory = null
    for (const { id, impact } of found.value.alerts)
      if (impact !== null && !this.#again.has(id)) this.#again.set(id, this.#pausedUntil(id))
  }

  /** Alerts that are open and may still turn out to be something else. */
  #watched(signal: AbortSignal): ReturnType<Store['alerts']['search']> {
    return this.#store.alerts.search(
      {
        where: 'not impact:(succeeded or blocked)',
        states: ['open', 'snoozed'],
        window: { from: null, to: null },
        order: 'newest',
        limit: MOST_WATCHED,
        after: null,
      },
      NOBODY,
      signal,
    )
  }

  #pausedUntil(id: string): number {
    const known = this.#known.get(id)
    return known === undefined ? 0 : known.at + (PAUSES[Math.min(known.times - 1, PAUSES.length - 1)] ?? 0)
  }

  async #verify(id: string, by: string, cause: Verification['cause'], signal: AbortSignal): Promise<Result<NewVerification>> {
    const done = await this.#thread.verify(id, signal)
    // Of one that cannot be verified too: it is not tried again and again.
    const times = this.#known.get(id)?.times ?? 0
    this.#known.delete(id)
    this.#known.set(id, { at: this.#now(), times: times + 1 })
    if (this.#known.size > MOST_REMEMBERED) this.#known.delete(this.#known.keys().next().value ?? '')
    if (!done.ok) return done
    const { verified, count } = done.value
    this.#verified++
    return ok({ verification: { alert: id, at: isoFromMicros(this.#now() * 1000), by, cause, ...verified }, count })
  }
}
