/**
 * Wireshark's dissectors as the engine sees them: questions go to a process that is started when the first one comes, one at a
 * time; it is killed when it takes too long or too much memory, and started again for the next question. An answer that a caller
 * must wait long for (a filter) holds up those behind it: give such work a dissector of its own.
 */
import type { PacketDetail } from '../../../../shared/model/capture.ts'
import { fail } from '../../../../shared/model/result.ts'
import { startEngineProcess, type EngineProcess, type StartProcess } from '../../engine-process.ts'
import { memoryOf } from './process-memory.ts'
import { EXIT_MEMORY, type Answer, type Dissected, type DissectProblem, type FilterCheck, type FollowKind, type Followed, type FromProcess, type KnownField, type ObjectKind, type PacketContext, type Question, type QuestionKind, type SentSlice, type ToProcess } from './requests.ts' // prettier-ignore
import { sliceFile, sliceNumbers, type Slice } from './slice.ts'

export interface DissectorOptions {
  readonly start?: StartProcess
  /** Resident bytes at which the process is killed. */
  readonly memoryCap?: number
  /** Milliseconds after which it is killed: for one packet, for whole slices, and without a sign of progress. */
  readonly shortLimit?: number
  readonly longLimit?: number
  readonly stallLimit?: number
  /** Milliseconds without a question after which the process is ended. */
  readonly idle?: number
}
export const MEMORY_CAP = 1_500_000_000
export const SHORT_LIMIT = 10_000
export const LONG_LIMIT = 600_000
export const STALL_LIMIT = 20_000
export const IDLE = 300_000
/** Registering all dissectors takes a second or two; a machine under load more. */
const START_LIMIT = 60_000
/** The dissectors never give memory back: above this share of the cap the process is replaced when it is free. */
const REPLACED_ABOVE = 0.6
/** An abandoned question may still end by itself, which is cheaper than a new process. */
const GRACE = 500
const LOOK = 100

export interface AskOptions {
  /** Takes the question back: one that runs is killed if it does not end soon. */
  readonly signal?: AbortSignal
  /** Share of the work that is done, 0 to 1. */
  readonly progress?: (done: number) => void
}

interface Job {
  readonly kind: QuestionKind
  readonly slice: Slice | null
  readonly make: (slice: SentSlice) => Question
  readonly progress: ((done: number) => void) | undefined
  readonly limit: number
  settled: boolean
  settle(result: Dissected<unknown>): void
}
interface Running {
  readonly child: EngineProcess
  pid: number | null
  ready: boolean
  /** Key of the slice that it has read. */
  held: number
}

const NO_SLICE: SentSlice = { key: 0, file: null, numbers: null }
const SHORT: ReadonlySet<QuestionKind> = new Set<QuestionKind>(['tree', 'check', 'fieldsLike'])

export class Dissector {
  readonly #options: Required<DissectorOptions>
  readonly #keys = new WeakMap<Slice, number>()
  readonly #queue: Job[] = []
  #lastKey = 0
  #lastId = 0
  #process: Running | null = null
  #job: Job | null = null
  #limit: NodeJS.Timeout | undefined
  #stall: NodeJS.Timeout | undefined
  #watch: NodeJS.Timeout | undefined
  #idle: NodeJS.Timeout | undefined
  #closed = false
  /** Version of Wireshark, once the process has told. */
  version: string | null = null

