/** Who is told on which way: channels, subscriptions, and what subscriptions have gathered to tell it together. */
import type { Alert } from '../../../shared/model/alert.ts'
import { ChannelSettings, MOST_PEOPLE, Occasion, Person, SubscriptionSettings } from '../../../shared/model/notification.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import { ALERT_COLUMNS, alertOf, type AlertRow } from './alert-row.ts'
import { prepared, type WriteDatabase } from './database.ts'
import { DeskLedger } from './desk-ledger.ts'

export interface StoredChannel {
  readonly id: string
  readonly enabled: boolean
  readonly settings: ChannelSettings
  /** Milliseconds. */
  readonly created: number
}

export interface StoredSubscription {
  readonly id: string
  readonly owner: string
  readonly settings: SubscriptionSettings
  readonly created: number
}

export interface Gathered {
  readonly occasions: readonly Occasion[]
  /** What came when there was no room for more. */
  readonly more: number
  /** Takes these and no later ones away. */
  readonly upTo: number
}

export const MOST_CHANNELS = 50
export const MOST_SUBSCRIPTIONS = 200

export class DeskNotify {
  readonly #db: WriteDatabase
  readonly #ledger: DeskLedger

  constructor(db: WriteDatabase) {
    this.#db = db
    this.#ledger = new DeskLedger(db)
  }

  channels(): Result<StoredChannel[]> {
    const rows = prepared(this.#db, 'SELECT id, enabled, settings, created FROM notify_channel ORDER BY created, id').all() as {
      id: string
      enabled: number
      settings: string
      created: number
    }[]
    return ok(
      rows.flatMap(({ id, enabled, settings, created }) => {
        const parsed = ChannelSettings.safeParse(JSON.parse(settings))
        return parsed.success ? [{ id, enabled: enabled === 1, settings: parsed.data, created }] : []
      }),
    )
  }

