/** A followed path: a log of text, or a Windows event log, as its first bytes say; the file may come later. */
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { say } from '../../../../shared/model/sentence.ts'
import { isEventLog } from '../../evtx/evtx-chunks.ts'
import { EventLogs } from '../event-logs/event-logs.ts'
import { sentenceOf } from '../read-problem.ts'
import { FollowedEventLog } from './follow-event-log.ts'
import { FollowedFile, type FollowOptions } from './follow.ts'

/** Before the key of an event log in `Position.file`. */
export const EVENT_LOG_PREFIX = 'evtx:'

/** The event logs of a source, made when the first is there. Throws where the source's format is none. */
export class SourceEventLogs {
  readonly #options: Omit<FollowOptions, 'path'>
  #logs: EventLogs | null = null

  constructor(options: Omit<FollowOptions, 'path' | 'state' | 'notice'>) {
    this.#options = options as Omit<FollowOptions, 'path'>
  }

  get(): EventLogs {
    return (this.#logs ??= new EventLogs({ ...this.#options, prefix: EVENT_LOG_PREFIX }))
  }

  /** Event logs were read by this source before. */
  get any(): boolean {
    return this.#options.positions.some(({ file }) => file.startsWith(EVENT_LOG_PREFIX))
  }

  close(): void {
    this.#logs?.close()
  }
}

export interface FollowedOptions extends Omit<FollowOptions, 'eventLog'> {
  readonly logs: SourceEventLogs
  readonly patienceMs?: number
}

export class Followed {
  readonly #options: FollowedOptions
  readonly #begun: Promise<void>
  #text: FollowedFile | null = null
  #eventLog: FollowedEventLog | null = null
  #stopped = false
  #changing: Promise<void> | null = null

  constructor(options: FollowedOptions) {
    this.#options = options
    this.#begun = this.#begin()
  }

  wake(): void {
    this.#text?.wake()
    this.#eventLog?.wake()
  }
  get waiting(): number {
    return (this.#text ?? this.#eventLog)?.waiting ?? 0
  }
  /** Nothing was new at the last look, and nothing else is under way. */
  get settled(): boolean {
    return (this.#text ?? this.#eventLog)?.settled ?? false
  }
  /** What is read of an event log is known by the source, not by the file. */
  get isEventLog(): boolean {
    return this.#eventLog !== null
  }
  get place(): FollowedFile['place'] {
    return this.#text?.place ?? null
  }

  async close(): Promise<void> {
    this.#stopped = true
    await this.#begun
    await this.#changing
    await this.#text?.close()
    await this.#eventLog?.close()
  }

  async #begin(): Promise<void> {
    const { path, logs } = this.#options
    const head = await headOf(path)
    if (this.#stopped) return
    const was = head.length < 8 && logs.any && logs.get().before(path) !== null
    if (was || isEventLog(head)) this.#followEventLog()
    else this.#text = new FollowedFile({ ...this.#options, eventLog: () => (this.#changing ??= this.#change()) })
  }

  async #change(): Promise<void> {
    await this.#text?.close()
    this.#text = null
    if (!this.#stopped) this.#followEventLog()
  }

  #followEventLog(): void {
    const { logs, path, state } = this.#options
    try {
      this.#eventLog = new FollowedEventLog({ ...this.#options, logs: logs.get() })
    } catch (error) {
      state('failed', say('at', { place: path, why: sentenceOf(error) }))
    }
  }
}

/** Up to 8 bytes; none where the file is not there. */
async function headOf(path: string): Promise<Uint8Array> {
  try {
    const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    try {
      const head = new Uint8Array(8)
      return (await handle.stat()).isFile() ? head.subarray(0, (await handle.read(head, 0, 8, 0)).bytesRead) : new Uint8Array(0)
    } finally {
      await handle.close()
    }
  } catch {
    return new Uint8Array(0)
  }
}