  constructor(options: DissectorOptions = {}) {
    this.#options = {
      start: startEngineProcess,
      memoryCap: MEMORY_CAP,
      shortLimit: SHORT_LIMIT,
      longLimit: LONG_LIMIT,
      stallLimit: STALL_LIMIT,
      idle: IDLE,
      ...options,
    }
  }

  /** Starts the process, so that the first question need not wait for it. */
  warm(): void {
    if (this.#process === null && !this.#closed) this.#start()
  }

  /** The whole tree of packet `target` of the slice. */
  tree(slice: Slice, target: number, context: PacketContext = {}, options: AskOptions = {}): Promise<Dissected<PacketDetail>> {
    const timeless = 'packets' in slice && Number.isNaN(slice.packets.find(({ number }) => number === target)?.seconds)
    return this.#ask('tree', slice, (sent) => ({ kind: 'tree', slice: sent, target, context: { ...context, timeless } }), options)
  }

  /** Numbers of the slice's packets that the filter selects. Not for fields of {@link SLICE_FIELDS}. */
  filter(slice: Slice, filter: string, options: AskOptions = {}): Promise<Dissected<Float64Array>> {
    return this.#ask('filter', slice, (sent) => ({ kind: 'filter', slice: sent, filter }), options)
  }

  /** Values of up to 20 fields for each packet, as a column shows them; several of one packet with commas between. */
  fields(slice: Slice, names: readonly string[], options: AskOptions = {}): Promise<Dissected<Answer<'fields'>>> {
    return this.#ask('fields', slice, (sent) => ({ kind: 'fields', slice: sent, names }), options)
  }

  /** What the two sides of packet `target`'s flow said: for `tls` decrypted, for `http` decompressed. */
  follow(slice: Slice, as: FollowKind, target: number, options: AskOptions = {}): Promise<Dissected<Followed>> {
    return this.#ask('follow', slice, (sent) => ({ kind: 'follow', slice: sent, as, target }), options)
  }

  objects(slice: Slice, what: ObjectKind, options: AskOptions = {}): Promise<Dissected<Answer<'objects'>>> {
    return this.#ask('objects', slice, (sent) => ({ kind: 'objects', slice: sent, what }), options)
  }

  check(filter: string, options: AskOptions = {}): Promise<Dissected<FilterCheck>> {
    return this.#ask('check', null, () => ({ kind: 'check', filter }), options)
  }

  /** Fields whose names begin so. Without a dot: protocols. */
  fieldsLike(prefix: string, limit = 100, options: AskOptions = {}): Promise<Dissected<readonly KnownField[]>> {
    return this.#ask('fieldsLike', null, () => ({ kind: 'fieldsLike', prefix, limit }), options)
  }

  async findField(name: string, options: AskOptions = {}): Promise<Dissected<KnownField | null>> {
    const like = await this.fieldsLike(name, 10_000, options)
    return like.ok ? { ok: true, value: like.value.find((field) => field.name === name) ?? null } : like
  }

  /** Asks any question; for tests. */
  ask<K extends QuestionKind>(question: Extract<Question, { kind: K }>, options: AskOptions = {}): Promise<Dissected<Answer<K>>> {
    return this.#ask(question.kind as K, null, () => question, options)
  }

  /** Ends the process. What was asked is answered `cancelled`. */
  close(): void {
    this.#closed = true
    const problem = fail<DissectProblem>({ reason: 'cancelled', message: 'the dissectors were closed' })
    this.#end()
    this.#settle(problem)
    for (const job of this.#queue.splice(0)) job.settle(problem)
  }

  #ask<K extends QuestionKind>(
    kind: K,
    slice: Slice | null,
    make: (slice: SentSlice) => Question,
    { signal, progress }: AskOptions,
  ): Promise<Dissected<Answer<K>>> {
    return new Promise((resolve) => {
      if (this.#closed || signal?.aborted === true) {
        resolve(fail({ reason: 'cancelled', message: 'cancelled' }))
        return
      }
      const { shortLimit, longLimit } = this.#options
      const abort = (): void => {
        job.settle(fail({ reason: 'cancelled', message: 'cancelled' }))
        const at = this.#queue.indexOf(job)
        if (at >= 0) this.#queue.splice(at, 1)
        else if (this.#job === job) this.#limitTo(GRACE)
      }
      const job: Job = {
        kind,
        slice,
        make,
        progress,
        limit: SHORT.has(kind) ? shortLimit : longLimit,
        settled: false,
        settle: (result) => {
          if (job.settled) return
          job.settled = true
          signal?.removeEventListener('abort', abort)
          resolve(result as Dissected<Answer<K>>)
        },
      }
      signal?.addEventListener('abort', abort, { once: true })
      this.#queue.push(job)
      this.#next()
    })
  }

  #next(): void {
    if (this.#job !== null || this.#closed) return
    if (this.#queue.length === 0) {
      if (this.#process === null) return
      clearTimeout(this.#idle)
      this.#idle = setTimeout(() => this.#end(), this.#options.idle).unref()
      return
    }
    clearTimeout(this.#idle)
    this.warm()
    const running = this.#process
    if (running === null || !running.ready) return
    const job = this.#queue.shift()!
    this.#job = job
    let sent = NO_SLICE
    if (job.slice !== null) {
      const key = this.#key(job.slice)
      if (key === running.held) sent = { key, file: null, numbers: null }
      else {
        const file = 'path' in job.slice ? { path: job.slice.path } : { bytes: sliceFile(job.slice) }
        sent = { key, file, numbers: sliceNumbers(job.slice) }
      }
    }
    this.#limitTo(job.limit)
    this.#watchStall()
    this.#watchMemory(running)
    const { memoryCap } = this.#options
    running.child.send({ id: ++this.#lastId, question: job.make(sent), memoryCap } satisfies ToProcess)
  }

  #key(slice: Slice): number {
    let key = this.#keys.get(slice)
    if (key === undefined) this.#keys.set(slice, (key = ++this.#lastKey))
    return key
  }

  #start(): void {
    const child = this.#options.start('dissector.process')
    const running: Running = { child, pid: null, ready: false, held: 0 }
    this.#process = running
    this.#limit = setTimeout(() => this.#unavailable('the dissectors did not start in time'), START_LIMIT).unref()
    child.onMessage((message) => this.#process === running && this.#heard(running, message as FromProcess))
    child.onExit((code) => {
      if (this.#process !== running) return
      if (!running.ready) this.#unavailable(`the dissectors ended while they started (${String(code)})`)
      else if (code === EXIT_MEMORY) this.#kill('killed_memory')
      else this.#kill('failed')
    })
  }

  #heard(running: Running, message: FromProcess): void {
    if (message.kind === 'ready') {
      running.ready = true
      running.pid = message.pid
      this.version = message.version
      clearTimeout(this.#limit)
      this.#next()
      return
    }
    if (message.id !== this.#lastId || this.#job === null) return
    if (message.kind === 'progress') {
      this.#watchStall()
      if (message.memory > this.#options.memoryCap) this.#kill('killed_memory')
      else if (!this.#job.settled) this.#job.progress?.(message.done)
      return
    }
    const { slice } = this.#job
    if (slice !== null) running.held = message.kept ? this.#key(slice) : 0
    const full = message.memory > REPLACED_ABOVE * this.#options.memoryCap
    this.#settle(message.result)
    if (full) {
      this.#end()
      this.warm()
    }
    this.#next()
  }

  #limitTo(milliseconds: number): void {
    clearTimeout(this.#limit)
    this.#limit = setTimeout(() => this.#kill('killed_slow'), milliseconds).unref()
  }

  #watchStall(): void {
    clearTimeout(this.#stall)
    this.#stall = setTimeout(() => this.#kill('killed_slow'), this.#options.stallLimit).unref()
  }

  #watchMemory({ pid }: Running): void {
    clearInterval(this.#watch)
    if (pid === null) return
    const of = this.#lastId + 1
    this.#watch = setInterval(() => {
      void memoryOf(pid).then((bytes) => {
        if (bytes !== null && bytes > this.#options.memoryCap && this.#job !== null && this.#lastId === of)
          this.#kill('killed_memory')
      })
    }, LOOK).unref()
  }

  /** The process is broken or is to be: the question that it has is answered, the next one gets a new process. */
  #kill(reason: 'killed_slow' | 'killed_memory' | 'failed'): void {
    const messages = {
      killed_slow: 'the dissectors took too long and were ended',
      killed_memory: 'the dissectors took too much memory and were ended',
      failed: 'the dissectors ended unexpectedly',
    }
    this.#end()
    this.#settle(fail({ reason, message: messages[reason] }))
    this.#next()
  }

  /** It does not start: whoever waits is told, and the next question tries again. */
  #unavailable(message: string): void {
    this.#end()
    for (const job of this.#queue.splice(0)) job.settle(fail({ reason: 'unavailable', message }))
  }

  #settle(result: Dissected<unknown>): void {
    clearTimeout(this.#limit)
    clearTimeout(this.#stall)
    clearInterval(this.#watch)
    this.#job?.settle(result)
    this.#job = null
  }

  #end(): void {
    clearTimeout(this.#idle)
    clearTimeout(this.#limit)
    const running = this.#process
    this.#process = null
    running?.child.kill()
  }
}
