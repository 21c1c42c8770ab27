/** The ways out of the desk, with their passwords: who may change what of them, and how a message is handed to one. */
import { randomUUID } from 'node:crypto'
import type { ChannelSettings } from '../../../shared/model/notification.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import { say } from '../../../shared/model/sentence.ts'
import { LEAST_WEBHOOK_SECRET } from '../../../shared/notify-contract.ts'
import type { QueuedMessage } from '../store/desk-messages.ts'
import type { StoredChannel } from '../store/desk-notify.ts'
import type { NotifyStore } from '../store/notify-calls.ts'
import type { InputOf } from '../store/types.ts'
import type { Outcome, Patience } from './outcome.ts'
import { NotifySecrets } from './secrets.ts'
import { sendMail } from './smtp.ts'
import { sendWebhook } from './webhook.ts'

export type Deliverable = Omit<QueuedMessage, 'id' | 'channel' | 'attempts' | 'deadline'>

export interface ChannelsOptions {
  readonly store: Pick<NotifyStore, 'channels' | 'saveChannel' | 'removeChannel'>
  readonly dataDir: string
  readonly patience: Patience
  now(): number
}

export class Channels {
  readonly #options: ChannelsOptions
  readonly #secrets: NotifySecrets
  #all: readonly StoredChannel[] = []

  constructor(options: ChannelsOptions) {
    this.#options = options
    this.#secrets = new NotifySecrets(options.dataDir, options.now)
  }

  /** Once, before anything else. */
  async load(): Promise<Result<null>> {
    await this.#secrets.load()
    return this.#read()
  }

  get all(): readonly StoredChannel[] {
    return this.#all
  }

  find(id: string): StoredChannel | undefined {
    return this.#all.find((channel) => channel.id === id)
  }

  hasSecret(id: string): boolean {
    return this.#secrets.has(id)
  }

  async save({ id, enabled, settings, secret }: InputOf<'notify.saveChannel'>, by: string): Promise<Result<StoredChannel>> {
    const before = id === null ? undefined : this.find(id)
    if (id !== null && before === undefined) return fail({ code: 'not_found', message: 'There is no such channel.' })
    if (before !== undefined && before.settings.kind !== settings.kind)
      return fail({ code: 'invalid_input', message: 'A channel stays of its kind.', path: 'settings' })
    const fault = this.#secretFault(before, settings, secret)
    if (fault !== null) return fail({ code: 'invalid_input', message: fault, path: 'secret' })
    const channel: StoredChannel = {
      id: before?.id ?? randomUUID(),
      enabled,
      settings,
      created: before?.created ?? this.#options.now(),
    }
    // The secret first: a channel that is saved without it would log in with the wrong one.
    if (secret !== undefined) {
      const kept = await this.#secrets.set(channel.id, secret)
      if (!kept.ok) return kept
    }
    const saved = await this.#options.store.saveChannel(channel, by)
    if (!saved.ok) {
      if (before === undefined) await this.#secrets.set(channel.id, null)
      return saved
    }
    const read = await this.#read()
    return read.ok ? ok(channel) : read
  }

  async remove(id: string, by: string): Promise<Result<null>> {
    const removed = await this.#options.store.removeChannel(id, by)
    if (!removed.ok) return removed
    const forgotten = await this.#secrets.set(id, null)
    const read = await this.#read()
    return forgotten.ok ? read : forgotten
  }

  async deliver({ id, settings }: StoredChannel, message: Deliverable, signal: AbortSignal): Promise<Outcome> {
    const { problem } = this.#secrets
    const needs = settings.kind === 'webhook' || settings.user !== null
    if (problem !== null && needs && !this.#secrets.has(id))
      return { kind: 'channel', problem: say('secrets_unreadable', { why: problem }), answer: '' }
    const secret = this.#secrets.get(id)
    const { patience, now } = this.#options
    if (settings.kind === 'smtp') return sendMail(settings, secret, message, signal, patience)
    const body = { reference: message.reference, payload: message.payload ?? '{}' }
    return sendWebhook(settings, secret, body, signal, now(), patience)
  }

  #secretFault(before: StoredChannel | undefined, settings: ChannelSettings, secret: string | null | undefined): string | null {
    const has = before !== undefined && this.#secrets.has(before.id)
    if (settings.kind === 'webhook') {
      if (typeof secret === 'string')
        return secret.length < LEAST_WEBHOOK_SECRET
          ? `The shared secret has fewer than ${LEAST_WEBHOOK_SECRET} characters.`
          : null
      return secret === undefined && has ? null : 'A webhook needs a shared secret.'
    }
    return secret === undefined && has && goesElsewhere(before.settings, settings)
      ? 'The password would go elsewhere, or less guarded, than it was given for: give it again.'
      : null
  }

  async #read(): Promise<Result<null>> {
    const channels = await this.#options.store.channels()
    if (!channels.ok) return channels
    this.#all = channels.value
    return ok(null)
  }
}

/** Whether a password would reach somebody else, or could be read on its way, where it was given for other settings. */
function goesElsewhere(before: ChannelSettings, after: ChannelSettings): boolean {
  if (before.kind !== 'smtp' || after.kind !== 'smtp') return true
  return (
    before.host !== after.host ||
    before.port !== after.port ||
    before.user !== after.user ||
    (before.security !== after.security && after.security === 'none') ||
    (after.acceptAnyCertificate && !before.acceptAnyCertificate) ||
    (after.ca !== before.ca && after.ca !== null)
  )
}