  saveChannel(channel: StoredChannel, by: string): Result<null> {
    return this.#change(() => {
      const others = prepared(this.#db, 'SELECT count(*) FROM notify_channel WHERE id <> ?').pluck().get(channel.id) as number
      if (others >= MOST_CHANNELS) return fail({ code: 'conflict', message: `There are ${MOST_CHANNELS} channels already.` })
      prepared(
        this.#db,
        `INSERT INTO notify_channel (id, enabled, settings, created) VALUES (?, ?, ?, ?)
          ON CONFLICT DO UPDATE SET enabled = excluded.enabled, settings = excluded.settings`,
      ).run(channel.id, channel.enabled ? 1 : 0, JSON.stringify(channel.settings), channel.created)
      this.#note(by, 'notify.channel_saved', channel.id, { enabled: channel.enabled, settings: channel.settings })
      return ok(null)
    })
  }

  /** `conflict` while a subscription uses it. What waits on it is cancelled. */
  removeChannel(id: string, by: string): Result<null> {
    return this.#change(() => {
      const users = this.subscriptions()
      if (users.ok && users.value.some(({ settings }) => settings.channel === id))
        return fail({ code: 'conflict', message: 'A subscription uses this channel.' })
      if (prepared(this.#db, 'DELETE FROM notify_channel WHERE id = ?').run(id).changes === 0)
        return fail({ code: 'not_found', message: 'There is no such channel.' })
      prepared(
        this.#db,
        "UPDATE notify_message SET state = 'cancelled', ended = ? WHERE channel = ? AND state IN ('waiting', 'failed')",
      ).run(Date.now(), id)
      this.#note(by, 'notify.channel_removed', id, {})
      return ok(null)
    })
  }

  subscriptions(): Result<StoredSubscription[]> {
    const rows = prepared(
      this.#db,
      'SELECT id, owner, settings, created FROM notify_subscription ORDER BY created, id',
    ).all() as { id: string; owner: string; settings: string; created: number }[]
    return ok(
      rows.flatMap(({ settings, ...row }) => {
        const parsed = SubscriptionSettings.safeParse(JSON.parse(settings))
        return parsed.success ? [{ ...row, settings: parsed.data }] : []
      }),
    )
  }

  /** Whose addresses are known, by name. */
  people(): Result<Person[]> {
    const rows = prepared(this.#db, 'SELECT name, address FROM notify_person ORDER BY name').all()
    return ok(rows.flatMap((row) => Person.safeParse(row).data ?? []))
  }

  /** Null forgets the address. `conflict` where there are too many. */
  savePerson(name: string, address: string | null, by: string): Result<null> {
    return this.#change(() => {
      if (address === null) prepared(this.#db, 'DELETE FROM notify_person WHERE name = ?').run(name)
      else {
        const others = prepared(this.#db, 'SELECT count(*) FROM notify_person WHERE name <> ?').pluck().get(name) as number
        if (others >= MOST_PEOPLE) return fail({ code: 'conflict', message: `There are ${MOST_PEOPLE} people already.` })
        prepared(
          this.#db,
          'INSERT INTO notify_person (name, address) VALUES (?, ?) ON CONFLICT DO UPDATE SET address = excluded.address',
        ).run(name, address)
      }
      this.#note(by, 'notify.person_saved', name, { address })
      return ok(null)
    })
  }

  /** How much each subscription has gathered. */
  gatheredCounts(): Result<Readonly<Record<string, number>>> {
    const rows = prepared(
      this.#db,
      'SELECT subscription, count(*) + sum(more) AS count FROM notify_gathered GROUP BY subscription',
    ).all() as { subscription: string; count: number }[]
    return ok(Object.fromEntries(rows.map(({ subscription, count }) => [subscription, count])))
  }

  saveSubscription(subscription: StoredSubscription, by: string): Result<null> {
    return this.#change(() => {
      const others = prepared(this.#db, 'SELECT count(*) FROM notify_subscription WHERE id <> ?')
        .pluck()
        .get(subscription.id) as number
      if (others >= MOST_SUBSCRIPTIONS)
        return fail({ code: 'conflict', message: `There are ${MOST_SUBSCRIPTIONS} subscriptions already.` })
      const { id, owner, settings, created } = subscription
      prepared(
        this.#db,
        `INSERT INTO notify_subscription (id, owner, settings, created) VALUES (?, ?, ?, ?)
          ON CONFLICT DO UPDATE SET settings = excluded.settings`,
      ).run(id, owner, JSON.stringify(settings), created)
      this.#note(by, 'notify.subscription_saved', id, { owner, settings })
      return ok(null)
    })
  }

  removeSubscription(id: string, by: string): Result<null> {
    return this.#change(() => {
      if (prepared(this.#db, 'DELETE FROM notify_subscription WHERE id = ?').run(id).changes === 0)
        return fail({ code: 'not_found', message: 'There is no such subscription.' })
      prepared(this.#db, 'DELETE FROM notify_gathered WHERE subscription = ?').run(id)
      this.#note(by, 'notify.subscription_removed', id, {})
      return ok(null)
    })
  }

  /** Subscriptions whose digest is due, and when the next one will be. `now` in milliseconds. */
  digestsDue(now: number): Result<{ readonly due: readonly string[]; readonly next: number | null }> {
    const rows = prepared(this.#db, 'SELECT subscription, min(due) AS due FROM notify_gathered GROUP BY subscription').all() as {
      subscription: string
      due: number
    }[]
    const later = rows.filter(({ due }) => due > now).map(({ due }) => due)
    return ok({
      due: rows.filter(({ due }) => due <= now).map(({ subscription }) => subscription),
      next: later.length === 0 ? null : Math.min(...later),
    })
  }

  /** What a subscription has gathered, the oldest first. */
  gathered(subscription: string): Result<Gathered> {
    const rows = prepared(this.#db, 'SELECT id, occasion, more FROM notify_gathered WHERE subscription = ? ORDER BY id').all(
      subscription,
    ) as { id: number; occasion: string; more: number }[]
    const occasions: Occasion[] = []
    let more = 0
    for (const row of rows) {
      const parsed = Occasion.safeParse(JSON.parse(row.occasion))
      if (parsed.success) occasions.push(parsed.data)
      more += row.more
    }
    return ok({ occasions, more, upTo: rows.at(-1)?.id ?? 0 })
  }

  /** Nothing of a subscription is told before `due` (milliseconds). */
  postpone(subscription: string, due: number): Result<null> {
    prepared(this.#db, 'UPDATE notify_gathered SET due = ? WHERE subscription = ? AND due < ?').run(due, subscription, due)
    return ok(null)
  }

  /** Up to which alert everybody was told; null before the first time. */
  alertMark(): Result<number | null> {
    return ok(
      (prepared(this.#db, "SELECT value FROM notify_mark WHERE name = 'alerts'").pluck().get() as number | undefined) ?? null,
    )
  }

  setAlertMark(value: number): Result<null> {
    prepared(
      this.#db,
      "INSERT INTO notify_mark (name, value) VALUES ('alerts', ?) ON CONFLICT DO UPDATE SET value = excluded.value",
    ).run(value)
    return ok(null)
  }

  /** The number of the newest alert; 0 where there is none. */
  newestAlert(): Result<number> {
    return ok((prepared(this.#db, 'SELECT max(id) FROM alert').pluck().get() as number | null) ?? 0)
  }

  /** Alerts with a number above `after`, in order. */
  alertsAfter(after: number, limit: number): Result<Alert[]> {
    const rows = prepared(
      this.#db,
      `SELECT ${ALERT_COLUMNS} FROM alert WHERE id > ? AND id NOT IN (SELECT alert FROM case_alert) ORDER BY id LIMIT ?`,
    ).all(after, limit) as AlertRow[]
    const now = Date.now() * 1000
    return ok(rows.map((row) => alertOf(row, now)))
  }

  #note(by: string, action: string, subject: string, body: Parameters<DeskLedger['add']>[1]['body']): void {
    this.#ledger.add('desk', { by, action, subject, body }, Date.now() * 1000)
  }

  /** In a transaction that is undone where the work is refused. */
  #change<T>(work: () => Result<T>): Result<T> {
    class Refused extends Error {}
    let result: Result<T> | undefined
    try {
      this.#db.transaction(() => {
        result = work()
        if (!result.ok) throw new Refused()
      })()
    } catch (error) {
      if (!(error instanceof Refused)) throw error
    }
    return result!
  }
}
