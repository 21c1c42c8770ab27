/**
 * Passwords and shared secrets of channels: a file of its own that only the desk's user may read, apart from the desk's database, which is
 * copied and exported.
 */
import { chmod, readFile, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import { writeWhole } from '../write-whole.ts'

const FILE = 'notify-secrets.json'
const MOST_BYTES = 1 << 20
const SecretFile = z.object({ version: z.literal(1), secrets: z.record(z.string().max(64), z.string().max(1024)) })

export class NotifySecrets {
  readonly #path: string
  readonly #now: () => number
  #secrets: Map<string, string> = new Map()
  /** Why the file could not be read. */
  #problem: string | null = null
  #saving: Promise<unknown> = Promise.resolve()

  constructor(dataDir: string, now: () => number = Date.now) {
    this.#path = join(dataDir, FILE)
    this.#now = now
  }

  /** Reads the file, and takes away what others may do with it. A file that cannot be read is a problem, not an end. */
  async load(): Promise<void> {
    try {
      const found = await stat(this.#path)
      if (found.size > MOST_BYTES) throw new Error(`larger than ${MOST_BYTES} bytes`)
      if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) await chmod(this.#path, 0o600)
      const parsed = SecretFile.safeParse(JSON.parse(await readFile(this.#path, 'utf8')))
      if (!parsed.success) throw new Error('not the file that this version writes')
      this.#secrets = new Map(Object.entries(parsed.data.secrets))
      this.#problem = null
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return
      // What JSON.parse says quotes the text.
      this.#problem = error instanceof SyntaxError ? 'not JSON' : error instanceof Error ? error.message : String(error)
    }
  }

  get problem(): string | null {
    return this.#problem
  }

  has(channel: string): boolean {
    return this.#secrets.has(channel)
  }

  get(channel: string): string | null {
    return this.#secrets.get(channel) ?? null
  }

  /** Null forgets it. A file that could not be read is put aside first. Errors: `internal` where the file cannot be written. */
  set(channel: string, secret: string | null): Promise<Result<null>> {
    const done = this.#saving.then(() => this.#set(channel, secret))
    this.#saving = done
    return done
  }

  async #set(channel: string, secret: string | null): Promise<Result<null>> {
    const secrets = new Map(this.#secrets)
    if (secret === null) {
      if (!secrets.delete(channel)) return ok(null)
    } else secrets.set(channel, secret)
    try {
      if (this.#problem !== null) await rename(this.#path, `${this.#path}.unreadable-${this.#now()}`)
      this.#problem = null
      await writeWhole(this.#path, `${JSON.stringify({ version: 1, secrets: Object.fromEntries(secrets) })}\n`)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
      return fail({ code: 'internal', message: `The password cannot be kept: ${code}.`, correlationId: 'notify-secrets' })
    }
    this.#secrets = secrets
    return ok(null)
  }
}
