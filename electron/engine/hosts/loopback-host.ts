/** The engine as a process of its own for the machine's browser: started, asked and stopped by the launcher. */
import { rendererDir } from '../paths.ts'
import type { Result } from '../../../shared/model/result.ts'
import { LoopbackOrder, type LoopbackReport } from '../../../shared/loopback-process.ts'
import type { Engine } from './engine-interface.ts'
import type { HostArguments } from './host-arguments.ts'
import { serveLoopback } from './serve-loopback.ts'
import { removeServingNote, writeServingNote } from './serving-note.ts'

/**
 * Runs until it is told to stop, its launcher is gone, or a signal ends it; the exit code is 1 where it could not start. Without
 * a launcher it prints `{"url": ...}`. `WATCHFLOOR_TOKEN` keeps open pages signed in over a restart.
 */
export async function runLoopbackHost(options: HostArguments, start: () => Promise<Result<Engine>>): Promise<void> {
  const report = (message: LoopbackReport): void => {
    if (process.send) process.send(message)
    else if (message.type === 'up') process.stdout.write(`${JSON.stringify({ url: message.url })}\n`)
    else if (message.type === 'failed') process.stderr.write(`watchfloor: ${message.error.message}\n`)
  }
  const engine = await start()
  if (!engine.ok) {
    report({ type: 'failed', error: engine.error })
    process.exitCode = 1
    process.disconnect?.()
    return
  }
  const token = process.env['WATCHFLOOR_TOKEN']
  const server = await serveLoopback({
    engine: engine.value,
    port: options.port,
    rendererDir: rendererDir(),
    origins: options.origins,
    checkOutputs: options.checkOutputs,
    ...(token ? { token } : {}),
  })
  if (!server.ok) {
    await engine.value.close()
    report({ type: 'failed', error: server.error })
    process.exitCode = 1
    process.disconnect?.()
    return
  }
  const { url, port } = server.value
  writeServingNote(options.dataDir, { url, pid: process.pid })

  let stopping = false
  const stop = async (): Promise<void> => {
    if (stopping) return
    stopping = true
    removeServingNote(options.dataDir)
    await server.value.close()
    await engine.value.close()
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop())
  process.on('disconnect', () => void stop())
  process.on('message', (message) => {
    const order = LoopbackOrder.safeParse(message)
    if (!order.success) return
    if (order.data.type === 'stop') void stop()
    else report({ type: 'invitation', url: server.value.invite() })
  })
  report({ type: 'up', url, port })
}
