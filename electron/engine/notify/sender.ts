/**
 * Works off the queue: for each channel one message after the other, the channels beside each other. A message is noted as sent only after
 * it was; one that was sent and not noted goes out again with the same reference.
 */
import type { Result } from '../../../shared/model/result.ts'
import type { QueuedMessage } from '../store/desk-messages.ts'
import type { NotifyStore } from '../store/notify-calls.ts'
import { waitAfter } from './backoff.ts'
import type { Outcome } from './outcome.ts'

export interface SenderOptions {
  readonly store: Pick<NotifyStore, 'next' | 'sent' | 'refused' | 'channelFailed'>
  /** Ids of the channels that are on. */
  channels(): readonly string[]
  send(channel: string, message: QueuedMessage, signal: AbortSignal): Promise<Outcome>
  /** Something of the queue changed. */
  changed(): void
  /** Milliseconds. */
  now(): number
  readonly random?: () => number
}

/** The longest that nobody looks at the queue. Milliseconds. */
const LOOK_EVERY = 60_000
const AFTER_FAULT = 30_000

export class Sender {
  readonly #options: SenderOptions
  readonly #working = new Map<string, Promise<void>>()
  /** Channels that were to be looked at while they were at work: what came in between may not have been seen. */
  readonly #again = new Set<string>()
  /** Channels that do not get through: how often in a row, and until when nothing is tried. */
  readonly #paused = new Map<string, { readonly failures: number; readonly until: number }>()
  readonly #ending = new AbortController()
  #timer: NodeJS.Timeout | null = null
  #due = Infinity

  constructor(options: SenderOptions) {
    this.#options = options
  }

  /** Looks now at what there is to send. */
  look(): void {
    if (this.#ending.signal.aborted) return
    this.#due = Infinity
    for (const channel of this.#options.channels()) {
      if (this.#working.has(channel)) {
        this.#again.add(channel)
        continue
      }
      const work = this.#work(channel)
        .catch((error: unknown) => {
          process.stderr.write(`notify: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
          this.#lookAt(this.#options.now() + AFTER_FAULT)
        })
        .finally(() => {
          this.#working.delete(channel)
          if (this.#again.delete(channel)) this.look()
        })
      this.#working.set(channel, work)
    }
    this.#lookAt(this.#options.now() + LOOK_EVERY)
  }

  /** A channel is tried at once, however often it has failed: somebody changed its settings, or wants it so. */
  encourage(channel: string): void {
    this.#paused.delete(channel)
  }

  /** Resolves when nothing is being sent. */
  async settled(): Promise<void> {
    while (this.#working.size > 0) await Promise.all(this.#working.values())
  }

  /** What is on its way is broken off, and sent again another time. */
  async close(): Promise<void> {
    this.#ending.abort()
    if (this.#timer !== null) clearTimeout(this.#timer)
    await this.settled()
  }

  #lookAt(time: number): void {
    if (this.#ending.signal.aborted || time >= this.#due) return
    this.#due = time
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.look(), Math.max(50, time - this.#options.now())).unref()
  }

  async #work(channel: string): Promise<void> {
    const { store, now, changed } = this.#options
    while (!this.#ending.signal.aborted && this.#options.channels().includes(channel)) {
      const paused = this.#paused.get(channel)
      if (paused !== undefined && paused.until > now()) return this.#lookAt(paused.until)
      const found = await store.next(channel, now())
      if (!found.ok) return this.#lookAt(now() + AFTER_FAULT)
      const { message, next } = found.value
      if (message === null) {
        if (next !== null) this.#lookAt(next)
        return
      }
      const outcome = await this.#options.send(channel, message, this.#ending.signal)
      // Broken off by the end of the engine: that says nothing of the channel. What was sent is noted all the same.
      if (this.#ending.signal.aborted && outcome.kind !== 'sent') return
      const noted = await this.#note(channel, message, outcome)
      changed()
      // Without a note it would be sent again at once, and again.
      if (!noted.ok) return this.#lookAt(now() + AFTER_FAULT)
    }
  }

  #note(channel: string, message: QueuedMessage, outcome: Outcome): Promise<Result<null>> {
    const { store, now, random } = this.#options
    if (outcome.kind !== 'channel') this.#paused.delete(channel)
    switch (outcome.kind) {
      case 'sent':
        return store.sent(message.id, now())
      case 'message':
        return store.refused(
          message.id,
          outcome.problem,
          outcome.again ? now() + waitAfter(message.attempts + 1, random) : null,
          now(),
        )
      case 'channel': {
        const failures = Math.max(this.#paused.get(channel)?.failures ?? 0, message.attempts) + 1
        const until = now() + waitAfter(failures, random)
        this.#paused.set(channel, { failures, until })
        return store.channelFailed(channel, outcome.problem, until, now())
      }
    }
  }
}
