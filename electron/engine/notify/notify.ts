/**
 * Being told: what happens comes in by `tell`, and leaves the desk as mails, webhooks and notes on the operator's screen, by what
 * subscriptions say. Everything on its way is in the desk's queue before it is sent, so that neither a restart nor an outage loses any.
 */
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { Banner } from '../../../shared/contract.ts'
import type { Alert } from '../../../shared/model/alert.ts'
import {
  DESKTOP,
  type Channel,
  type DesktopNote,
  type Occasion,
  type Person,
  type Subscription,
  type SubscriptionSettings,
} from '../../../shared/model/notification.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import { isoFromMicros } from '../../../shared/model/time.ts'
import type { StoredChannel, StoredSubscription } from '../store/desk-notify.ts'
import type { ToldMark } from '../store/desk-told-incidents.ts'
import type { InputOf, OutputOf, Store } from '../store/types.ts'
import { Channels } from './channels.ts'
import { FollowAlerts } from './follow-alerts.ts'
import { FollowIncidents } from './follow-incidents.ts'
import { isFailing, notifyBanners, NO_TRAFFIC, trafficOf } from './notify-banners.ts'
import { PATIENCE, type Patience } from './outcome.ts'
import { shownTime } from './occasion-values.ts'
import { Sender } from './sender.ts'
import { say } from '../../../shared/model/sentence.ts'
import type { Traffic } from '../store/desk-messages.ts'
import { payloadOf, referenceFor, Teller } from './teller.ts'
import { Templates } from './templates.ts'

export interface NotifyOptions {
  readonly store: Pick<Store, 'notify' | 'onAlertsChanged' | 'onIncidentsChanged'>
  readonly dataDir: string
  /** Folder of templates. */
  readonly templates: string
  /** Name of this desk in messages; default: the machine's. */
  readonly desk?: string
  /** The customer whose asset an alert is about; default: nobody knows. */
  readonly customerOf?: (alert: Alert) => string | null
  /** Name of a customer by its id; default: nobody knows. */
  readonly customerName?: (id: string) => string | null
  readonly now?: () => number
  readonly random?: () => number
  readonly patience?: Patience
}

const PRUNE_EVERY = 3_600_000
const LONGEST_SLEEP = 60_000

export class Notify {
  readonly #store: Store['notify']
  readonly #templates: Templates
  readonly #desk: string
  readonly #now: () => number
  readonly #channels: Channels
  readonly #sender: Sender
  readonly #teller: Teller
  readonly #follow: FollowAlerts
  readonly #followIncidents: FollowIncidents
  readonly #listeners = new Set<() => void>()
  readonly #screens = new Set<{ readonly owner: string; readonly show: (notes: readonly DesktopNote[]) => void }>()
  #subscriptions: readonly StoredSubscription[] = []
  #people: ReadonlyMap<string, string> = new Map()
  #traffic: readonly Traffic[] = []
  /** Telling and changing settings, one after the other. */
  #line: Promise<unknown> = Promise.resolve()
  #reading: Promise<void> | null = null
  #readAgain = false
  #revision = 0
  #full = false
  #timers: NodeJS.Timeout[] = []
  #flushing: NodeJS.Timeout | null = null
  #unfollow: (() => void) | null = null
  #closed = false

