/** The demonstration as sources of a desk: a thread that feeds files, and ordinary sources that follow them. */
import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { z } from 'zod'
import type { Banner } from '../../../shared/contract.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import { say } from '../../../shared/model/sentence.ts'
import type { SourceSettings, SourceStatus } from '../../../shared/model/source.ts'
import { isoFromMicros } from '../../../shared/model/time.ts'
import { ReadProblem, sentenceOf } from '../ingest/read-problem.ts'
import { engineFile } from '../paths.ts'
import { CAPTURES } from './feed.ts'

const Begun = z.object({ seed: z.number().int(), speed: z.number().positive() })

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** The part of the desk's sources that the demonstration needs. */
export interface DemoSources {
  list(): readonly SourceStatus[] | Promise<readonly SourceStatus[]>
  add(settings: SourceSettings): Promise<Result<SourceStatus>>
}
export interface DemoFeeder {
  stop(): Promise<void>
}
export interface FeederOptions {
  readonly folder: string
  readonly seed: number
  readonly speed: number
}

/** Settings of the sources that follow a demonstration in `folder`. */
export function demoSources(folder: string): SourceSettings[] {
  const source = (name: string, input: SourceSettings['input'], format: string | null): SourceSettings => ({
    name: `Demonstration ${name}`,
    input,
    format,
    zone: 'UTC',
    paused: false,
  })
  return [
    source('Suricata', { kind: 'file', path: join(folder, 'eve.json') }, 'eve'),
    source('Zeek', { kind: 'folder', path: join(folder, 'zeek'), pattern: '*.log' }, 'zeek-tsv'),
    source('syslog', { kind: 'file', path: join(folder, 'syslog.log') }, null),
    source('Windows', { kind: 'file', path: join(folder, 'windows.jsonl') }, 'windows-json'),
  ]
}

/** A minute of the demonstration is a few megabytes; without bounds the heap grows for nothing. */
const LIMITS = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16 }

/** Feeds in a thread of its own. `failed` is told when it ends by itself. */
export function startFeeder(options: FeederOptions, failed: (error: Error) => void): DemoFeeder {
  const worker = new Worker(engineFile('demo.worker'), { workerData: options, resourceLimits: LIMITS })
  let stopping = false
  worker.on('error', failed)
  const ended = new Promise<void>((resolve) =>
    worker.once('exit', (code) => {
      if (!stopping) failed(new ReadProblem(say('demo_ended', { code })))
      resolve()
    }),
  )
  return {
    async stop() {
      if (stopping) return ended
      stopping = true
      worker.postMessage('stop')
      const late = setTimeout(() => void worker.terminate(), 2_000)
      await ended
      clearTimeout(late)
    },
  }
}

export class DemoService {
  readonly #folder: string
  readonly #sources: DemoSources
  readonly #captures: (folder: string) => Promise<void>
  readonly #start: (options: FeederOptions, failed: (error: Error) => void) => DemoFeeder
  #feeder: DemoFeeder | null = null
  #failure: { readonly error: Error; readonly since: string } | null = null
  #starting: Promise<Result<void>> | null = null
  #watch: NodeJS.Timeout | undefined

  /**
   * `folder` is the demonstration's own, inside the data folder: it is emptied when a new one begins. `captures` is told the folder
   * of its rolling capture.
   */
  constructor(
    folder: string,
    sources: DemoSources,
    start = startFeeder,
    captures: (folder: string) => Promise<void> = () => Promise.resolve(),
  ) {
    this.#folder = folder
    this.#sources = sources
    this.#captures = captures
    this.#start = start
  }

  get running(): boolean {
    return this.#feeder !== null && this.#failure === null
  }

  /** That nothing more comes of it, where it has ended by itself. */
  get banners(): Banner[] {
    if (this.#failure === null) return []
    const { error, since } = this.#failure
    return [{ id: 'demo_failed', tone: 'late', key: 'demo_failed', values: { problem: sentenceOf(error) }, since }]
  }

  /** Does nothing where it runs already. */
  start(options: { readonly seed: number; readonly speed: number }): Promise<Result<void>> {
    this.#starting ??= this.#begin(options).finally(() => (this.#starting = null))
    return this.#starting
  }

  /** Goes on with the demonstration that a former run of the engine had begun; false where there was none. */
  async resume(): Promise<boolean> {
    const names = new Set((await this.#sources.list()).map((source) => source.settings.name))
    if (!demoSources(this.#folder).some(({ name }) => names.has(name)) || !existsSync(join(this.#folder, 'state.json')))
      return false
    const begun = Begun.safeParse(await readFile(join(this.#folder, 'state.json'), 'utf8').then(parsed, () => null))
    return begun.success && (await this.start(begun.data)).ok
  }

  /** Ends it where all of its sources have been removed: nobody reads its files any more. Asked now and then while it runs. */
  async endUnread(): Promise<void> {
    const names = new Set((await this.#sources.list()).map((source) => source.settings.name))
    if (this.#starting === null && !demoSources(this.#folder).some(({ name }) => names.has(name))) await this.stop()
  }

  async stop(): Promise<void> {
    clearInterval(this.#watch)
    const feeder = this.#feeder
    this.#feeder = null
    this.#failure = null
    await feeder?.stop()
  }

  async #begin(options: { readonly seed: number; readonly speed: number }): Promise<Result<void>> {
    if (this.running) return ok(undefined)
    const names = new Set((await this.#sources.list()).map((source) => source.settings.name))
    this.#failure = null
    const feeder = this.#start({ folder: this.#folder, ...options }, (error) => {
      // The first reason is the reason; one that was stopped or replaced has none.
      if (this.#feeder === feeder) this.#failure ??= { error, since: isoFromMicros(Date.now() * 1000) }
    })
    this.#feeder = feeder
    for (const settings of demoSources(this.#folder)) {
      if (names.has(settings.name)) continue
      const added = await this.#sources.add(settings)
      if (!added.ok) {
        await this.stop()
        return fail(added.error)
      }
    }
    const captures = join(this.#folder, CAPTURES)
    await mkdir(captures, { recursive: true })
    await this.#captures(captures)
    this.#watch = setInterval(() => void this.endUnread(), 30_000)
    this.#watch.unref()
    return ok(undefined)
  }
}
