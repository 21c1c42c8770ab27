/** The parser threads: started, fed, and replaced when one dies. */
import { serialize } from 'node:v8'
import { Worker } from 'node:worker_threads'
import { say, type Sentence } from '../../../shared/model/sentence.ts'
import { inEnglish } from '../../../shared/model/sentence-english.ts'
import { engineFile } from '../paths.ts'
import type { LogSource } from '../sigma/logsources/log-source.ts'
import type { CostReport } from '../sigma/rule-costs.ts'
import type { SigmaRule } from '../sigma/types.ts'
import type { Batch } from '../store/batch.ts'
import { leftOut } from './left-rules.ts'
import type { FromParser, ToParser } from './parser.worker.ts'
import type { Work } from './work.ts'

/** The thread died over this work; its bytes may be gone with it. */
export class ThreadDied extends Error {
  readonly why: Sentence

  constructor(why: Sentence) {
    super(inEnglish(why))
    this.why = why
  }
}

/** What the pipeline needs of parser threads. Works given to one thread are done in order. */
export interface ParserThreads {
  readonly size: number
  /** Something will be read: threads begin now, or with the first work. */
  begin(): void
  /** Rejects with {@link ThreadDied} where the thread ended before the work was done. */
  run(thread: number, work: Work): Promise<Batch>
  /** The stream is over on every thread. */
  forget(stream: number): void
  setRules(rules: readonly SigmaRule[], sources: readonly LogSource[]): void
  close(): Promise<void>
}

interface Slot {
  worker: Worker
  readonly waiting: Map<number, { resolve(batch: Batch): void; reject(error: Error): void }>
}

const RULES_AT_ONCE = 300
/** Bounds of one thread's heap; a block and its dictionaries need a fraction of it. What is young dies young: more room saves nothing. */
const LIMITS = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 16 }

export class ParserPool implements ParserThreads {
  readonly size: number
  readonly #slots: Slot[] = []
  readonly #onCosts: (thread: number, report: CostReport) => void
  #rules: readonly SigmaRule[] = []
  #sources: readonly LogSource[] = []
  #sending = 0
  #closing = false

  constructor(size: number, onCosts: (thread: number, report: CostReport) => void = () => undefined) {
    this.size = size
    this.#onCosts = onCosts
  }

  begin(): void {
    while (this.#slots.length < this.size) this.#slots.push(this.#start())
  }

  run(thread: number, work: Work): Promise<Batch> {
    this.begin()
    const slot = this.#slots[thread]!
    return new Promise((resolve, reject) => {
      slot.waiting.set(work.id, { resolve, reject })
      // What has a position can be read again, so its bytes need not be kept here.
      const bytes = work.segments.flatMap(({ position, chunk }) => (position === null ? [] : [chunk.bytes.buffer]))
      slot.worker.postMessage({ kind: 'work', work } satisfies ToParser, [...new Set(bytes)])
    })
  }

  forget(stream: number): void {
    for (const { worker } of this.#slots) worker.postMessage({ kind: 'forget', stream } satisfies ToParser)
  }

  setRules(rules: readonly SigmaRule[], sources: readonly LogSource[]): void {
    const workers = this.#slots.map(({ worker }) => worker)
    const left = sources === this.#sources && this.#sending === 0 ? leftOut(this.#rules, rules) : null
    this.#rules = rules
    this.#sources = sources
    if (left === null) void this.#send(workers, rules)
    else for (const worker of workers) worker.postMessage({ kind: 'aside', ids: left } satisfies ToParser)
  }

  /** In parts, since copying thousands of rules at once would hold up the event loop; each part is written once for all threads. */
  async #send(workers: readonly Worker[], rules: readonly SigmaRule[]): Promise<void> {
    this.#sending++
    for (let at = 0; at === 0 || at < rules.length; at += RULES_AT_ONCE) {
      if (this.#rules !== rules || this.#closing) break
      const written = serialize(rules.slice(at, at + RULES_AT_ONCE))
      const part = new Uint8Array(new SharedArrayBuffer(written.length))
      part.set(written)
      const last = at + RULES_AT_ONCE >= rules.length
      const message: ToParser = { kind: 'rules', part, first: at === 0, last, sources: last ? this.#sources : [] }
      for (const worker of workers) worker.postMessage(message)
      await new Promise((resolve) => setImmediate(resolve))
    }
    this.#sending--
  }

  async close(): Promise<void> {
    this.#closing = true
    await Promise.all(this.#slots.map(({ worker }) => worker.terminate()))
  }

  #start(): Slot {
    const slot: Slot = { worker: this.#worker(() => slot), waiting: new Map() }
    return slot
  }

  #worker(slotOf: () => Slot): Worker {
    const worker = new Worker(engineFile('parser.worker'), { resourceLimits: LIMITS })
    // Also where there are none: work waits in the thread for the first set.
    void this.#send([worker], this.#rules)
    let why = say('parser_thread_ended')
    worker.on('message', (message: FromParser) => {
      if (message.kind === 'costs') return this.#onCosts(this.#slots.indexOf(slotOf()), message.report)
      const { id, batch } = message
      const { waiting } = slotOf()
      waiting.get(id)?.resolve(batch)
      waiting.delete(id)
    })
    worker.on('error', (error) => {
      why = say('parser_thread_died', { text: error instanceof Error ? error.message : String(error) })
    })
    worker.on('exit', () => {
      const slot = slotOf()
      const waiting = [...slot.waiting.values()]
      slot.waiting.clear()
      if (!this.#closing) slot.worker = this.#worker(slotOf)
      for (const { reject } of waiting) reject(new ThreadDied(why))
    })
    return worker
  }
}