  private constructor(options: NotifyOptions, templates: Templates) {
    this.#store = options.store.notify
    this.#templates = templates
    this.#now = options.now ?? Date.now
    this.#desk = options.desk ?? hostname()
    this.#channels = new Channels({
      store: this.#store,
      dataDir: options.dataDir,
      patience: options.patience ?? PATIENCE,
      now: this.#now,
    })
    const { customerOf = () => null, customerName = () => null } = options
    this.#sender = new Sender({
      store: this.#store,
      channels: () => this.#channels.all.filter(({ enabled }) => enabled).map(({ id }) => id),
      send: async (id, message, signal) => {
        const channel = this.#channels.find(id)
        return channel === undefined
          ? { kind: 'channel', problem: say('channel_off'), answer: '' }
          : this.#channels.deliver(channel, message, signal)
      },
      changed: () => this.#changed(),
      now: this.#now,
      ...(options.random === undefined ? {} : { random: options.random }),
    })
    this.#teller = new Teller({
      store: this.#store,
      templates,
      desk: this.#desk,
      channel: (id) => this.#channels.find(id),
      subscriptions: () => this.#subscriptions,
      people: () => this.#people,
      desktop: (owner, notes) => {
        for (const screen of this.#screens) if (screen.owner === owner) screen.show(notes)
      },
      now: this.#now,
    })
    this.#follow = new FollowAlerts({
      store: this.#store,
      wanted: () => this.#subscriptions.some(({ settings }) => settings.enabled && settings.alerts.length > 0),
      tell: (occasions, mark) => this.#tell(occasions, mark),
      customerOf,
    })
    this.#followIncidents = new FollowIncidents({
      store: this.#store,
      tell: (occasions, marks) => this.#tell(occasions, null, marks),
      customerName,
      now: this.#now,
    })
    const unfollow = [
      options.store.onAlertsChanged(({ ids }) => this.#follow.changed(ids)),
      options.store.onIncidentsChanged(() => this.#followIncidents.changed()),
    ]
    this.#unfollow = () => unfollow.forEach((stop) => stop())
  }

  /** Reads templates, secrets, channels and subscriptions; nothing is sent before `start`. */
  static async open(options: NotifyOptions): Promise<Result<Notify>> {
    const templates = await Templates.load(options.templates)
    if (!templates.ok) return templates
    const notify = new Notify(options, templates.value)
    const channels = await notify.#channels.load()
    if (!channels.ok) return channels
    const read = await notify.#read()
    return read.ok ? ok(notify) : read
  }

  /** Sends what waits, tells what was gathered, and follows new alerts. */
  async start(): Promise<void> {
    await this.#follow.begin()
    await this.#followIncidents.begin()
    this.#timers.push(setInterval(() => void this.#store.prune(this.#now()), PRUNE_EVERY).unref())
    this.flush()
    this.#sender.look()
  }

  /** Something happened: whoever wants to know is told. Errors: `store_busy` where the queue is full; then nobody was. */
  tell(occasion: Occasion): Promise<Result<null>> {
    return this.#tell([occasion], null)
  }

  /** Tells what is due of what was gathered, now; resolves when it is in the queue. */
  async flushed(): Promise<void> {
    const done = await this.#inLine(() => this.#teller.flush())
    this.#full = !done.ok && done.error.code === 'store_busy' ? true : this.#full && !done.ok
    if (this.#closed) return
    const next = done.ok ? done.value : this.#now() + LONGEST_SLEEP
    if (this.#flushing !== null) clearTimeout(this.#flushing)
    if (next !== null)
      this.#flushing = setTimeout(() => this.flush(), Math.min(LONGEST_SLEEP, Math.max(50, next - this.#now()))).unref()
    this.#changed()
    this.#sender.look()
  }
  flush(): void {
    void this.flushed()
  }

  /** Resolves when what can be sent now was sent, and new alerts were told of. */
  async settled(): Promise<void> {
    await this.#follow.catchUp()
    await this.#followIncidents.catchUp()
    await this.#line
    this.#sender.look()
    await this.#sender.settled()
    await this.#reading
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#unfollow?.()
    this.#unfollow = null
    for (const timer of this.#timers) clearInterval(timer)
    if (this.#flushing !== null) clearTimeout(this.#flushing)
    await this.#follow.close()
    await this.#followIncidents.close()
    await this.#line
    await this.#sender.close()
    await this.#reading
    this.#listeners.clear()
    this.#screens.clear()
  }

  /* ------------------------------------------------------------ what is known */

  /** Grows with every change of channels, subscriptions and messages. */
  get state(): { readonly revision: number; readonly waiting: number; readonly failing: number } {
    return {
      revision: this.#revision,
      waiting: this.#traffic.reduce((sum, { waiting }) => sum + waiting, 0),
      failing: this.#channels.all.filter(({ id }) => isFailing(this.#trafficOf(id))).length + (this.#full ? 1 : 0),
    }
  }

  get banners(): Banner[] {
    return notifyBanners(
      this.#channels.all.map(({ id, settings }) => ({ id, name: settings.name, traffic: this.#trafficOf(id) })),
      this.#full,
      this.#now(),
    )
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Notes for the screens of an operator, from now on. */
  onDesktop(owner: string, show: (notes: readonly DesktopNote[]) => void): () => void {
    const screen = { owner, show }
    this.#screens.add(screen)
    return () => void this.#screens.delete(screen)
  }

  /* ------------------------------------------------------------ channels */

  async channels(): Promise<Result<Channel[]>> {
    const read = await this.#read()
    return read.ok ? ok(this.#channels.all.map((channel) => this.#shown(channel))) : read
  }

  saveChannel(input: InputOf<'notify.saveChannel'>, by: string): Promise<Result<Channel>> {
    return this.#inLine(async () => {
      const saved = await this.#channels.save(input, by)
      if (!saved.ok) return saved
      this.#sender.encourage(saved.value.id)
      this.#changed()
      this.#sender.look()
      return ok(this.#shown(saved.value))
    })
  }

  removeChannel(id: string, by: string): Promise<Result<Record<string, never>>> {
    return this.#inLine(async () => {
      const removed = await this.#channels.remove(id, by)
      this.#changed()
      return removed.ok ? ok({}) : removed
    })
  }

  /** Sends a test message past the queue. */
  async test(
    { channel: id, to, language }: InputOf<'notify.test'>,
    by: string,
    signal: AbortSignal,
  ): Promise<Result<OutputOf<'notify.test'>>> {
    const channel = this.#channels.find(id)
    if (channel === undefined) return fail({ code: 'not_found', message: 'There is no such channel.' })
    if (channel.settings.kind === 'smtp' && to === null)
      return fail({ code: 'invalid_input', message: 'A mail needs an address.', path: 'to' })
    const now = this.#now()
    const rendered = this.#templates.render('test', language, {
      desk: this.#desk,
      time: shownTime(isoFromMicros(now * 1000)),
      by,
      channel: channel.settings.name,
    })
    if (!rendered.ok) return rendered
    const { subject, text, html } = rendered.value
    const about = { incident: null, alert: null }
    const reference = referenceFor(channel)
    const payload = payloadOf({ reference, kind: 'test', language, subject, about, desk: this.#desk }, [], 0, now)
    const began = performance.now()
    const outcome = await this.#channels.deliver(
      channel,
      { to: to === null ? [] : [to], kind: 'test', language, subject, text, html, about, reference, payload, created: now },
      signal,
    )
    return ok({
      problem: outcome.kind === 'sent' ? null : outcome.problem,
      answer: outcome.answer,
      took: performance.now() - began,
    })
  }

  /* ------------------------------------------------------------ subscriptions */

  /** Those of everybody for channels, and of `by` for the desktop. */
  async subscriptions(by: string): Promise<Result<Subscription[]>> {
    const counts = await this.#store.gatheredCounts()
    if (!counts.ok) return counts
    return ok(
      this.#subscriptions
        .filter(({ owner, settings }) => settings.channel !== DESKTOP || owner === by)
        .map(({ id, owner, settings }) => ({ id, owner, settings, gathered: counts.value[id] ?? 0 })),
    )
  }

  saveSubscription({ id, settings }: InputOf<'notify.saveSubscription'>, by: string): Promise<Result<Subscription>> {
    return this.#inLine(async () => {
      const before = this.#subscriptions.find((subscription) => subscription.id === id)
      if (id !== null && (before === undefined || (before.settings.channel === DESKTOP && before.owner !== by)))
        return fail({ code: 'not_found', message: 'There is no such subscription.' })
      const fault = this.#faultOf(settings)
      if (fault !== null) return fail({ code: 'invalid_input', ...fault })
      const subscription: StoredSubscription = {
        id: before?.id ?? randomUUID(),
        // What is shown on a screen is shown on the screen of who wants it.
        owner: settings.channel === DESKTOP ? by : (before?.owner ?? by),
        settings,
        created: before?.created ?? this.#now(),
      }
      const saved = await this.#store.saveSubscription(subscription, by)
      if (!saved.ok) return saved
      const read = await this.#read()
      if (!read.ok) return read
      const counts = await this.#store.gatheredCounts()
      this.#changed()
      return ok({
        id: subscription.id,
        owner: subscription.owner,
        settings,
        gathered: counts.ok ? (counts.value[subscription.id] ?? 0) : 0,
      })
    })
  }

  removeSubscription(id: string, by: string): Promise<Result<Record<string, never>>> {
    return this.#inLine(async () => {
      const before = this.#subscriptions.find((subscription) => subscription.id === id)
      if (before !== undefined && before.settings.channel === DESKTOP && before.owner !== by)
        return fail({ code: 'not_found', message: 'There is no such subscription.' })
      const removed = await this.#store.removeSubscription(id, by)
      if (!removed.ok) return removed
      await this.#read()
      this.#changed()
      return ok({})
    })
  }

  /** Whose addresses are known. */
  people(): Promise<Result<Person[]>> {
    return this.#store.people()
  }

  savePerson(name: string, address: string | null, by: string): Promise<Result<Record<string, never>>> {
    return this.#inLine(async () => {
      const saved = await this.#store.savePerson(name, address, by)
      if (!saved.ok) return saved
      const read = await this.#read()
      this.#changed()
      return read.ok ? ok({}) : read
    })
  }

  /* ------------------------------------------------------------ the queue */

  messages(input: InputOf<'notify.messages'>): Promise<Result<OutputOf<'notify.messages'>>> {
    return this.#store.messages(input)
  }

  message(id: string): Promise<Result<OutputOf<'notify.message'>>> {
    return this.#store.message(id)
  }

  async retry(ids: readonly string[]): Promise<Result<{ changed: number }>> {
    const done = await this.#store.retry(ids, this.#now())
    if (!done.ok) return done
    for (const { id } of this.#channels.all) this.#sender.encourage(id)
    this.#changed()
    this.#sender.look()
    return ok({ changed: done.value })
  }

  async cancel(ids: readonly string[]): Promise<Result<{ changed: number }>> {
    const done = await this.#store.cancel(ids, this.#now())
    if (!done.ok) return done
    this.#changed()
    return ok({ changed: done.value })
  }

  /* ------------------------------------------------------------ inside */

  async #tell(
    occasions: readonly Occasion[],
    alertMark: number | null,
    incidents: readonly ToldMark[] = [],
  ): Promise<Result<null>> {
    const done = await this.#inLine(() => this.#teller.tell(occasions, alertMark, incidents))
    this.#full = !done.ok && done.error.code === 'store_busy'
    this.#changed()
    if (!done.ok) return done
    this.#sender.look()
    // What was gathered may be due sooner than what waited before.
    if (!this.#closed) this.flush()
    return done
  }

  #inLine<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#line.then(work)
    this.#line = done.catch(() => undefined)
    return done
  }

  #faultOf(settings: SubscriptionSettings): { readonly message: string; readonly path: string } | null {
    if (settings.channel === DESKTOP)
      return settings.addresses.length > 0 || settings.people
        ? { message: 'The desktop has no addresses.', path: 'addresses' }
        : null
    const channel = this.#channels.find(settings.channel)
    if (channel === undefined) return { message: 'There is no such channel.', path: 'channel' }
    const mails = channel.settings.kind === 'smtp'
    if (mails && settings.addresses.length === 0 && !settings.people)
      return { message: 'Mails need an address.', path: 'addresses' }
    if (!mails && settings.people) return { message: 'Only mails go to people.', path: 'people' }
    if (!mails && settings.addresses.length > 0) return { message: 'A webhook has no addresses.', path: 'addresses' }
    return null
  }

  #shown(channel: StoredChannel): Channel {
    const { id, enabled, settings } = channel
    return { id, enabled, settings, secretSet: this.#channels.hasSecret(id), traffic: trafficOf(this.#trafficOf(id)) }
  }

  #trafficOf(id: string): Traffic {
    return this.#traffic.find(({ channel }) => channel === id) ?? NO_TRAFFIC
  }

  async #read(): Promise<Result<null>> {
    const [subscriptions, people, traffic] = await Promise.all([
      this.#store.subscriptions(),
      this.#store.people(),
      this.#store.traffic(),
    ])
    if (!subscriptions.ok) return subscriptions
    if (!people.ok) return people
    if (!traffic.ok) return traffic
    this.#subscriptions = subscriptions.value
    this.#people = new Map(people.value.map(({ name, address }) => [name, address]))
    this.#traffic = traffic.value
    return ok(null)
  }

  /** Reads the counts anew, once for many changes, and says that something changed. */
  #changed(): void {
    if (this.#closed) return
    this.#readAgain = true
    this.#reading ??= (async () => {
      while (this.#readAgain) {
        this.#readAgain = false
        const traffic = await this.#store.traffic()
        if (traffic.ok) this.#traffic = traffic.value
        this.#revision++
        for (const listener of this.#listeners) listener()
      }
      this.#reading = null
    })()
  }
}
