/** A capture's files through both passes into its index. Yields to other work after every batch. */
import { createHash } from 'node:crypto'
import { openSync, readSync, closeSync } from 'node:fs'
import { reasonOf } from '../../ingest/read-problem.ts'
import { openContent, type Content } from '../capture/content.ts'
import { Merge, type MergeFile, type Run } from '../capture/merge.ts'
import { PacketSource } from '../capture/packet-source.ts'
import { expandedPath, type CaptureIndex } from '../index/capture-index.ts'
import { HeaderPass } from '../index/header-pass.ts'
import { MessagePass } from '../index/message-pass.ts'

/** What merged files are read in; one file alone is read in larger stretches. */
const MERGED_STRETCH = 1 << 20
const MERGED_BATCH = 4096
const MOST_COMMENTS = 10_000
/**
 * Large memory begins a few bytes behind a page's begin. Copying whole pages of a file to such a place is five times slower on some
 * processors than to one further behind it: stores are taken for what the next loads read (4 KiB aliasing).
 */
const ASIDE = 1024

export interface ReadingState {
  phase: 'indexing' | 'reading' | 'ready' | 'stopped' | 'failed'
  problem: string | null
  /** Of this phase. */
  bytes: number
  of: number
  /** Packets a second in this phase. */
  rate: number
  secondsLeft: number | null
}

/** Where a file's uncompressed bytes are. */
export const contentPath = (folder: string, file: number, path: string, compressed: boolean): string =>
  compressed ? expandedPath(folder, file) : path

export class CaptureReading {
  readonly state: ReadingState = { phase: 'indexing', problem: null, bytes: 0, of: 0, rate: 0, secondsLeft: null }
  /** All headers are read, or no more will be. */
  readonly indexed: Promise<void>
  #whenIndexed: () => void = () => undefined
  readonly #index: CaptureIndex
  readonly #paths: readonly string[]
  readonly #changed: () => void
  #stopping = false
  readonly #sources = new Map<number, PacketSource>()
  readonly #expanded = new Map<number, Content>()
  readonly #opened: Content[] = []
  readonly #interfaces: number[][] = []
  /** Remarks of each file that were gone through. */
  readonly #remarked = new Map<number, number>()

