/**
 * Decides who is told of what, and when: at once, or gathered and told together because the subscription wants a digest, because its
 * minute is full, or because its hours are quiet.
 */
import { randomUUID } from 'node:crypto'
import {
  DESKTOP,
  type DesktopNote,
  type NotifyLanguage,
  type Occasion,
  type SubscriptionSettings,
} from '../../../shared/model/notification.ts'
import { ok, type Result } from '../../../shared/model/result.ts'
import type { Gathering, NewMessage } from '../store/desk-messages.ts'
import type { StoredChannel, StoredSubscription } from '../store/desk-notify.ts'
import type { ToldMark } from '../store/desk-told-incidents.ts'
import type { NotifyStore } from '../store/notify-calls.ts'
import { aboutOccasion, customerOfOccasion, kindOf, renderDigest, renderOccasion, severityOfOccasion } from './occasion-values.ts'
import { recipientsOf } from './recipients.ts'
import { quietUntil } from './quiet-hours.ts'
import type { Templates } from './templates.ts'

const MINUTE = 60_000

export interface TellerOptions {
  readonly store: Pick<NotifyStore, 'tell' | 'digest' | 'digestsDue' | 'gathered' | 'postpone'>
  readonly templates: Templates
  /** Name of this desk, at the foot of messages. */
  readonly desk: string
  channel(id: string): StoredChannel | undefined
  subscriptions(): readonly StoredSubscription[]
  /** Addresses of people by their names. */
  people(): ReadonlyMap<string, string>
  /** To the screens of an operator. */
  desktop(owner: string, notes: readonly DesktopNote[]): void
  now(): number
}

/** Whether a subscription is for this at all, whenever it may be told. */
export function concerns(settings: SubscriptionSettings, occasion: Occasion): boolean {
  if (!settings.enabled) return false
  const customer = customerOfOccasion(occasion)
  if (settings.customers.length > 0 && (customer === null || !settings.customers.includes(customer))) return false
  switch (occasion.kind) {
    case 'incident_opened':
      return settings.incidentOpened
    case 'incident_progress':
      return settings.incidentProgress
    case 'incident_closed':
      return settings.incidentClosed
    case 'alert':
      return settings.alerts.includes(occasion.alert.severity)
  }
}

export class Teller {
  readonly #options: TellerOptions
  /** When each subscription was told at once, within the last minute. */
  readonly #told = new Map<string, number[]>()
  /** When each desktop was last told that there is more than it shows. */
  readonly #toldMore = new Map<string, number>()

  constructor(options: TellerOptions) {
    this.#options = options
  }

