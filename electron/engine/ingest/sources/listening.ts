/** A port that is listened on: opened, and tried again each second while it cannot be. */
import type { SourceState } from '../../../../shared/model/source.ts'
import { reasonOf } from '../read-problem.ts'
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
  state(state: SourceState, problem: string | null): void
  notice(text: string | null): void
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
        notice(`listening on ${addressText(address, port.port)}`)
        const failed = this.#stopped ? null : await Promise.race([port.failed, this.#stop.asked])
        await port.close()
        notice(null)
        if (failed !== null) throw failed
      } catch (error) {
        if (this.#stopped) return
        state('waiting', `${where}: ${listenProblem(error)}`)
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

/** Why a port cannot be listened on, in English for the user. */
function listenProblem(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : null
  switch (code) {
    case 'EADDRINUSE':
      return 'another program listens on this port'
    case 'EACCES':
      return 'no permission to listen on this port (below 1024 it takes the right to)'
    case 'EADDRNOTAVAIL':
      return 'this machine has no such address'
    case 'EAFNOSUPPORT':
      return 'this machine has no addresses of this kind'
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'no address is known by this name'
    case 'EMFILE':
    case 'ENFILE':
      return 'too many files and connections are open'
    default:
      return reasonOf(error)
  }
}
