/**
 * Copies of evidence: `<data>/evidence/<incident>/<sha256>`, read-only, never changed and never deleted. A copy is written beside its
 * place below a hidden name, hashed on the way, brought to the disk, and only then takes its name: it is there whole or not at all.
 */
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import { IncidentNumber } from '../../../shared/model/incident.ts'
import { reasonOf } from '../ingest/read-problem.ts'

/** Bytes that are hashed before others have their turn: a part of a millisecond. */
const PIECE = 256 * 1024
const DRAFT = '.draft-'
const HASH = /^[0-9a-f]{64}$/

export interface Sealed {
  readonly sha256: string
  readonly bytes: number
}
export type CopyState = 'sealed' | 'missing' | 'altered'

/** A copy that is being written. Bytes are given one after the other. */
export class DraftCopy {
  readonly #file: FileHandle
  readonly #path: string
  readonly #folder: string
  readonly #hash = createHash('sha256')
  /** The first bytes, which tell what it is. */
  head: Uint8Array = new Uint8Array()
  bytes = 0

  constructor(file: FileHandle, path: string, folder: string) {
    this.#file = file
    this.#path = path
    this.#folder = folder
  }

  async write(piece: Uint8Array): Promise<void> {
    if (this.head.length < 64) this.head = Buffer.concat([this.head, piece.subarray(0, 64 - this.head.length)])
    for (let at = 0; at < piece.length;) at += (await this.#file.write(piece, at)).bytesWritten
    this.#hash.update(piece)
    this.bytes += piece.length
  }

  async seal(): Promise<Sealed> {
    const sha256 = this.#hash.digest('hex')
    try {
      await this.#file.chmod(0o400)
      await this.#file.sync()
    } finally {
      await this.#file.close()
    }
    // The same content is the same copy. One that does not hold what its name says is no such copy: this one takes its place.
    const place = join(this.#folder, sha256)
    if ((await stateOf(place, sha256)) === 'sealed') await rm(this.#path, { force: true })
    else await rename(this.#path, place)
    await syncFolder(this.#folder)
    return { sha256, bytes: this.bytes }
  }

  async drop(): Promise<void> {
    await this.#file.close().catch(() => undefined)
    await rm(this.#path, { force: true })
  }
}

export class EvidenceVault {
  readonly #folder: string
  /** Where what is given out goes, unless somebody says where. */
  readonly exports: string

  constructor(dataDir: string) {
    this.#folder = join(dataDir, 'evidence')
    this.exports = join(dataDir, 'exports')
  }

  folder(number: string): string {
    return join(this.#folder, IncidentNumber.parse(number))
  }
  /** Where the copy is. Throws where it is no hash: nothing else becomes a path. */
  place(number: string, sha256: string): string {
    if (!HASH.test(sha256)) throw new Error('a copy without a hash')
    return join(this.folder(number), sha256)
  }
  /** A new name in the incident's folder for what others write. Whoever asks takes it away. */
  async draftPath(number: string): Promise<string> {
    const folder = this.folder(number)
    await mkdir(folder, { recursive: true, mode: 0o700 })
    return join(folder, `${DRAFT}${randomUUID()}`)
  }

  async draft(number: string): Promise<DraftCopy> {
    const path = await this.draftPath(number)
    return new DraftCopy(await open(path, 'wx', 0o600), path, this.folder(number))
  }

  async put(number: string, content: Uint8Array): Promise<Sealed> {
    const copy = await this.draft(number)
    try {
      for (let at = 0; at < content.length; at += PIECE) await copy.write(content.subarray(at, at + PIECE))
      return await copy.seal()
    } catch (error) {
      await copy.drop()
      throw error
    }
  }

  /** Copies a file. Errors: `conflict` where it has more than `most` bytes, `cancelled`. Throws the file system's error. */
  async copyFile(number: string, path: string, most: number, signal: AbortSignal): Promise<Result<Sealed>> {
    const from = await open(path, 'r')
    try {
      const copy = await this.draft(number)
      let refused: Result<never> | null = null
      try {
        for await (const piece of pieces(from)) {
          if (signal.aborted) refused = fail({ code: 'cancelled', message: 'Cancelled.' })
          else if (copy.bytes + piece.length > most)
            refused = fail({ code: 'conflict', message: `An item of evidence has at most ${most} bytes.` })
          if (refused) break
          await copy.write(piece)
        }
        if (!refused) return ok(await copy.seal())
      } catch (error) {
        await copy.drop()
        throw error
      }
      await copy.drop()
      return refused
    } finally {
      await from.close()
    }
  }

  state(number: string, sha256: string, signal?: AbortSignal): Promise<CopyState> {
    return stateOf(this.place(number, sha256), sha256, signal)
  }

  /** Whether a file anywhere is what its hash says. */
  stateOf(path: string, sha256: string, signal?: AbortSignal): Promise<CopyState> {
    return stateOf(path, sha256, signal)
  }

  /** `not_found` where it is not there. */
  async read(number: string, sha256: string, from: number, count: number): Promise<Result<{ bytes: Uint8Array; of: number }>> {
    let file: FileHandle
    try {
      file = await open(this.place(number, sha256), 'r')
    } catch (error) {
      return fail({ code: 'not_found', message: `The copy cannot be read: ${reasonOf(error)}` })
    }
    try {
      const { size } = await file.stat()
      const bytes = Buffer.alloc(Math.max(0, Math.min(count, size - from)))
      let at = 0
      while (at < bytes.length) {
        const { bytesRead } = await file.read(bytes, at, bytes.length - at, from + at)
        if (bytesRead === 0) break
        at += bytesRead
      }
      return ok({ bytes: bytes.subarray(0, at), of: size })
    } finally {
      await file.close()
    }
  }

  /** Makes the copies of another incident its own too. Names one that could not be taken. */
  async take(number: string, from: string, hashes: Iterable<string>): Promise<void> {
    for (const sha256 of new Set(hashes)) {
      if ((await this.state(number, sha256)) === 'sealed') continue
      const path = this.place(from, sha256)
      if ((await this.state(from, sha256)) === 'sealed')
        await this.copyFile(number, path, Number.MAX_SAFE_INTEGER, new AbortController().signal)
    }
  }

  /** Takes away what was being written when the program ended. */
  async sweep(): Promise<void> {
    for (const incident of await readdir(this.#folder).catch(() => [])) {
      if (!IncidentNumber.safeParse(incident).success) continue
      const folder = join(this.#folder, incident)
      for (const name of await readdir(folder).catch(() => []))
        if (name.startsWith(DRAFT)) await rm(join(folder, name), { recursive: true, force: true })
    }
  }
}

async function* pieces(file: FileHandle): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.allocUnsafe(PIECE)
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, PIECE, null)
    if (bytesRead === 0) return
    yield buffer.subarray(0, bytesRead)
  }
}

/** One that cannot be read is missing: nothing is proved by it. */
async function stateOf(path: string, sha256: string, signal?: AbortSignal): Promise<CopyState> {
  let file: FileHandle
  try {
    // What is no file proves nothing, and could be waited for without an end.
    if (!(await stat(path)).isFile()) return 'missing'
    file = await open(path, 'r')
  } catch {
    return 'missing'
  }
  try {
    const hash = createHash('sha256')
    for await (const piece of pieces(file)) {
      signal?.throwIfAborted()
      hash.update(piece)
    }
    return hash.digest('hex') === sha256 ? 'sealed' : 'altered'
  } finally {
    await file.close()
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
