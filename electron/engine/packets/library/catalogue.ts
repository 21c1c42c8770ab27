/**
 * What the library knows of every file: a line of JSON each, the last one of a path counts. Lines are appended, and the file is
 * written anew when most of it is past. What cannot be read is left out: those files are looked at again.
 */
import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { z } from 'zod'

/**
 * `new` nothing was looked at · `waiting` a capture, to be indexed · `indexed` · `dropped` its index went for the budget · `other` no
 * capture · `failed` it cannot be read.
 */
const Entry = z.object({
  path: z.string(),
  folder: z.string(),
  /** Device and inode. */
  id: z.string(),
  size: z.number(),
  /** Milliseconds since 1970, of the content and of the inode. */
  modified: z.number(),
  changed: z.number(),
  state: z.enum(['new', 'waiting', 'indexed', 'dropped', 'other', 'failed']),
  /** Seconds since 1970: of the first packet, and as far as is known of the last. Null where it is not known. */
  first: z.number().nullable(),
  last: z.number().nullable(),
  /** File name of the summary, its bytes, and the capture's bytes when it was made. */
  summary: z
    .string()
    .regex(/^[0-9a-f]{32}\.flows$/)
    .nullable(),
  summaryBytes: z.number(),
  summarySize: z.number(),
  summaryMade: z.number(),
  flows: z.number(),
  problem: z.string().nullable(),
})
export type Entry = z.infer<typeof Entry>
const Line = z.union([Entry, z.object({ path: z.string(), gone: z.literal(true) })])

/** Lines beyond those that count, after which the file is written anew. */
const SLACK = 10_000

export class Catalogue {
  readonly #path: string
  readonly #entries = new Map<string, Entry>()
  #lines = 0
  #unsaved = new Set<string>()
  #sorted: readonly Entry[] | null = null

  constructor(path: string) {
    this.#path = path
    let text = ''
    try {
      text = readFileSync(path, 'utf8')
    } catch {
      // None yet.
    }
    for (const line of text.split('\n')) {
      if (line === '') continue
      this.#lines++
      let value: unknown
      try {
        value = JSON.parse(line)
      } catch {
        continue
      }
      const parsed = Line.safeParse(value)
      if (!parsed.success) continue
      if ('gone' in parsed.data) this.#entries.delete(parsed.data.path)
      else this.#entries.set(parsed.data.path, parsed.data)
    }
    // The last line may have been cut off in the middle.
    if (text !== '' && !text.endsWith('\n')) this.#rewrite()
  }

  get(path: string): Entry | undefined {
    return this.#entries.get(path)
  }
  values(): IterableIterator<Entry> {
    return this.#entries.values()
  }

  /** An entry is new or has changed. */
  set(entry: Entry): void {
    this.#entries.set(entry.path, entry)
    this.#touch(entry.path)
  }
  delete(path: string): void {
    this.#entries.delete(path)
    this.#touch(path)
  }
  #touch(path: string): void {
    this.#unsaved.add(path)
    this.#sorted = null
  }

  /** In order of time; those whose time is not known come last. */
  get sorted(): readonly Entry[] {
    return (this.#sorted ??= [...this.#entries.values()].sort(
      (a, b) => (a.first ?? Infinity) - (b.first ?? Infinity) || (a.path < b.path ? -1 : 1),
    ))
  }

  /** Writes what has changed. Throws the file system's error. */
  save(): void {
    if (this.#unsaved.size === 0) return
    if (this.#lines + this.#unsaved.size > 2 * this.#entries.size + SLACK) return this.#rewrite()
    const lines = [...this.#unsaved].map((path) => JSON.stringify(this.#entries.get(path) ?? { path, gone: true }))
    appendFileSync(this.#path, `${lines.join('\n')}\n`, { mode: 0o600 })
    this.#lines += lines.length
    this.#unsaved = new Set()
  }

  #rewrite(): void {
    const part = `${this.#path}.part`
    writeFileSync(part, [...this.#entries.values()].map((entry) => `${JSON.stringify(entry)}\n`).join(''), { mode: 0o600 })
    renameSync(part, this.#path)
    this.#lines = this.#entries.size
    this.#unsaved = new Set()
  }
}
