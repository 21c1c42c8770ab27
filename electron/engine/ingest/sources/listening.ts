/** A port that is listened on: opened, and tried again each second while it cannot be. */
import { say, type Sentence } from '../../../../shared/model/sentence.ts'
import type { SourceState } from '../../../../shared/model/source.ts'
import { sentenceOf } from '../read-problem.ts'
import { Pause } from './pause.ts'

const RETRY_MS = 1000

/** An open port. */
export interface Port {
  readonly address: string
  readonly port: number
  /** Resolves where it fails by itself. */
  readonly failed: Promise<Error>
  /** Stops listening; what was read is in the feed when it resolves. */
  close(): Promise<void>
}

export interface ListeningOptions {
  /** For the user: `TCP 127.0.0.1:514`. */
  readonly where: string
  open(): Promise<Port>
  state(state: SourceState, problem: Sentence | null): void
  notice(notice: Sentence | null): void
}

export class Listening {
  readonly #options: ListeningOptions
  readonly #pause = new Pause()
  readonly #running: Promise<void>
  readonly #stop: { readonly asked: Promise<null>; readonly ask: () => void }
  #stopped = false

  constructor(options: ListeningOptions) {
    this.#options = options
    const { promise, resolve } = Promise.withResolvers<null>()
    this.#stop = { asked: promise, ask: () => resolve(null) }
    this.#running = this.#run()
  }

  async close(): Promise<void> {
    this.#stopped = true
    this.#stop.ask()
    this.#pause.wake()
    await this.#running
  }

  async #run(): Promise<void> {
    const { where, notice, open, state } = this.#options
    while (!this.#stopped) {
      try {
        const port = await open()
        const { address } = port
        state('running', null)
        notice(say('listening', { address: addressText(address, port.port) }))
        const failed = this.#stopped ? null : await Promise.race([port.failed, this.#stop.asked])
        await port.close()
        notice(null)
        if (failed !== null) throw failed
      } catch (error) {
        if (this.#stopped) return
        state('waiting', say('at', { place: where, why: listenProblem(error) }))
        await this.#pause.wait(RETRY_MS)
      }
    }
  }
}

/** `127.0.0.1:514`, `[::1]:514`. */
export const addressText = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`

/** An IPv4 sender on a socket for both families is shown as what it is. */
export const plainAddress = (address: string): string =>
  /^::ffff:\d+\.\d+\.\d+\.\d+$/i.test(address) ? address.slice(7) : address

/** Why a port cannot be listened on: some names mean something else there than for a file. */
function listenProblem(error: unknown): Sentence {
  const code = error instanceof Error && 'code' in error ? String(error.code) : null
  switch (code) {
    case 'EADDRINUSE':
      return say('port_taken')
    case 'EACCES':
      return say('port_forbidden')
    case 'EADDRNOTAVAIL':
      return say('no_such_address')
    case 'EAFNOSUPPORT':
      return say('no_such_family')
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return say('unknown_host')
    default:
      return sentenceOf(error)
  }
}
