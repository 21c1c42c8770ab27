/** Texts of rule files → rules: on this thread, and where there are many on a second one at the same time. */
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

/** Fewer are parsed sooner than a thread has begun. */
const WORTH_A_THREAD = 300
/** Given to the second thread at once, twice, so that it does not wait. */
const PORTION = 40
/** Rules are parsed for so many milliseconds, then others have their turn. */
const SLICE = 15

/** The documents of one file. Never throws. */
export function* rulesOfText({ file, folder, text }: RuleText): Generator<ReadRule> {
  for (const document of splitDocuments(text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')))
    yield readRule(document, file, folder)
}

/** What is read from each file, in their order. Never rejects, whatever becomes of the second thread (`thread` is its built file). */
export async function parseRules(
  files: readonly RuleText[],
  thread = engineFile('rules.worker'),
): Promise<(readonly ReadRule[])[]> {
  const read: (readonly ReadRule[])[] = new Array<readonly ReadRule[]>(files.length)
  // This thread takes files from the front, the other from the end.
  let front = 0
  let end = files.length
  let since = performance.now()
  const second = files.length < WORTH_A_THREAD ? null : secondThread(thread)
  const given: Promise<void>[] = []
  const give = (): void => {
    if (second === null || end <= front) return
    const from = Math.max(front, end - PORTION)
    const portion = files.slice(from, end)
    end = from
    given.push(
      second.parse(portion).then((rules) => {
        if (rules === null) return
        rules.forEach((of, i) => (read[from + i] = of))
        give()
      }),
    )
  }
  give()
  give()
  async function parse(index: number): Promise<void> {
    const rules: ReadRule[] = []
    for (const rule of rulesOfText(files[index]!)) {
      rules.push(rule)
      if (performance.now() - since <= SLICE) continue
      await nextTurn()
      since = performance.now()
    }
    read[index] = rules
  }
  while (front < end) await parse(front++)
  // Grows while the last portions are awaited.
  for (let i = 0; i < given.length; i++) await given[i]
  second?.end()
  // What the other thread was given and did not read, because it died.
  for (let i = 0; i < files.length; i++) if (read[i] === undefined) await parse(i)
  return read
}

interface SecondThread {
  /** Null where the thread has died. Answers come in order. */
  parse(files: readonly RuleText[]): Promise<readonly (readonly ReadRule[])[] | null>
  end(): void
}

function secondThread(file: string): SecondThread {
  const worker = new Worker(file)
  const waiting: ((rules: readonly (readonly ReadRule[])[] | null) => void)[] = []
  let dead = false
  const died = (): void => {
    dead = true
    for (const answer of waiting.splice(0)) answer(null)
  }
  worker.on('message', (rules: readonly (readonly ReadRule[])[]) => waiting.shift()?.(rules))
  worker.on('error', died)
  worker.on('exit', died)
  return {
    parse: (files) =>
      new Promise((resolve) => {
        if (dead) return resolve(null)
        waiting.push(resolve)
        worker.postMessage(files)
      }),
    end: () => void worker.terminate(),
  }
}
