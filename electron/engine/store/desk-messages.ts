/**
 * The queue of messages. Each is in it before anything is sent, and says it was sent only afterwards: whatever happens in between, it is
 * sent at least once, with the same reference. Times are milliseconds.
 */
import { z } from 'zod'
import {
  MailAddress,
  MessageState,
  NotifyKind,
  NotifyLanguage,
  type About,
  type Message,
  type Occasion,
} from '../../../shared/model/notification.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import { say, Sentence } from '../../../shared/model/sentence.ts'
import { isoFromMicros } from '../../../shared/model/time.ts'
import { prepared, type WriteDatabase } from './database.ts'
import { markTold, type ToldMark } from './desk-told-incidents.ts'
import type { InputOf, OutputOf } from './types.ts'

/** Messages that may wait; one more is refused with `store_busy`. */
export const MOST_WAITING = 10_000
/** Occasions that a subscription gathers; what comes after them is only counted. */
export const MOST_GATHERED = 500
/** How long it is tried to send a message. */
export const GIVEN_UP_AFTER = 24 * 3_600_000
/** Of messages that are over the newest are kept, for a time. */
const MOST_KEPT = 5_000
const KEPT_FOR = 30 * 86_400_000

export interface NewMessage {
  readonly channel: string
  readonly to: readonly string[]
  readonly kind: NotifyKind
  readonly language: NotifyLanguage
  readonly subject: string
  readonly text: string
  readonly html: string
  /** JSON for a webhook. */
  readonly payload: string | null
  readonly about: About
  readonly reference: string
}

export interface QueuedMessage extends NewMessage {
  readonly id: number
  readonly created: number
  readonly attempts: number
  readonly deadline: number
}

export interface Gathering {
  readonly subscription: string
  readonly due: number
  readonly occasion: Occasion
}

/** What is to be told, in one transaction; `alertMark`: up to which alert this tells. */
export interface Telling {
  readonly messages: readonly NewMessage[]
  readonly gather: readonly Gathering[]
  readonly alertMark: number | null
  /** Incidents as this tells them. */
  readonly incidents?: readonly ToldMark[]
}

/** Of a channel's messages. */
export interface Traffic {
  readonly channel: string
  readonly waiting: number
  readonly failed: number
  readonly lastSent: number | null
  /** The newest failure of a message that waits or was given up, and when that was. */
  readonly lastError: Sentence | null
  readonly lastTried: number | null
  /** The most attempts of a message that waits. */
  readonly attempts: number
  /** The oldest message that did not get through. */
  readonly since: number | null
}

interface MessageRow {
  readonly id: number
  readonly channel: string
  readonly recipients: string
  readonly kind: string
  readonly language: string
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly payload: string | null
  readonly incident: string | null
  readonly alert: string | null
  readonly reference: string
  readonly created: number
  readonly attempts: number
  readonly next_attempt: number
  readonly deadline: number
  readonly state: string
  readonly ended: number | null
  readonly last_error: string | null
}

const Recipients = z.array(MailAddress)
const iso = (ms: number): string => isoFromMicros(ms * 1000)

function errorOfRow(text: string | null): Sentence | null {
  const parsed = text === null ? null : Sentence.safeParse(JSON.parse(text))
  return parsed?.success === true ? parsed.data : null
}

const messageOf = (row: Omit<MessageRow, 'text' | 'html' | 'payload'>): Message => ({
  id: String(row.id),
  channel: row.channel,
  to: Recipients.parse(JSON.parse(row.recipients)),
  kind: NotifyKind.parse(row.kind),
  language: NotifyLanguage.parse(row.language),
  subject: row.subject,
  about: { incident: row.incident, alert: row.alert },
  created: iso(row.created),
  attempts: row.attempts,
  nextAttempt: row.state === 'waiting' ? iso(row.next_attempt) : null,
  state: MessageState.parse(row.state),
  ended: row.ended === null ? null : iso(row.ended),
  lastError: errorOfRow(row.last_error),
})

const SHOWN = `id, channel, recipients, kind, language, subject, incident, alert, reference, created, attempts, next_attempt, deadline, state,
  ended, last_error`

export class DeskMessages {
  readonly #db: WriteDatabase

  constructor(db: WriteDatabase) {
    this.#db = db
  }

