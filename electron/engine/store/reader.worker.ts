/** A reader thread. In: {@link ToReader}; out: {@link FromReader}. */
import { parentPort, workerData } from 'node:worker_threads'
import type { Result } from '../../../shared/model/result.ts'
import type { Shelf } from './partition-files.ts'
import { Reader } from './reader.ts'
import type { Question } from './reader.ts'

export interface ReaderStart {
  readonly dataDir: string
  readonly shelf: Shelf
  readonly aliases: ReadonlyMap<string, readonly string[]>
}
export type ToReader =
  | { readonly kind: 'ask'; readonly id: number; readonly question: Question; readonly input: unknown }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'shelf'; readonly shelf: Shelf; readonly id: number }
  | { readonly kind: 'close' }
export type FromReader =
  | { readonly kind: 'done'; readonly id: number; readonly result: Result<unknown> }
  | { readonly kind: 'damaged'; readonly day: number; readonly known: number }

if (parentPort) {
  const port = parentPort
  const { dataDir, shelf, aliases } = workerData as ReaderStart
  const post = (message: FromReader): void => port.postMessage(message)
  const reader = new Reader(dataDir, shelf, aliases, {
    done: (id, result) => post({ kind: 'done', id, result }),
    damaged: (day, known) => post({ kind: 'damaged', day, known }),
  })
  port.on('message', (message: ToReader) => {
    switch (message.kind) {
      case 'ask':
        reader.ask(message.id, message.question, message.input)
        break
      case 'cancel':
        reader.cancel(message.id)
        break
      case 'shelf':
        reader.setShelf(message.shelf)
        post({ kind: 'done', id: message.id, result: { ok: true, value: undefined } })
        break
      case 'close':
        reader.close()
        port.close()
        break
    }
  })
}
