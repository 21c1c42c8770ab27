/** Folders of rule files → rules and problems. One bad rule never stops the rest. */
import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { lstat, readdir, realpath } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { applyFilters } from './apply-filters.ts'
import { parseRules, type RuleText } from './parse-rules.ts'
import { PlaceholderFiller } from './placeholders/fill-placeholders.ts'
import type { Problem, ReadRule } from './read-rule.ts'
import { RuleCache } from './rule-cache.ts'
import type { LoadedRules, SigmaFilter, SigmaRule } from './types.ts'
import type { SigmaScenario } from './scenarios/scenario.ts'
import { MAX_FILE } from './yaml-source.ts'

export interface RuleFolderPath {
  readonly path: string
  readonly builtin: boolean
  /** The desk's own rules: they stand above others with their ids. */
  readonly own?: boolean
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
  /** As they stand in their files; the rules are filtered by them. */
  readonly filters: readonly SigmaFilter[]
  /** Texts of rules that one of the desk's own stands above, by id. */
  readonly covered: ReadonlyMap<string, string>
}

const MAX_FILES = 50_000
const MAX_DEPTH = 32
/** Files are read for so many milliseconds, then others have their turn. */
const SLICE = 15

/**
 * Loads every `*.yml` and `*.yaml` below the folders, in order of folders and names. Of two rules with one id the first
 * stays. Filters narrow the rules of all folders, placeholders are filled from `lists`. Gives way to other work every few milliseconds. Never rejects.
 */
export async function loadRules(
  folders: readonly RuleFolderPath[],
  cache = new RuleCache(),
  lists = new PlaceholderFiller(),
): Promise<Loaded> {
  const found: FoundFile[] = []
  const seen = new Set<string>()
  let since = performance.now()
  for (const [number, { path }] of folders.entries()) {
    const folder = resolve(path)
    const refused = (file: string, message: string): void => void found.push({ number, file, read: message })
    for await (const { file, real } of ruleFiles(folder, refused)) {
      if (seen.has(real)) continue
      seen.add(real)
      found.push({ number, file, read: readText(file, folder, cache) })
      if (performance.now() - since > SLICE) {
        await nextTurn()
        since = performance.now()
      }
    }
  }
  await parseNew(found, cache)
  cache.turn()
  return gather(folders, found, lists)
}

interface FoundFile {
  /** Of its folder. */
  readonly number: number
  readonly file: string
  /** Why it was not read, its text, or its rules. */
  read: string | NewText | readonly ReadRule[]
}
interface NewText {
  readonly key: string
  readonly source: RuleText
}
const isNew = (read: FoundFile['read']): read is NewText => typeof read === 'object' && 'key' in read

function readText(file: string, folder: string, cache: RuleCache): FoundFile['read'] {
  const bytes = readBytes(file)
  if (typeof bytes === 'string') return bytes
  const key = `${file}\0${createHash('sha1').update(bytes).digest('base64')}`
  return cache.get(key) ?? { key, source: { file, folder, text: bytes.toString('utf8') } }
}

async function parseNew(found: readonly FoundFile[], cache: RuleCache): Promise<void> {
  const files = found.flatMap((file) => (isNew(file.read) ? [{ file, ...file.read }] : []))
  const read = await parseRules(files.map(({ source }) => source))
  for (const [i, { file, key }] of files.entries()) {
    file.read = read[i]!
    cache.set(key, read[i]!)
  }
}

function gather(folders: readonly RuleFolderPath[], found: readonly FoundFile[], lists: PlaceholderFiller): Loaded {
  const rules: SigmaRule[] = []
  const scenarios: SigmaScenario[] = []
  const filters: SigmaFilter[] = []
  const problems: Problem[] = []
  const covered = new Map<string, string>()
  const counts = folders.map(({ path }) => ({ path: resolve(path), rules: 0, failed: 0 }))
  const byId = new Map<string, { readonly file: string; readonly own: boolean }>()
  for (const { number, file, read } of found) {
    const count = counts[number]!
    const own = folders[number]!.own === true
    const failing = (line: number, message: string): void => {
      problems.push({ file, line, column: Math.min(line, 1), message, fatal: true })
      count.failed++
    }
    if (typeof read === 'string') failing(0, read)
    else if (!isNew(read))
      for (const { rule, filter, scenario, problems: found, line } of read) {
        problems.push(...found)
        if (filter !== null) filters.push(filter)
        const detection = rule ?? scenario
        if (detection === null) {
          if (filter === null && found.some((problem) => problem.fatal)) count.failed++
          continue
        }
        const other = byId.get(detection.id)
        if (other !== undefined) {
          // The desk's own is meant to stand above it.
          if (other.own && !own) {
            covered.set(detection.id, detection.text)
            continue
          }
          failing(line, `the id ${detection.id} belongs to a rule in ${other.file} already; that one is used`)
          continue
        }
        byId.set(detection.id, { file: detection.file, own })
        if (rule !== null) rules.push(rule)
        else if (scenario !== null) scenarios.push(scenario)
        count.rules++
      }
  }
  const filled = lists.fill<SigmaRule | SigmaFilter>([...rules, ...filters])
  const filtered = applyFilters(
    filled.filled.slice(0, rules.length) as SigmaRule[],
    filled.filled.slice(rules.length) as SigmaFilter[],
  )
  problems.push(...filled.problems, ...filtered.problems)
  return {
    rules: filtered.rules,
    scenarios,
    filters,
    problems,
    folders: counts,
    failed: counts.reduce((sum, { failed }) => sum + failed, 0),
    covered,
  }
}

interface RuleFile {
  readonly file: string
  /** The same file has the same one, by whatever link it was found. */
  readonly real: string
}

/** Its bytes, or why there are none. At once: for files this small, waiting for them costs many times what reading does. */
function readBytes(file: string): Buffer | string {
  const tooLong = `the file is longer than ${MAX_FILE} bytes`
  try {
    const info = statSync(file)
    if (!info.isFile()) return 'is no file'
    if (info.size > MAX_FILE) return tooLong
    const bytes = readFileSync(file)
    return bytes.length > MAX_FILE ? tooLong : bytes
  } catch (error) {
    return `cannot be read: ${error instanceof Error ? error.message : String(error)}`
  }
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