  /** All of it or nothing. `store_busy` where the queue is full. */
  tell(telling: Telling, now: number): Result<null> {
    return this.#whole(telling.messages.length, now, () => {
      this.#insert(telling.messages, now)
      const count = prepared(this.#db, 'SELECT count(*) FROM notify_gathered WHERE subscription = ?').pluck()
      const add = prepared(this.#db, 'INSERT INTO notify_gathered (subscription, at, due, occasion) VALUES (?, ?, ?, ?)')
      const more = prepared(
        this.#db,
        'UPDATE notify_gathered SET more = more + 1 WHERE id = (SELECT max(id) FROM notify_gathered WHERE subscription = ?)',
      )
      for (const { subscription, due, occasion } of telling.gather)
        if ((count.get(subscription) as number) < MOST_GATHERED) add.run(subscription, now, due, JSON.stringify(occasion))
        else more.run(subscription)
      for (const mark of telling.incidents ?? []) markTold(this.#db, mark)
      if (telling.alertMark !== null)
        prepared(
          this.#db,
          "INSERT INTO notify_mark (name, value) VALUES ('alerts', ?) ON CONFLICT DO UPDATE SET value = excluded.value",
        ).run(telling.alertMark)
    })
  }

  /** Messages in the place of what a subscription had gathered. */
  digest(subscription: string, upTo: number, messages: readonly NewMessage[], now: number): Result<null> {
    return this.#whole(messages.length, now, () => {
      this.#insert(messages, now)
      prepared(this.#db, 'DELETE FROM notify_gathered WHERE subscription = ? AND id <= ?').run(subscription, upTo)
    })
  }

  /** The message of a channel that is to be sent now, and when the next one will be. */
  next(channel: string, now: number): Result<{ readonly message: QueuedMessage | null; readonly next: number | null }> {
    const first = prepared(
      this.#db,
      "SELECT * FROM notify_message WHERE channel = ? AND state = 'waiting' ORDER BY next_attempt, id LIMIT 1",
    ).get(channel) as MessageRow | undefined
    if (first === undefined) return ok({ message: null, next: null })
    if (first.next_attempt > now) return ok({ message: null, next: first.next_attempt })
    const { to, kind, language, about } = messageOf(first)
    const { id, subject, text, html, payload, reference, created, attempts, deadline } = first
    return ok({
      message: { id, channel, to, kind, language, subject, text, html, payload, about, reference, created, attempts, deadline },
      next: null,
    })
  }

  sent(id: number, now: number): Result<null> {
    prepared(
      this.#db,
      "UPDATE notify_message SET state = 'sent', ended = ?, tried = ?, attempts = attempts + 1, last_error = NULL WHERE id = ?",
    ).run(now, now, id)
    return ok(null)
  }

  /** A message was not taken; `next` null gives it up. */
  refused(id: number, error: Sentence, next: number | null, now: number): Result<null> {
    prepared(
      this.#db,
      `UPDATE notify_message SET attempts = attempts + 1, last_error = ?, tried = ?, next_attempt = coalesce(?, next_attempt),
         state = iif(? IS NULL OR deadline <= ?, 'failed', 'waiting'), ended = iif(? IS NULL OR deadline <= ?, ?, NULL)
       WHERE id = ? AND state = 'waiting'`,
    ).run(JSON.stringify(error), now, next, next, now, next, now, now, id)
    return ok(null)
  }

  /** A channel does not get through: all that waits on it waits until `next`, and what has waited too long is given up. */
  channelFailed(channel: string, error: Sentence, next: number, now: number): Result<null> {
    prepared(
      this.#db,
      `UPDATE notify_message SET attempts = attempts + 1, last_error = ?, tried = ?, next_attempt = max(next_attempt, ?),
         state = iif(deadline <= ?, 'failed', 'waiting'), ended = iif(deadline <= ?, ?, NULL)
       WHERE channel = ? AND state = 'waiting'`,
    ).run(JSON.stringify(error), now, next, now, now, now, channel)
    return ok(null)
  }

  traffic(): Result<Traffic[]> {
    const rows = prepared(
      this.#db,
      `SELECT channel, sum(state = 'waiting') AS waiting, sum(state = 'failed') AS failed, max(iif(state = 'sent', ended, NULL)) AS lastSent,
         max(iif(state IN ('waiting', 'failed') AND last_error IS NOT NULL, tried, NULL)) AS lastTried,
         max(iif(state = 'waiting', attempts, 0)) AS attempts,
         min(iif(state = 'failed' OR (state = 'waiting' AND attempts > 0), created, NULL)) AS since
       FROM notify_message GROUP BY channel`,
    ).all() as Omit<Traffic, 'lastError'>[]
    const error = prepared(
      this.#db,
      "SELECT last_error FROM notify_message WHERE channel = ? AND tried = ? AND state IN ('waiting', 'failed') AND last_error IS NOT NULL LIMIT 1",
    ).pluck()
    return ok(
      rows.map((row) => ({
        ...row,
        lastError:
          row.lastTried === null ? null : errorOfRow((error.get(row.channel, row.lastTried) as string | undefined) ?? null),
      })),
    )
  }

