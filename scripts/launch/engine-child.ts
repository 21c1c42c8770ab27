/** The engine in the browser host, started again when it dies: the same port and token, so that open pages find back. */
import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import type { WatchfloorError } from '../../shared/model/result.ts'
import { type LoopbackOrder, LoopbackReport } from '../../shared/loopback-process.ts'
import engine from './engine-process.json' with { type: 'json' }

export interface EngineChildOptions {
  /** The built `node-loopback.js`. */
  readonly entry: string
  readonly args: readonly string[]
  readonly port: number
  talk(line: string): void
}
export interface ServedEngine {
  readonly url: string
  /** A link for one use, or null where the engine is just being started again. */
  invite(): Promise<string | null>
  /** Stops it and starts it again, for newly built code. */
  renew(): void
  stop(): Promise<void>
  /** Resolves with the reason when there is no use in starting it again. */
  readonly hopeless: Promise<WatchfloorError>
}

const FIRST_WAIT_MS = 200
const LONGEST_WAIT_MS = 10_000
const HOPELESS_AFTER = 6
const GRACE_MS = 15_000

/** Resolves when it serves, or with why it cannot. */
export function startEngineChild(options: EngineChildOptions): Promise<ServedEngine | WatchfloorError> {
  const token = randomBytes(32).toString('base64url')
  let child: ChildProcess | null = null
  let port = options.port
  let failures = 0
  let stopped: (() => void) | null = null
  let renewing = false
  let giveUp: (error: WatchfloorError) => void = () => {}
  const hopeless = new Promise<WatchfloorError>((resolve) => (giveUp = resolve))
  const invited: ((url: string | null) => void)[] = []
  const order = (message: LoopbackOrder): void => void (child?.connected && child.send(message))
  const stopGently = (): void => {
    const dying = child
    order({ type: 'stop' })
    setTimeout(() => {
      if (dying === child) dying?.kill('SIGKILL')
    }, GRACE_MS).unref()
  }

  return new Promise((resolve) => {
    const served = (url: string): ServedEngine => ({
      url,
      invite: () =>
        new Promise((given) => {
          if (!child?.connected) return given(null)
          invited.push(given)
          order({ type: 'invite' })
        }),
      renew() {
        renewing = true
        if (child) stopGently()
      },
      stop: () =>
        new Promise((done) => {
          stopped = done
          if (child) stopGently()
          else done()
        }),
      hopeless,
    })
    const start = (): void => {
      const own = fork(options.entry, [...options.args, '--port', String(port)], {
        execArgv: [...process.execArgv, ...engine.flags],
        env: { ...engine.environment, ...process.env, WATCHFLOOR_TOKEN: token },
      })
      child = own
      own.on('message', (message) => {
        const report = LoopbackReport.safeParse(message)
        if (!report.success) return
        if (report.data.type === 'up') {
          failures = 0
          port = report.data.port
          resolve(served(report.data.url))
        } else if (report.data.type === 'invitation') invited.shift()?.(report.data.url)
        else {
          stopped ??= () => {}
          resolve(report.data.error)
          giveUp(report.data.error)
        }
      })
      own.once('exit', (code, signal) => {
        child = null
        for (const given of invited.splice(0)) given(null)
        if (stopped) return stopped()
        const wait = renewing ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures)
        if (!renewing) failures++
        if (failures >= HOPELESS_AFTER) {
          const error: WatchfloorError = {
            code: 'engine_gone',
            message: `The engine ended ${failures} times in a row (${signal ?? `exit code ${code}`}).`,
          }
          resolve(error)
          return giveUp(error)
        }
        if (!renewing) options.talk(`The engine ended (${signal ?? `exit code ${code}`}) and is started again.`)
        renewing = false
        setTimeout(() => {
          if (!stopped) start()
        }, wait)
      })
    }
    start()
  })
}
