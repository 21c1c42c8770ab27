/** Texts of rule files → rules: here, and where there are many on threads that leave nothing behind in this one's memory. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { engineFile } from '../paths.ts'
import { readRule, type ReadRule } from './read-rule.ts'
import { splitDocuments } from './yaml-source.ts'

export interface RuleText {
  readonly file: string
  readonly folder: string
  readonly text: string
}

/** Fewer are parsed sooner than threads have begun. */
const WORTH_THREADS = 300
const THREADS = 2
/** Files given to a thread at once. */
const PORTION = 100
/** Rules are parsed here for so many milliseconds, then others have their turn. */
const SLICE = 15

/** The documents of one file. Never throws. */
export function* rulesOfText({ file, folder, text }: RuleText): Generator<ReadRule> {
  for (const document of splitDocuments(text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')))
    yield readRule(document, file, folder)
}

/** What is read from each file, in their order. Never rejects, whatever becomes of the threads (`thread` is their built file). */
export async function parseRules(
  files: readonly RuleText[],
  thread = engineFile('rules.worker'),
): Promise<(readonly ReadRule[])[]> {
  const read: (readonly ReadRule[])[] = new Array<readonly ReadRule[]>(files.length)
  if (files.length >= WORTH_THREADS) {
    let next = 0
    const portions = (): number => {
      const from = next
      next = Math.min(files.length, next + PORTION)
      return from
    }
    await Promise.all(Array.from({ length: THREADS }, () => parseOnThread(files, thread, portions, read)))
  }
  let since = performance.now()
  for (let i = 0; i < files.length; i++) {
    // Read on a thread, unless that has died over it.
    if (read[i] !== undefined) continue
    const rules: ReadRule[] = []
    for (const rule of rulesOfText(files[i]!)) {
      rules.push(rule)
      if (performance.now() - since <= SLICE) continue
      await nextTurn()
      since = performance.now()
    }
    read[i] = rules
  }
  return read
}

/** Parses portions until there is none left or the thread has ended. `portion` gives where the next begins. */
function parseOnThread(
  files: readonly RuleText[],
  thread: string,
  portion: () => number,
  read: (readonly ReadRule[])[],
): Promise<void> {
  return new Promise((resolve) => {
    const worker = new Worker(thread)
    let from = 0
    const give = (): void => {
      from = portion()
      if (from < files.length) worker.postMessage(files.slice(from, from + PORTION))
      else void worker.terminate()
    }
    worker.on('message', (rules: readonly (readonly ReadRule[])[]) => {
      rules.forEach((of, i) => (read[from + i] = of))
      give()
    })
    worker.on('error', () => resolve())
    worker.on('exit', () => resolve())
    give()
  })
}