  /**
   * Puts messages for all subscriptions that these concern into the queue, or gathers them. `alertMark`: up to which alert this tells; `incidents`: as this tells them.
   * Errors: `store_busy` where the queue is full; then nothing of it was told.
   */
  async tell(
    occasions: readonly Occasion[],
    alertMark: number | null,
    incidents: readonly ToldMark[] = [],
  ): Promise<Result<null>> {
    const { store, now } = this.#options
    const at = now()
    const messages: NewMessage[] = []
    const gather: Gathering[] = []
    const notes = new Map<string, DesktopNote[]>()
    const counted: { readonly id: string; readonly times: number[] }[] = []
    for (const { id, owner, settings } of this.#options.subscriptions()) {
      const times = (this.#told.get(id) ?? []).filter((time) => time > at - MINUTE)
      let over = false
      for (const occasion of occasions) {
        if (!concerns(settings, occasion) || this.#nobody(settings, occasion)) continue
        const loud = settings.quiet?.exceptCritical === true && severityOfOccasion(occasion) === 'critical'
        const quiet = loud ? null : quietUntil(settings.quiet, at)
        const full = times.length >= settings.mostPerMinute
        if (settings.channel === DESKTOP) {
          if (quiet !== null) continue
          if (full) over = true
          else {
            times.push(at)
            const note = this.#note(settings.language, occasion)
            if (!note.ok) return note
            notes.set(owner, [...(notes.get(owner) ?? []), note.value])
          }
          continue
        }
        if (quiet !== null) gather.push({ subscription: id, due: quiet, occasion })
        else if (settings.digestMinutes > 0)
          gather.push({ subscription: id, due: at + settings.digestMinutes * MINUTE, occasion })
        else if (full) gather.push({ subscription: id, due: (times[0] ?? at) + MINUTE, occasion })
        else {
          times.push(at)
          const made = this.#messages(settings, [occasion], 0)
          if (!made.ok) return made
          messages.push(...made.value)
        }
      }
      if (over && (this.#toldMore.get(id) ?? -Infinity) <= at - MINUTE) {
        this.#toldMore.set(id, at)
        notes.set(owner, [...(notes.get(owner) ?? []), this.#more(settings.language)])
      }
      counted.push({ id, times })
    }
    const done =
      messages.length > 0 || gather.length > 0 || alertMark !== null || incidents.length > 0
        ? await store.tell({ messages, gather, alertMark, incidents }, at)
        : ok(null)
    if (!done.ok) return done
    for (const { id, times } of counted)
      if (times.length > 0) this.#told.set(id, times)
      else this.#told.delete(id)
    for (const [owner, told] of notes) this.#options.desktop(owner, told)
    return ok(null)
  }

  /** Tells what is due of what was gathered. Gives when the next is due; null where nothing was gathered. */
  async flush(): Promise<Result<number | null>> {
    const { store, now } = this.#options
    const due = await store.digestsDue(now())
    if (!due.ok) return due
    let next = due.value.next
    for (const id of due.value.due) {
      const gathered = await store.gathered(id)
      if (!gathered.ok) return gathered
      const { occasions, more, upTo } = gathered.value
      const settings = this.#options.subscriptions().find((subscription) => subscription.id === id)?.settings
      const until = settings?.enabled === true ? quietUntil(settings.quiet, now()) : null
      if (until !== null) {
        const postponed = await store.postpone(id, until)
        if (!postponed.ok) return postponed
        next = Math.min(next ?? Infinity, until)
        continue
      }
      // Of a subscription that is gone or off nothing is told, and nothing kept.
      const made = settings?.enabled === true && occasions.length > 0 ? this.#messages(settings, occasions, more) : ok([])
      if (!made.ok) return made
      const done = await store.digest(id, upTo, made.value, now())
      if (!done.ok) return done
    }
    return ok(next)
  }

  /** Whether a subscription for mails has no address for this. */
  #nobody(settings: SubscriptionSettings, occasion: Occasion): boolean {
    return (
      settings.addresses.length === 0 &&
      this.#options.channel(settings.channel)?.settings.kind === 'smtp' &&
      recipientsOf(settings, [occasion], this.#options.people()).size === 0
    )
  }

  /** One message for each address; one without any for a webhook; none where the channel is gone. */
  #messages(settings: SubscriptionSettings, occasions: readonly Occasion[], more: number): Result<NewMessage[]> {
    const { templates, desk, now } = this.#options
    const channel = this.#options.channel(settings.channel)
    if (channel === undefined) return ok([])
    const { language } = settings
    const make = (to: readonly string[], told: readonly Occasion[], left: number): Result<NewMessage> => {
      const kind = kindOf(told, left)
      const first = told[0]!
      const rendered =
        kind === 'digest' ? renderDigest(templates, language, told, left, desk) : renderOccasion(templates, language, first, desk)
      if (!rendered.ok) return rendered
      const { subject, text, html } = rendered.value
      const about = kind === 'digest' ? { incident: null, alert: null } : aboutOccasion(first)
      const reference = referenceFor(channel)
      const payload =
        channel.settings.kind === 'webhook'
          ? payloadOf({ reference, kind, language, subject, about, desk }, told, left, now())
          : null
      return ok({ channel: channel.id, to, kind, language, subject, text, html, payload, about, reference })
    }
    const messages: NewMessage[] = []
    const recipients =
      channel.settings.kind === 'smtp'
        ? [...recipientsOf(settings, occasions, this.#options.people())]
        : [[null, occasions] as const]
    for (const [address, told] of recipients) {
      // What was not kept for lack of room is counted for those who are told of everything.
      const made = make(address === null ? [] : [address], told, told === occasions ? more : 0)
      if (!made.ok) return made
      messages.push(made.value)
    }
    return ok(messages)
  }

  #note(language: NotifyLanguage, occasion: Occasion): Result<DesktopNote> {
    const rendered = renderOccasion(this.#options.templates, language, occasion, this.#options.desk)
    if (!rendered.ok) return rendered
    const { subject, short } = rendered.value
    return ok({
      id: randomUUID(),
      kind: occasion.kind,
      title: subject,
      body: short,
      severity: severityOfOccasion(occasion),
      about: aboutOccasion(occasion),
    })
  }

  #more(language: NotifyLanguage): DesktopNote {
    const { more } = this.#options.templates.words(language)
    return { id: randomUUID(), kind: 'digest', title: more, body: '', severity: null, about: { incident: null, alert: null } }
  }
}

/** Stable name of a message wherever it goes: a mail's Message-ID without its brackets. */
export function referenceFor({ settings }: Pick<StoredChannel, 'settings'>): string {
  const domain = settings.kind === 'smtp' ? settings.sender.slice(settings.sender.lastIndexOf('@') + 1) : 'watchfloor'
  return `${randomUUID()}@${/^[\x21-\x7e]+$/.test(domain) ? domain : 'watchfloor'}`
}

/** The body for a webhook. `at` in milliseconds. */
export const payloadOf = (
  head: Pick<NewMessage, 'reference' | 'kind' | 'language' | 'subject' | 'about'> & { readonly desk: string },
  occasions: readonly Occasion[],
  more: number,
  at: number,
): string => {
  const { reference, ...rest } = head
  return JSON.stringify({ version: 1, id: reference, at: new Date(at).toISOString(), ...rest, occasions, more })
}
