/**
 * What was read from each rule file, by its path and content: loading again parses only what changed. Can be kept in a file,
 * so that a start with thousands of rules does not parse them all.
 */
import { statSync } from 'node:fs'
import { open, readFile, rename, rm } from 'node:fs/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { ReadRule } from './read-rule.ts'

/** Fewer files are read sooner than the cache is. */
const WORTH_KEEPING = 200
const MAX_CACHE = 256 * 1024 * 1024
const SLICE = 15

/** Holds what the last load needed and nothing else. */
export class RuleCache {
  #known = new Map<string, readonly ReadRule[]>()
  #next = new Map<string, readonly ReadRule[]>()
  #fresh = false

  get(key: string): readonly ReadRule[] | undefined {
    const found = this.#known.get(key)
    if (found !== undefined) this.#next.set(key, found)
    return found
  }

  set(key: string, rules: readonly ReadRule[]): void {
    this.#fresh = true
    this.#next.set(key, rules)
  }

  /** A load is over: forgets what it did not use. */
  turn(): void {
    this.#known = this.#next
    this.#next = new Map()
  }

  /** Takes in what `save` wrote. A file that is missing, damaged, or from another version of the program is ignored. */
  async restore(file: string): Promise<void> {
    try {
      const text = await readFile(file, 'utf8')
      const lines = text.split('\n')
      if (lines[0] !== version()) return
      let since = performance.now()
      for (let i = 1; i < lines.length - 1; i++) {
        const [key, rules] = JSON.parse(lines[i]!) as [string, readonly ReadRule[]]
        this.#known.set(key, rules)
        if (performance.now() - since > SLICE) {
          await nextTurn()
          since = performance.now()
        }
      }
    } catch {
      this.#known.clear()
    }
  }

  /** Writes what is known, where it changed since. Failing is no harm. */
  async save(file: string): Promise<void> {
    if (!this.#fresh || this.#known.size < WORTH_KEEPING) return
    const draft = `${file}.${process.pid}.new`
    try {
      const handle = await open(draft, 'w')
      try {
        let size = 0
        let part = `${version()}\n`
        for (const entry of this.#known) {
          part += `${JSON.stringify(entry)}\n`
          if (part.length < 256 * 1024) continue
          size += part.length
          if (size > MAX_CACHE) return
          await handle.write(part)
          part = ''
        }
        await handle.write(part)
      } finally {
        await handle.close()
      }
      await rename(draft, file)
      this.#fresh = false
    } catch {
      // The next start parses again.
    } finally {
      await rm(draft, { force: true }).catch(() => undefined)
    }
  }
}

/** Another build of the program may read rules otherwise. */
function version(): string {
  const { size, mtimeMs } = statSync(fileURLToPath(import.meta.url))
  return `watchfloor rules ${size} ${mtimeMs}`
}
