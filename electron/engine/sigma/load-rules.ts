/** Folders of rule files → rules and problems. One bad rule never stops the rest. */
import { createHash } from 'node:crypto'
import { lstat, readdir, readFile, realpath, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { readRule, type Problem, type ReadRule } from './read-rule.ts'
import { RuleCache } from './rule-cache.ts'
import type { LoadedRules, SigmaRule } from './types.ts'
import { MAX_FILE, splitDocuments } from './yaml-source.ts'

export interface RuleFolderPath {
  readonly path: string
  readonly builtin: boolean
}

export interface FolderCount {
  readonly path: string
  readonly rules: number
  /** Documents that should have been rules and are not. */
  readonly failed: number
}

export interface Loaded extends LoadedRules {
  readonly problems: readonly Problem[]
  readonly folders: readonly FolderCount[]
  readonly failed: number
}

const MAX_FILES = 50_000
const MAX_DEPTH = 32
/** Rules are parsed for so many milliseconds, then others have their turn. */
const SLICE = 15

/**
 * Loads every `*.yml` and `*.yaml` below the folders, in order of folders and names. Of two rules with one id the first
 * stays. Gives way to other work every few milliseconds. Never rejects.
 */
export async function loadRules(folders: readonly RuleFolderPath[], cache = new RuleCache()): Promise<Loaded> {
  const rules: SigmaRule[] = []
  const problems: Problem[] = []
  const counts: FolderCount[] = []
  const byId = new Map<string, SigmaRule>()
  const seen = new Set<string>()
  let since = performance.now()
  for (const { path } of folders) {
    const folder = resolve(path)
    const before = rules.length
    let failed = 0
    const failing = (problem: Omit<Problem, 'fatal'>) => {
      problems.push({ ...problem, fatal: true })
      failed++
    }
    const files = ruleFiles(folder, (at, message) => failing({ file: at, line: 0, column: 0, message }))
    for await (const { file, real, content } of readAhead(files)) {
      const bytes = await content
      if (seen.has(real)) continue
      seen.add(real)
      const read = typeof bytes === 'string' ? bytes : await rulesOf(file, bytes, folder, cache)
      if (typeof read === 'string') failing({ file, line: 0, column: 0, message: read })
      else
        for (const { rule, problems: found } of read) {
          problems.push(...found)
          if (rule === null) {
            if (found.some((problem) => problem.fatal)) failed++
            continue
          }
          const other = byId.get(rule.id)
          if (other !== undefined) {
            failing({
              file,
              line: 1,
              column: 1,
              message: `the id ${rule.id} belongs to a rule in ${other.file} already; that one is used`,
            })
            continue
          }
          byId.set(rule.id, rule)
          rules.push(rule)
        }
      if (performance.now() - since > SLICE) {
        await nextTurn()
        since = performance.now()
      }
    }
    counts.push({ path: folder, rules: rules.length - before, failed })
  }
  cache.turn()
  return { rules, problems, folders: counts, failed: counts.reduce((sum, { failed }) => sum + failed, 0) }
}

interface RuleFile {
  readonly file: string
  /** The same file has the same one, by whatever link it was found. */
  readonly real: string
}
interface ReadingFile extends RuleFile {
  /** Its bytes, or why there are none. */
  readonly content: Promise<Buffer | string>
}

/** So many files are being read at a time. */
const READING = 16

/** Begins to read files before it is their turn. */
async function* readAhead(files: AsyncIterable<RuleFile>): AsyncGenerator<ReadingFile> {
  const reading: ReadingFile[] = []
  for await (const { file, real } of files) {
    reading.push({ file, real, content: readBytes(file) })
    if (reading.length >= READING) yield reading.shift()!
  }
  yield* reading
}

async function readBytes(file: string): Promise<Buffer | string> {
  const tooLong = `the file is longer than ${MAX_FILE} bytes`
  try {
    const info = await stat(file)
    if (!info.isFile()) return 'is no file'
    if (info.size > MAX_FILE) return tooLong
    const bytes = await readFile(file)
    return bytes.length > MAX_FILE ? tooLong : bytes
  } catch (error) {
    return `cannot be read: ${error instanceof Error ? error.message : String(error)}`
  }
}

async function rulesOf(file: string, bytes: Buffer, folder: string, cache: RuleCache): Promise<readonly ReadRule[]> {
  const key = `${file}\0${createHash('sha1').update(bytes).digest('base64')}`
  const known = cache.get(key)
  if (known !== undefined) return known
  const text = bytes
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .replaceAll('\r\n', '\n')
  const read: ReadRule[] = []
  let since = performance.now()
  for (const document of splitDocuments(text)) {
    read.push(readRule(document, file, folder))
    if (performance.now() - since > SLICE) {
      await nextTurn()
      since = performance.now()
    }
  }
  cache.set(key, read)
  return read
}

/** Examples beside a rule are no rules. */
const isRuleFile = (name: string): boolean => /\.ya?ml$/i.test(name) && !/\.examples\.ya?ml$/i.test(name)

/** In order of names; hidden folders and links to folders are left out. A folder may also be one file. */
async function* ruleFiles(folder: string, failing: (path: string, message: string) => void): AsyncGenerator<RuleFile> {
  const realFolder = await realpath(folder).catch(() => folder)
  let files = 0
  async function* walk(path: string, depth: number): AsyncGenerator<RuleFile> {
    let entries
    try {
      entries = await readdir(path, { withFileTypes: true })
    } catch (error) {
      failing(path, `cannot be read: ${error instanceof Error ? error.message : String(error)}`)
      return
    }
    entries.sort((a, b) => (a.name < b.name ? -1 : 1))
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue
      const inner = join(path, entry.name)
      if (entry.isDirectory()) {
        if (depth < MAX_DEPTH) yield* walk(inner, depth + 1)
      } else if (isRuleFile(entry.name) && (entry.isFile() || entry.isSymbolicLink())) {
        if (++files > MAX_FILES) {
          failing(folder, `more than ${MAX_FILES} rule files; the rest is left out`)
          return
        }
        const real = entry.isSymbolicLink() ? await realpath(inner).catch(() => inner) : realFolder + inner.slice(folder.length)
        yield { file: inner, real }
      }
    }
  }
  const info = await lstat(folder).catch(() => null)
  if (info?.isFile() === true && isRuleFile(basename(folder))) yield { file: folder, real: realFolder }
  else yield* walk(folder, 0)
}
