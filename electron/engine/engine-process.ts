/**
 * Processes of the engine's own, for work that must be killable in the middle of a synchronous query. Under plain Node they
 * are forked; under Electron, whose binary is not allowed to run as Node, main starts them as utility processes.
 */
import { fork } from 'node:child_process'
import type { EmitterPort } from '../../shared/rpc/port-transport.ts'
import { engineFile } from './paths.ts'

/** Either end of the line between the engine and one of its processes. Messages are structured data. */
export interface ProcessLine {
  onMessage(listener: (message: unknown) => void): void
}
export interface EngineProcess extends ProcessLine {
  send(message: unknown): void
  /** Once, however it ended. */
  onExit(listener: (code: number | null) => void): void
  /** At once, whatever it is doing. */
  kill(): void
}
/** `entry` is a built entry point: `hunt.process`. */
export type StartProcess = (entry: string) => EngineProcess

let starter: StartProcess = forkProcess

/** Starts `dist/engine/<entry>.js` as a process of its own. */
export const startEngineProcess: StartProcess = (entry) => starter(entry)

/** For the host that may not fork. */
export function startProcessesWith(start: StartProcess): void {
  starter = start
}

function forkProcess(entry: string): EngineProcess {
  const child = fork(engineFile(entry), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    serialization: 'advanced',
    execArgv: [],
  })
  return {
    send: (message) => void (child.connected && child.send(message as object)),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => {
      let told = false
      const once = (code: number | null): void => {
        if (told) return
        told = true
        listener(code)
      }
      child.once('exit', once)
      // It could not be started at all.
      child.once('error', () => once(null))
    },
    kill: () => void child.kill('SIGKILL'),
  }
}

/** What Electron gives a utility process. Typed here because the engine does not know electron. */
export interface ParentPort {
  postMessage(message: unknown): void
  on(type: 'message', listener: (event: { readonly data: unknown; readonly ports: readonly EmitterPort[] }) => void): unknown
}
export function electronParent(): ParentPort | null {
  return (process as NodeJS.Process & { readonly parentPort?: ParentPort }).parentPort ?? null
}

export interface LineToEngine extends ProcessLine {
  /** Resolves when there is room for more. */
  send(message: unknown): Promise<void>
  /** Nothing more comes from here. What was sent last may still be on its way: the engine kills the process when it has it. */
  end(): void
}

/** In such a process: the line to the engine that started it. The process ends when the engine is gone. */
export function lineToEngine(): LineToEngine {
  const parent = electronParent()
  if (!parent) {
    process.on('disconnect', () => process.exit(0))
    return {
      send: (message) => new Promise((resolve) => (process.connected ? process.send?.(message, () => resolve()) : resolve())),
      onMessage: (listener) => void process.on('message', listener),
      end: () => process.disconnect?.(),
    }
  }
  let port: EmitterPort | null = null
  const unsent: unknown[] = []
  let listener: ((message: unknown) => void) | null = null
  parent.on('message', ({ ports }) => {
    const [first] = ports
    if (!first || port) return
    port = first
    first.on('message', ({ data }) => listener?.(data))
    first.on('close', () => process.exit(0))
    for (const message of unsent.splice(0)) first.postMessage(message)
    // Messages wait in a port until it is started.
    if (listener) first.start()
  })
  return {
    send(message) {
      if (port) port.postMessage(message)
      else unsent.push(message)
      return new Promise((resolve) => setImmediate(resolve))
    },
    onMessage(newest) {
      listener = newest
      port?.start()
    },
    end: () => {},
  }
}
