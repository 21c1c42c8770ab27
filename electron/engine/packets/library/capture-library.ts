/** The capture library as the engine sees it: a thread that is started once there is a folder. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { LibraryFolder, LibraryHit } from '../../../../shared/model/capture.ts'
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import { engineFile } from '../../paths.ts'
import { PendingCalls } from '../../store/worker-calls.ts'
import type { FindsCaptures } from '../links/packet-links.ts'
import { communityWords, hostOf, type Host } from './keys.ts'
import type { FromLibrary, LibraryCall, LibraryCalls, LibraryStart, ToLibrary } from './library-calls.ts'
import { FOLDERS_FILE, readFolders, type WatchedFolder } from './library-folders.ts'

/** V8's heap of the thread; tables of flows lie outside it, and are bounded by their own. */
const HEAP_MB = 384
const ENDED = 'The thread of the capture library ended unexpectedly.'

export interface LibrarySearch {
  /** Addresses as text; none, one, or both ends. */
  readonly hosts: readonly string[]
  readonly port: number | null
  readonly communityId: string | null
  /** Seconds since 1970, half-open; null is open. */
  readonly from: number | null
  readonly to: number | null
  readonly limit: number
}

export class CaptureLibrary implements FindsCaptures {
  readonly #folder: string
  readonly #listeners = new Set<() => void>()
  readonly #calls = new PendingCalls()
  #worker: Worker | null = null
  #folders: readonly LibraryFolder[] = []
  #closing = false

  /** Keeps what it knows in the data folder's `library`. */
  constructor(dataDir: string) {
    this.#folder = join(dataDir, 'library')
    const folders = readFolders(join(this.#folder, FOLDERS_FILE))
    this.#folders = folders.map(unknown)
    if (folders.length > 0) this.#thread()
  }

  get folders(): readonly LibraryFolder[] {
    return this.#folders
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  #tell(): void {
    for (const listener of this.#listeners) listener()
  }

  #thread(): Worker {
    if (this.#worker !== null) return this.#worker
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
    const worker = new Worker(engineFile('library.worker'), {
      workerData: { folder: this.#folder } satisfies LibraryStart,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    })
    worker.on('message', (message: FromLibrary) => {
      if (message.kind === 'done') return this.#calls.settle(message.id, message.result)
      this.#folders = message.folders
      return this.#tell()
    })
    worker.on('error', (error) =>
      process.stderr.write(`packets: the library's thread failed: ${error instanceof Error ? error.stack : String(error)}\n`),
    )
    worker.on('exit', () => {
      this.#worker = null
      this.#calls.failAll(ENDED)
      if (this.#closing) return
      // The next question starts another one.
      this.#folders = this.#folders.map((folder) => ({ ...folder, problem: ENDED }))
      this.#tell()
    })
    this.#worker = worker
    return worker
  }

  #call<N extends LibraryCall>(name: N, input: LibraryCalls[N][0]): Promise<Result<LibraryCalls[N][1]>> {
    const worker = this.#thread()
    return this.#calls.start<LibraryCalls[N][1]>((id) =>
      worker.postMessage({ kind: 'call', id, name, input } as Extract<ToLibrary, { kind: 'call' }>),
    ).result
  }

  /** Adds a folder, or gives one that is there another budget. */
  add(folder: WatchedFolder): Promise<Result<LibraryFolder>> {
    return this.#call('add', folder)
  }

  remove(path: string): Promise<Result<object>> {
    return this.#call('remove', { path })
  }

  /** Captures with flows that fit all that is asked, oldest first. */
  async search({
    hosts,
    communityId,
    ...asked
  }: LibrarySearch): Promise<Result<{ hits: LibraryHit[]; notIndexed: number; truncated: boolean }>> {
    const known: Host[] = []
    for (const text of hosts) {
      const host = hostOf(text.trim())
      if (host === null) return fail({ code: 'invalid_input', message: `“${text}” is no address.`, path: 'hosts' })
      known.push(host)
    }
    const community = communityId === null ? null : communityWords(communityId.trim())
    if (communityId !== null && community === null)
      return fail({ code: 'invalid_input', message: `“${communityId}” is no Community ID.`, path: 'communityId' })
    if (this.#folders.length === 0) return ok({ hits: [], notIndexed: 0, truncated: false })
    return await this.#call('search', { ...asked, hosts: known, community })
  }

  /** Captures in which packets of a record may be, best first. What is no address is left out. */
  async find(asked: {
    readonly hosts: readonly string[]
    readonly communityId: string | null
    readonly from: number
    readonly to: number
  }): Promise<{ paths: readonly string[]; notIndexed: number }> {
    if (this.#folders.length === 0) return NOTHING
    const { from, to, communityId } = asked
    const hosts = asked.hosts.flatMap((text) => hostOf(text) ?? []).slice(0, 2)
    const community = communityId === null ? null : communityWords(communityId)
    const found = await this.#call('find', { hosts, community, from, to })
    return found.ok ? found.value : NOTHING
  }

  /** Captures of this time, the newest first, whoever is in them: for what has grown since it was looked at. */
  async ofTime(from: number, to: number): Promise<readonly string[]> {
    const found = await this.search({ hosts: [], port: null, communityId: null, from, to, limit: 1000 })
    return found.ok ? found.value.hits.map(({ path }) => path).reverse() : []
  }

  async close(): Promise<void> {
    this.#closing = true
    const worker = this.#worker
    if (worker === null) return
    await new Promise<void>((resolve) => {
      // What it does at the moment is not waited for.
      const late = setTimeout(() => void worker.terminate(), 2000)
      worker.once('exit', () => {
        clearTimeout(late)
        resolve()
      })
      worker.postMessage({ kind: 'close' } satisfies ToLibrary)
    })
  }
}

const NOTHING = { paths: [], notIndexed: 0 }

/** Of a folder that the thread has not looked at yet. */
const unknown = (folder: WatchedFolder): LibraryFolder => ({
  ...folder,
  files: 0,
  bytes: 0,
  indexed: 0,
  first: null,
  last: null,
  problem: null,
})
