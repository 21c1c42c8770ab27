/** Makes occasions of new alerts, in their order, each once: which one was the last is kept in the desk. */
import type { Alert, Endpoint } from '../../../shared/model/alert.ts'
import type { Occasion } from '../../../shared/model/notification.ts'
import type { Result } from '../../../shared/model/result.ts'
import type { NotifyStore } from '../store/notify-calls.ts'
import { InTurn } from './in-turn.ts'

/** Alerts that are told of in one go, and how long is waited between two (milliseconds). */
const PAGE = 200
const GAP = 1000
const AFTER_FAULT = 30_000

export interface FollowOptions {
  readonly store: Pick<NotifyStore, 'alertMark' | 'setAlertMark' | 'newestAlert' | 'alertsAfter'>
  /** Whether anybody wants to be told of alerts. */
  wanted(): boolean
  tell(occasions: readonly Occasion[], alertMark: number): Promise<Result<null>>
  /** The customer whose asset an alert is about. */
  customerOf(alert: Alert): string | null
}

const CUT = 1000
const placeOf = ({ ip, port, name }: Endpoint): string =>
  [name, ip === null ? null : port === null ? ip : ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`]
    .filter((part) => part !== null)
    .join(' ')
    .slice(0, CUT)

export const alertOccasion = (alert: Alert, customer: string | null): Occasion => ({
  kind: 'alert',
  at: alert.raised,
  alert: {
    id: alert.id,
    title: alert.title.slice(0, CUT),
    severity: alert.severity,
    detection: alert.detection.slice(0, CUT),
    asset: alert.asset.slice(0, CUT),
    source: placeOf(alert.source),
    destination: placeOf(alert.destination),
    user: alert.user?.slice(0, CUT) ?? null,
    attack: alert.attack.slice(0, 50).map((id) => id.slice(0, 64)),
    count: alert.count,
    impact: alert.impact?.result ?? null,
    customer: customer?.slice(0, CUT) ?? null,
  },
})

export class FollowAlerts {
  readonly #options: FollowOptions
  #mark: number | null = null
  readonly #turn = new InTurn(() => (this.#mark === null ? this.begin() : this.#tell()))

  constructor(options: FollowOptions) {
    this.#options = options
  }

  /** Takes up where it ended; a desk that never told anybody begins with what comes next. */
  async begin(): Promise<void> {
    const { store } = this.#options
    const mark = await store.alertMark()
    if (!mark.ok) return this.#turn.again(AFTER_FAULT)
    if (mark.value === null) {
      const newest = await store.newestAlert()
      if (!newest.ok) return this.#turn.again(AFTER_FAULT)
      const set = await store.setAlertMark(newest.value)
      if (!set.ok) return this.#turn.again(AFTER_FAULT)
      this.#mark = newest.value
    } else this.#mark = mark.value
    this.#turn.again(0)
  }

  /** Alerts changed; those that are new are told of in a moment. */
  changed(ids: readonly string[]): void {
    const mark = this.#mark
    if (mark !== null && !this.#turn.waits && ids.some((id) => Number(id) > mark)) this.#turn.again(GAP)
  }

  /** Now; resolves when all there is was told, or could not be. */
  async catchUp(): Promise<void> {
    if (this.#mark !== null) await this.#turn.now()
  }

  close(): Promise<void> {
    return this.#turn.close()
  }

  async #tell(): Promise<void> {
    const { store, wanted, tell, customerOf } = this.#options
    while (!this.#turn.closed && this.#mark !== null) {
      if (!wanted()) {
        const newest = await store.newestAlert()
        if (!newest.ok) return this.#turn.again(AFTER_FAULT)
        if (newest.value > this.#mark) {
          const set = await store.setAlertMark(newest.value)
          if (!set.ok) return this.#turn.again(AFTER_FAULT)
          this.#mark = newest.value
        }
        return
      }
      const page = await store.alertsAfter(this.#mark, PAGE)
      if (!page.ok) return this.#turn.again(AFTER_FAULT)
      const last = page.value.at(-1)
      if (last === undefined) return
      const done = await tell(
        page.value.map((alert) => alertOccasion(alert, customerOf(alert))),
        Number(last.id),
      )
      // Where the queue is full they wait here: nothing is lost, and nothing is told twice.
      if (!done.ok) return this.#turn.again(AFTER_FAULT)
      this.#mark = Number(last.id)
    }
  }
}
