/** Texts of playbooks are read on a thread: a file that was made to be slow holds up nothing but itself. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { fail } from '../../../../shared/model/result.ts'
import { engineFile } from '../../paths.ts'
import { readPlaybook } from './read-playbook.ts'

export type ReadPlaybook = ReturnType<typeof readPlaybook>

export interface ThreadOptions {
  /** The built file of the thread. */
  readonly thread?: string
  /** A text that takes longer is given up; milliseconds. */
  readonly patienceMs?: number
}

/** What is read from each text, in their order. Never rejects. Where no thread can be had, they are read here, with turns for others between. */
export async function readOnThread(
  texts: readonly string[],
  { thread = engineFile('playbooks.worker'), patienceMs = 10_000 }: ThreadOptions = {},
): Promise<ReadPlaybook[]> {
  const read: ReadPlaybook[] = []
  while (read.length < texts.length) {
    const before = read.length
    const end = await onOneThread(texts, read, thread, patienceMs)
    if (end === 'slow') {
      read.push(fail([{ line: 1, column: 1, message: `cannot be read within ${patienceMs / 1000} seconds` }]))
    } else if (end === 'ended' && read.length === before) {
      for (const text of texts.slice(before)) {
        await nextTurn()
        read.push(readPlaybook(text))
      }
    }
  }
  return read
}

/** Reads on from where `read` ends. `slow`: the next text took too long; `ended`: the thread went away. */
function onOneThread(
  texts: readonly string[],
  read: ReadPlaybook[],
  thread: string,
  patienceMs: number,
): Promise<'done' | 'slow' | 'ended'> {
  return new Promise((resolve) => {
    const worker = new Worker(thread)
    let timer: NodeJS.Timeout | undefined
    const end = (how: 'done' | 'slow' | 'ended'): void => {
      clearTimeout(timer)
      resolve(how)
      void worker.terminate()
    }
    const give = (): void => {
      clearTimeout(timer)
      const text = texts[read.length]
      if (text === undefined) return end('done')
      worker.postMessage(text)
      timer = setTimeout(() => end('slow'), patienceMs)
    }
    worker.on('message', (result: ReadPlaybook) => {
      read.push(result)
      give()
    })
    worker.on('error', () => end('ended'))
    worker.on('exit', () => end('ended'))
    give()
  })
}