  constructor(index: CaptureIndex, paths: readonly string[], changed: () => void) {
    this.#index = index
    this.#paths = paths
    this.#changed = changed
    this.indexed = new Promise((resolve) => (this.#whenIndexed = resolve))
  }

  /** What was read stays. */
  stop(): void {
    this.#stopping = true
  }

  /** Looks at the files: false, with `state.problem`, where one is no capture. Afterwards `run` reads them. */
  async begin(): Promise<boolean> {
    const { known } = this.#index
    for (const [file, path] of this.#paths.entries()) {
      try {
        const content = this.#content(file)
        const source = new PacketSource(content, 1 << 16, 1)
        try {
          if (!(await source.begin())) {
            this.#fail(`${path}: no capture file`)
            return false
          }
          known.files.push({
            path,
            size: content.size,
            format: source.format,
            compression: content.compression,
            packets: 0,
            error: null,
            sha256: null,
          })
        } finally {
          source.close()
        }
      } catch (error) {
        this.#fail(`${path}: ${reasonOf(error)}`)
        return false
      }
    }
    this.state.of = known.files.reduce((sum, { size }) => sum + size, 0)
    return true
  }

  #fail(problem: string): void {
    this.state.phase = 'failed'
    this.state.problem = problem
  }

  /** Where nothing will be read after all. */
  close(): void {
    for (const content of this.#opened) content.close()
  }

  async run(): Promise<void> {
    try {
      const { columns, flows, stacks, known } = this.#index
      const headers = new HeaderPass(columns, flows, stacks, (file, iface) => this.#interfaceOf(file, iface), known.totals)
      await this.#pass((run) => {
        const first = columns.length
        headers.take(run)
        this.#comments(run, first)
        known.files[run.file]!.packets += run.to - run.from
      })
      for (const [protocol, count] of headers.outermost.entries()) if (count > 0) known.outermost.set(protocol, count)
      this.#told()
      columns.flush()
      flows.seal()
      this.#whenIndexed()
      if (this.#stopping) return this.#stopped()
      this.state.phase = 'reading'
      const messages = new MessagePass(this.#index)
      await this.#pass((run) => messages.take(run))
      messages.end()
      if (this.#stopping) return this.#stopped()
      for (const [file, path] of this.#paths.entries()) known.files[file]!.sha256 = await this.#hash(path)
      if (this.#stopping) return this.#stopped()
      this.state.phase = 'ready'
      this.#index.save()
    } catch (error) {
      this.#fail(reasonOf(error))
    } finally {
      this.#whenIndexed()
      this.close()
      this.state.secondsLeft = null
      this.state.rate = 0
      this.#changed()
    }
  }

  #stopped(): void {
    this.state.phase = 'stopped'
  }

  /** All packets in order, in runs. */
  async #pass(take: (run: Run) => void): Promise<void> {
    const { state } = this
    const began = performance.now()
    let packets = 0
    let told = 0
    state.bytes = 0
    const merge = new Merge(await this.#files())
    try {
      for (;;) {
        let run = merge.next()
        if (run instanceof Promise) run = await run
        if (run === null || this.#stopping) break
        take(run)
        packets += run.to - run.from
        const now = performance.now()
        // Other work comes in between, but a call of its own for every batch would cost more than the batch.
        if (now - told < 8) continue
        told = now
        state.bytes = this.#done()
        const seconds = (now - began) / 1000
        state.rate = seconds > 0 ? packets / seconds : 0
        state.secondsLeft = state.bytes > 0 && seconds > 0.5 ? ((state.of - state.bytes) * seconds) / state.bytes : null
        this.#changed()
        await new Promise((resolve) => setImmediate(resolve))
      }
    } finally {
      state.bytes = this.#done()
      for (const source of this.#sources.values()) source.close()
    }
  }

  #done(): number {
    let done = 0
    for (const source of this.#sources.values()) done += source.content.done
    return Math.min(this.state.of, done)
  }

  /** The files, in the order in which they were named, with the time of their first packet. */
  async #files(): Promise<MergeFile[]> {
    this.#sources.clear()
    const single = this.#paths.length === 1
    const files: MergeFile[] = []
    for (const file of this.#paths.keys()) {
      const first = single ? -Infinity : await this.#firstTime(file)
      files.push({
        first,
        open: async () => {
          const source = single
            ? new PacketSource(this.#content(file))
            : new PacketSource(this.#content(file), MERGED_STRETCH, MERGED_BATCH)
          await source.begin()
          this.#sources.set(file, source)
          return source
        },
      })
    }
    return files
  }

  /** A compressed file is expanded once, for all who read it. */
  #content(file: number): Content {
    const known = this.#expanded.get(file)
    if (known !== undefined) return known
    const content = openContent(this.#paths[file]!, expandedPath(this.#index.folder, file))
    if (content.compression === null) return content
    const shared: Content = {
      size: content.size,
      compression: content.compression,
      get done() {
        return content.done
      },
      get problem() {
        return content.problem
      },
      read: (into, offset, length, position) => content.read(into, offset, length, position),
      close: () => undefined,
    }
    this.#expanded.set(file, shared)
    this.#opened.push(content)
    return shared
  }

  async #firstTime(file: number): Promise<number> {
    const source = new PacketSource(this.#content(file), 1 << 16, 1)
    try {
      if (!(await source.begin()) || !(await source.next())) return -Infinity
      const seconds = source.batch.seconds[0]!
      return Number.isNaN(seconds) ? -Infinity : seconds + source.batch.nanos[0]! / 1e9
    } finally {
      source.close()
    }
  }

  /** Interfaces come as their blocks are read. */
  #interfaceOf(file: number, iface: number): number {
    const of = (this.#interfaces[file] ??= [])
    const known = of[iface]
    if (known !== undefined) return known
    const { interfaces } = this.#index.known
    const number = Math.min(interfaces.length, 0xfffe)
    const described = this.#sources.get(file)?.interfaces[iface]
    if (described !== undefined && interfaces.length < 0xffff) interfaces.push({ ...described, file })
    of[iface] = number
    return number
  }

  /** Comments of a run's packets; `first` is the index of the first of them, which of merged files is not its place in its file. */
  #comments({ file, source, from, to }: Run, first: number): void {
    const { remarks, batch } = source
    let at = this.#remarked.get(file) ?? 0
    if (at === remarks.length) return
    const { packetComments } = this.#index.known
    for (; at < remarks.length; at++) {
      const { kind, packet, text } = remarks[at]!
      if (kind !== 'comment' || packet === null) continue
      const within = packet - batch.first
      if (within >= to) break
      const number = first + within - from + 1
      const known = packetComments.get(number)
      if (known !== undefined) known.push(text)
      else if (packetComments.size < MOST_COMMENTS) packetComments.set(number, [text])
    }
    this.#remarked.set(file, at)
  }

  /** What the files said beside their packets, after the first pass. */
  #told(): void {
    const { known } = this.#index
    for (const [file, source] of this.#sources) {
      known.files[file]!.error = source.stopped
      for (const iface of source.interfaces.keys()) this.#interfaceOf(file, iface)
      for (const { kind, packet, about, text } of source.remarks) {
        if (kind === 'secret') {
          if (about === 'TLSK') known.secrets.push(...text.split(/\r?\n/).filter(Boolean))
        } else if (kind === 'name') {
          if (known.names.size < MOST_COMMENTS) known.names.set(about, text)
        } else if (packet === null && known.comments.length < MOST_COMMENTS) known.comments.push(text)
      }
    }
  }

  /** SHA-256 of a file as it lies on disk. */
  async #hash(path: string): Promise<string | null> {
    const hash = createHash('sha256')
    const fd = openSync(path, 'r')
    try {
      const buffer = new Uint8Array((1 << 20) + ASIDE).subarray(ASIDE)
      for (let at = 0; !this.#stopping;) {
        const read = readSync(fd, buffer, 0, buffer.length, at)
        if (read === 0) return hash.digest('hex')
        hash.update(buffer.subarray(0, read))
        at += read
        if (at % (8 << 20) < read) await new Promise((resolve) => setImmediate(resolve))
      }
      return null
    } finally {
      closeSync(fd)
    }
  }
}
