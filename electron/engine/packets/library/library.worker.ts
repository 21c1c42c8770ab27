/** The thread of the capture library. In: {@link ToLibrary}; out: {@link FromLibrary}. */
import { randomUUID } from 'node:crypto'
import { readlinkSync } from 'node:fs'
import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import type { FromLibrary, LibraryStart, ToLibrary } from './library-calls.ts'
import { Library } from './library.ts'

/** Milliseconds between two accounts of the folders. */
const GAP = 250
/** Of 19: others go first. */
const NICE = 10

/** Of this thread alone, where the system has priorities of threads (Linux). */
function giveWay(): void {
  try {
    const thread = Number(/(\d+)$/.exec(readlinkSync('/proc/thread-self'))?.[1])
    if (Number.isInteger(thread) && thread > 0) setPriority(thread, NICE)
  } catch {
    // Then it works in slices only.
  }
}

if (parentPort) {
  const port = parentPort
  const { folder } = workerData as LibraryStart
  const post = (message: FromLibrary): void => port.postMessage(message)
  giveWay()
  let waiting: NodeJS.Timeout | null = null
  const tell = (): void => {
    waiting = null
    post({ kind: 'folders', folders: library.folders })
  }
  const library = new Library(folder, () => {
    waiting ??= setTimeout(tell, GAP)
  })
  const answer = async (message: Extract<ToLibrary, { kind: 'call' }>): Promise<Result<unknown>> => {
    switch (message.name) {
      case 'add':
        return library.add(message.input)
      case 'remove':
        return library.remove(message.input.path)
      case 'search':
        return ok(await library.search(message.input, message.input.limit))
      case 'find':
        return ok(await library.find(message.input))
    }
  }
  const call = async (message: Extract<ToLibrary, { kind: 'call' }>): Promise<void> => {
    let result: Result<unknown>
    try {
      result = await answer(message)
    } catch (error) {
      const correlationId = randomUUID()
      process.stderr.write(
        `packets: library.${message.name} failed (${correlationId}): ${error instanceof Error ? error.stack : String(error)}\n`,
      )
      result = fail({ code: 'internal', message: 'The capture library could not be read.', correlationId })
    }
    // Whoever asked for a change sees it first.
    if (message.name === 'add' || message.name === 'remove') tell()
    post({ kind: 'done', id: message.id, result })
  }
  port.on('message', (message: ToLibrary) => {
    if (message.kind === 'call') return void call(message)
    return void library.close().then(() => {
      if (waiting !== null) clearTimeout(waiting)
      port.close()
    })
  })
  tell()
  library.start()
}