  /** A page, the newest first. */
  messages({ states, limit, after }: InputOf<'notify.messages'>): Result<OutputOf<'notify.messages'>> {
    const wanted = states.length === 0 ? MessageState.options : states
    const rows = prepared(
      this.#db,
      `SELECT ${SHOWN} FROM notify_message WHERE id < ? AND state IN (${wanted.map(() => '?').join(', ')}) ORDER BY id DESC LIMIT ?`,
    ).all(after === null ? Number.MAX_SAFE_INTEGER : Number(after), ...wanted, limit + 1) as MessageRow[]
    const counts = { waiting: 0, sent: 0, failed: 0, cancelled: 0 }
    for (const { state, count } of prepared(
      this.#db,
      'SELECT state, count(*) AS count FROM notify_message GROUP BY state',
    ).all() as { state: MessageState; count: number }[])
      counts[state] = count
    const page = rows.slice(0, limit)
    return ok({
      messages: page.map(messageOf),
      counts,
      after: rows.length > limit ? String(page.at(-1)?.id) : null,
    })
  }

  message(id: string): Result<OutputOf<'notify.message'>> {
    const row = prepared(this.#db, `SELECT ${SHOWN}, text FROM notify_message WHERE id = ?`).get(Number(id)) as
      MessageRow | undefined
    if (row === undefined) return fail({ code: 'not_found', message: 'There is no such message any more.' })
    return ok({ ...messageOf(row), text: row.text })
  }

  /** Tries messages anew, also those that were given up or cancelled; what was sent, or has no channel, stays. */
  retry(ids: readonly string[], now: number): Result<number> {
    let changed = 0
    const done = this.#whole(ids.length, now, () => {
      const again = prepared(
        this.#db,
        `UPDATE notify_message SET state = 'waiting', attempts = 0, next_attempt = ?, deadline = ?, ended = NULL
         WHERE id = ? AND state <> 'sent' AND channel IN (SELECT id FROM notify_channel)`,
      )
      for (const id of ids) changed += again.run(now, now + GIVEN_UP_AFTER, Number(id)).changes
    })
    return done.ok ? ok(changed) : done
  }

  cancel(ids: readonly string[], now: number): Result<number> {
    let changed = 0
    const stop = prepared(
      this.#db,
      "UPDATE notify_message SET state = 'cancelled', ended = ? WHERE id = ? AND state IN ('waiting', 'failed')",
    )
    this.#db.transaction(() => {
      for (const id of ids) changed += stop.run(now, Number(id)).changes
    })()
    return ok(changed)
  }

  /** Gives up what a channel that is off was kept too long for, and lets go of what has long been over. */
  prune(now: number): Result<null> {
    this.#giveUpOff(now, now, -1)
    const oldest = prepared(this.#db, 'SELECT id FROM notify_message ORDER BY id DESC LIMIT 1 OFFSET ?')
      .pluck()
      .get(MOST_WAITING + MOST_KEPT) as number | undefined
    prepared(this.#db, "DELETE FROM notify_message WHERE state <> 'waiting' AND (created < ? OR id <= ?)").run(
      now - KEPT_FOR,
      oldest ?? -1,
    )
    return ok(null)
  }

  #insert(messages: readonly NewMessage[], now: number): void {
    const add = prepared(
      this.#db,
      `INSERT INTO notify_message (channel, recipients, kind, language, subject, text, html, payload, incident, alert, reference, created,
         next_attempt, deadline, state)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting')`,
    )
    for (const { channel, to, kind, language, subject, text, html, payload, about, reference } of messages)
      add.run(
        channel,
        JSON.stringify(to),
        kind,
        language,
        subject,
        text,
        html,
        payload,
        about.incident,
        about.alert,
        reference,
        now,
        now,
        now + GIVEN_UP_AFTER,
      )
  }

  /** In one transaction; `store_busy` where `more` messages do not fit. */
  #whole(more: number, now: number, work: () => void): Result<null> {
    return this.#db.transaction((): Result<null> => {
      const over = more > 0 ? this.#waiting() + more - MOST_WAITING : 0
      // What nobody tries to send is not in the way of what can be sent.
      if (over > 0) this.#giveUpOff(now, Number.MAX_SAFE_INTEGER, over)
      const waiting = over > 0 ? this.#waiting() : 0
      if (waiting + more > MOST_WAITING)
        return fail({ code: 'store_busy', message: `${waiting} messages wait already; there is no room for ${more} more.` })
      work()
      return ok(null)
    })()
  }

  #waiting(): number {
    return prepared(this.#db, "SELECT count(*) FROM notify_message WHERE state = 'waiting'").pluck().get() as number
  }

  /** The oldest `most` messages of channels that are off, as far as they are due by `deadline`; -1 for all of them. */
  #giveUpOff(now: number, deadline: number, most: number): void {
    prepared(
      this.#db,
      `UPDATE notify_message SET state = 'failed', ended = ?, tried = ?, last_error = ? WHERE id IN (
         SELECT id FROM notify_message WHERE state = 'waiting' AND deadline <= ?
           AND channel NOT IN (SELECT id FROM notify_channel WHERE enabled = 1) ORDER BY id LIMIT ?)`,
    ).run(now, now, JSON.stringify(say('channel_off')), deadline, most)
  }
}
