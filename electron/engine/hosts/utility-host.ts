/** The engine inside Electron: takes message ports from main, and asks main for processes it may not fork itself. */
import { EngineOrder, type EngineReport } from '../../../shared/engine-process.ts'
import type { WatchfloorContract } from '../../../shared/contract.ts'
import { contract } from '../../../shared/contract.ts'
import type { Result } from '../../../shared/model/result.ts'
import type { HandlersOf } from '../../../shared/rpc/kinds.ts'
import { type EmitterPort, portTransport } from '../../../shared/rpc/port-transport.ts'
import { serve } from '../../../shared/rpc/serve.ts'
import { type EngineProcess, type ParentPort, startProcessesWith } from '../engine-process.ts'
import type { Engine } from './engine-interface.ts'
import { localOperator } from './operator.ts'
import { logToStderr } from './serve-log.ts'

/** Starts the engine and serves it until main says stop. Exit code 0 after a stop, 1 where the engine could not start. */
export async function runUtilityHost(parent: ParentPort, start: () => Promise<Result<Engine>>): Promise<void> {
  const report = (message: EngineReport): void => parent.postMessage(message)
  const processes = new ProcessesOfMain(report)
  startProcessesWith((entry) => processes.start(entry))

  let handlers: HandlersOf<WatchfloorContract> | null = null
  let close: () => Promise<void> = () => Promise.resolve()
  let stopped = false
  const caller = localOperator()
  parent.on('message', ({ data, ports }) => {
    const order = EngineOrder.safeParse(data)
    if (!order.success) return
    const [port] = ports
    if (order.data.type === 'connect') {
      if (handlers && port) serve(contract, handlers, portTransport(port), { caller, log: logToStderr })
      else port?.close()
    } else if (order.data.type === 'process_started') processes.started(order.data.id, port)
    else if (order.data.type === 'process_ended') processes.ended(order.data.id, order.data.code)
    else {
      stopped = true
      void close().finally(() => process.exit(0))
    }
  })

  const engine = await start()
  if (!engine.ok) {
    report({ type: 'failed', error: engine.error })
    // The report must have left before the process does.
    setTimeout(() => process.exit(1), 500)
    return
  }
  if (stopped) return void engine.value.close().finally(() => process.exit(0))
  handlers = engine.value.handlers
  close = () => engine.value.close()
  report({ type: 'up' })
}

interface Waiting {
  port: EmitterPort | null
  readonly unsent: unknown[]
  message: ((message: unknown) => void) | null
  exit: ((code: number | null) => void) | null
}

class ProcessesOfMain {
  readonly #report: (message: EngineReport) => void
  readonly #all = new Map<number, Waiting>()
  #lastId = 0

  constructor(report: (message: EngineReport) => void) {
    this.#report = report
  }

  start(entry: string): EngineProcess {
    const id = ++this.#lastId
    const own: Waiting = { port: null, unsent: [], message: null, exit: null }
    this.#all.set(id, own)
    this.#report({ type: 'start_process', id, entry })
    return {
      send: (message) => (own.port ? own.port.postMessage(message) : void own.unsent.push(message)),
      onMessage: (listener) => (own.message = listener),
      onExit: (listener) => (own.exit = listener),
      kill: () => this.#report({ type: 'kill_process', id }),
    }
  }

  started(id: number, port: EmitterPort | undefined): void {
    const own = this.#all.get(id)
    if (!own || !port) return
    own.port = port
    port.on('message', ({ data }) => own.message?.(data))
    port.start()
    for (const message of own.unsent.splice(0)) port.postMessage(message)
  }

  ended(id: number, code: number): void {
    const own = this.#all.get(id)
    this.#all.delete(id)
    own?.port?.close()
    own?.exit?.(code)
  }
}
