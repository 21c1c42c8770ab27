/**
 * Keeps one engine running in a utility process and hands message ports to it. A port's other end goes straight to the page:
 * main is never in the data path.
 */
import { MessageChannelMain, type MessagePortMain, type UtilityProcess, utilityProcess } from 'electron'
import { EngineReport, type EngineOrder } from '../../shared/engine-process.ts'
import type { WatchfloorError } from '../../shared/model/result.ts'

export interface SupervisorOptions {
  /** Folder with the built engine. */
  readonly engineDir: string
  readonly args: readonly string[]
  /** An engine is up, the first or another one: whoever was connected wants a new port. */
  onUp(): void
  /** It says it cannot run here, or it dies again and again: there is no use in trying on. */
  onHopeless(error: WatchfloorError): void
}

const FIRST_WAIT_MS = 200
const LONGEST_WAIT_MS = 10_000
const HOPELESS_AFTER = 6
const GRACE_MS = 15_000

export class EngineSupervisor {
  readonly #options: SupervisorOptions
  #engine: UtilityProcess | null = null
  #up = false
  #failures = 0
  #stopping: (() => void) | null = null
  #helpers = new Map<number, UtilityProcess>()

  constructor(options: SupervisorOptions) {
    this.#options = options
  }

  start(): void {
    const engine = utilityProcess.fork(this.#file('utility-process'), [...this.#options.args], {
      serviceName: 'Watchfloor engine',
      stdio: 'inherit',
    })
    this.#engine = engine
    engine.on('message', (message: unknown) => this.#take(engine, message))
    engine.once('exit', (code) => this.#ended(engine, code))
  }

  /** The page's end of a new connection; null while there is no engine. */
  connect(): MessagePortMain | null {
    if (!this.#engine || !this.#up) return null
    const { port1, port2 } = new MessageChannelMain()
    this.#order(this.#engine, { type: 'connect' }, [port1])
    return port2
  }

  /** Lets the engine commit and close; resolves when it is gone, by force if need be. */
  stop(): Promise<void> {
    const engine = this.#engine
    return new Promise((resolve) => {
      this.#stopping = resolve
      if (!engine) return resolve()
      this.#order(engine, { type: 'stop' })
      setTimeout(() => {
        if (engine === this.#engine) kill(engine)
      }, GRACE_MS)
    })
  }

  #take(engine: UtilityProcess, message: unknown): void {
    const report = EngineReport.safeParse(message)
    if (!report.success || engine !== this.#engine) return
    const { data } = report
    if (data.type === 'up') {
      this.#up = true
      this.#failures = 0
      this.#options.onUp()
    } else if (data.type === 'failed') {
      this.#stopping ??= () => {}
      this.#options.onHopeless(data.error)
    } else if (data.type === 'start_process') this.#startHelper(engine, data.id, data.entry)
    else {
      const helper = this.#helpers.get(data.id)
      if (helper) kill(helper)
    }
  }

  /** A process for unbounded work: the engine may not fork by itself where Electron is not allowed to run as Node. */
  #startHelper(engine: UtilityProcess, id: number, entry: string): void {
    const helper = utilityProcess.fork(this.#file(entry), [], { serviceName: 'Watchfloor hunt', stdio: 'inherit' })
    const { port1, port2 } = new MessageChannelMain()
    this.#helpers.set(id, helper)
    helper.postMessage({ type: 'connect' } satisfies EngineOrder, [port1])
    this.#order(engine, { type: 'process_started', id }, [port2])
    helper.once('exit', (code) => {
      this.#helpers.delete(id)
      if (engine === this.#engine) this.#order(engine, { type: 'process_ended', id, code })
    })
  }

  #ended(engine: UtilityProcess, code: number): void {
    if (engine !== this.#engine) return
    this.#engine = null
    this.#up = false
    for (const helper of this.#helpers.values()) kill(helper)
    if (this.#stopping) return this.#stopping()
    this.#failures++
    if (this.#failures >= HOPELESS_AFTER) {
      return this.#options.onHopeless({
        code: 'engine_gone',
        message: `The engine ended ${this.#failures} times in a row (exit code ${code}).`,
      })
    }
    setTimeout(
      () => {
        if (!this.#stopping) this.start()
      },
      Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (this.#failures - 1)),
    )
  }

  #order(engine: UtilityProcess, order: EngineOrder, ports: MessagePortMain[] = []): void {
    engine.postMessage(order, ports)
  }

  #file(entry: string): string {
    return `${this.#options.engineDir}/${entry}.js`
  }
}

/** A process in the middle of a synchronous query does not hear a polite signal. */
function kill(child: UtilityProcess): void {
  if (child.pid === undefined) return void child.kill()
  try {
    process.kill(child.pid, 'SIGKILL')
  } catch {
    // It was gone already.
  }
}
