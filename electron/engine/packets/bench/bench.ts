/** The packet bench: the captures that are open, each with its thread, and the dissectors they share. */
import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import type { Capture } from '../../../../shared/model/capture.ts'
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import { reasonOf } from '../../ingest/read-problem.ts'
import { Dissector } from '../dissect/dissector.ts'
import { FieldNames } from '../dissect/field-names.ts'
import { CaptureThread, startThread } from './capture-thread.ts'
import { RecentCaptures } from './recent-captures.ts'

/** Captures that are open at once; the one that was used longest ago is closed. */
const MOST_OPEN = 6

export class PacketBench {
  readonly dataDir: string
  readonly recent: RecentCaptures
  /** For what somebody looks at. */
  readonly dissector = new Dissector()
  /** For filters over whole captures, which must not hold up the others. */
  readonly filterDissector = new Dissector()
  readonly fieldNames = new FieldNames(this.dissector)
  readonly #open = new Map<string, CaptureThread>()
  #opening: Promise<unknown> = Promise.resolve()
  #spare: Worker | null = null
  #closed = false

  constructor(dataDir: string) {
    this.dataDir = dataDir
    this.recent = new RecentCaptures(join(dataDir, 'captures'))
  }

  /** Makes the next capture's thread ready. */
  prepare(): void {
    if (this.#spare !== null || this.#closed) return
    const spare = startThread()
    // It must not keep a program alive that has nothing else to do.
    spare.unref()
    spare.once('exit', () => {
      if (this.#spare === spare) this.#spare = null
    })
    this.#spare = spare
  }

  get open(): readonly Capture[] {
    return [...this.#open.values()].flatMap(({ capture, gone }) => (capture === null || gone ? [] : [capture]))
  }

  /** Opens files as one capture, merged by time; the same ones again are the same capture. */
  openFiles(paths: readonly string[]): Promise<Result<Capture>> {
    // One after the other: two calls for the same files must meet.
    const opened = this.#opening.then(() => this.#openFiles(paths))
    this.#opening = opened.catch(() => undefined)
    return opened
  }

  async #openFiles(paths: readonly string[]): Promise<Result<Capture>> {
    const identity = await identityOf(paths)
    if (!identity.ok) return identity
    const { id, bytes } = identity.value
    const known = this.#open.get(id)
    if (known !== undefined && !known.gone) {
      const first = await known.opened
      // What is known of it now, not when it was opened.
      return first.ok && known.capture !== null ? ok(known.capture) : first
    }
    await this.#makeRoom()
    const thread = new CaptureThread({ id, folder: join(this.recent.folder, id), paths }, this.#spare ?? undefined)
    this.#spare = null
    this.#open.set(id, thread)
    const result = await thread.opened
    if (!result.ok) {
      this.#open.delete(id)
      return result
    }
    this.dissector.warm()
    const note = (): void => {
      const { capture } = thread
      if (capture === null || capture.state === 'indexing') return
      remove()
      this.recent.note({ id, paths: [...paths], opened: new Date().toISOString(), packets: capture.packets, bytes })
    }
    const remove = thread.onChange(note)
    note()
    // Not before: it would add its memory when this one needs most.
    const ready = (): void => {
      if (!thread.gone && (thread.capture?.state === 'indexing' || thread.capture?.state === 'reading')) return
      unready()
      this.prepare()
    }
    const unready = thread.onChange(ready)
    ready()
    return result
  }

  async #makeRoom(): Promise<void> {
    for (const [id, { gone }] of this.#open) if (gone) this.#open.delete(id)
    while (this.#open.size >= MOST_OPEN) {
      let oldest: [string, CaptureThread] | null = null
      for (const entry of this.#open) if (oldest === null || entry[1].used < oldest[1].used) oldest = entry
      if (oldest === null) return
      this.#open.delete(oldest[0])
      await oldest[1].close()
    }
  }

  thread(id: string): Result<CaptureThread> {
    const thread = this.#open.get(id)
    return thread === undefined || thread.gone
      ? fail({ code: 'not_found', message: 'The capture is not open any more.' })
      : ok(thread)
  }

  async closeCapture(id: string): Promise<void> {
    const thread = this.#open.get(id)
    this.#open.delete(id)
    await thread?.close()
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#spare?.terminate()
    this.dissector.close()
    this.filterDissector.close()
    await Promise.all([...this.#open.values()].map((thread) => thread.close()))
    this.#open.clear()
  }
}

/** Files are known by path, size, inode and time of change: what was written to is another capture. */
export async function identityOf(paths: readonly string[]): Promise<Result<{ readonly id: string; readonly bytes: number }>> {
  const hash = createHash('sha256')
  let bytes = 0
  for (const path of paths) {
    if (!isAbsolute(path) || path.includes('\0'))
      return fail({ code: 'invalid_input', message: 'The path of a capture must be absolute.', path: 'paths' })
    try {
      const { size, mtimeNs, ino, dev } = await stat(path, { bigint: true })
      bytes += Number(size)
      hash.update(`${path}\0${size} ${mtimeNs} ${dev}:${ino}\n`)
    } catch (error) {
      return fail({ code: 'not_found', message: `${path}: ${reasonOf(error)}` })
    }
  }
  return ok({ id: hash.digest('hex').slice(0, 32), bytes })
}
