/** All log sources of a desk: the shipped files, and the desk's own in their place or beside them. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { RuleProblem } from '../../../../shared/model/rule.ts'
import { resourcesDir } from '../../paths.ts'
import { MAX_DOCUMENT } from '../yaml-source.ts'
import type { LogSource, LogSourceDefinition } from './log-source.ts'
import { readLogSource } from './read-log-source.ts'

/** One id: what is used, and what the desk's own file says where it has one. */
export interface LogSourceEntry {
  readonly id: string
  readonly shipped: boolean
  /** The desk has its own; it is used unless `problems` say why it cannot be. */
  readonly changed: boolean
  readonly file: string
  /** Of the desk's own file where there is one, else the shipped one. */
  readonly text: string
  /** What is used; null where the desk's own cannot be and none is shipped. */
  readonly definition: LogSourceDefinition | null
  readonly problems: readonly RuleProblem[]
}

export interface LogSourceTable {
  /** In order of their ids. */
  readonly entries: readonly LogSourceEntry[]
  /** What is asked of an event, in the order in which a rule is read through the first that fits: the desk's additions come first. */
  readonly sources: readonly LogSource[]
  readonly problems: readonly RuleProblem[]
}

export const MOST_OWN = 200
const shippedFolder = (): string => join(resourcesDir(), 'logsources')

interface ReadFile {
  readonly id: string
  readonly file: string
  readonly text: string
  readonly definition: LogSourceDefinition | null
  readonly problems: readonly RuleProblem[]
}

let shippedFiles: readonly ReadFile[] | null = null
let shippedTable: LogSourceTable | null = null

/** What comes with the program, read once. */
export const shippedLogSources = (): LogSourceTable => (shippedTable ??= tableOf(shipped(), []))
const shipped = (): readonly ReadFile[] => (shippedFiles ??= readFolder(shippedFolder()))

/** The shipped log sources, with the desk's own from `folder` (which need not be there). Reads files; never throws. */
export const readLogSources = (folder: string): LogSourceTable => tableOf(shipped(), existsSync(folder) ? readFolder(folder) : [])

function tableOf(files: readonly ReadFile[], own: readonly ReadFile[]): LogSourceTable {
  const byId = new Map(own.map((file) => [file.id, file]))
  const entries = files.map((file): LogSourceEntry => {
    const changed = byId.get(file.id)
    byId.delete(file.id)
    const instead = changed !== undefined && changed.definition === null ? '; the shipped one is used' : ''
    return {
      ...(changed ?? file),
      shipped: true,
      changed: changed !== undefined,
      definition: changed?.definition ?? file.definition,
      problems: (changed ?? file).problems.map((problem) => ({ ...problem, message: problem.message + instead })),
    }
  })
  const added = [...byId.values()].map((file): LogSourceEntry => ({ ...file, shipped: false, changed: true }))
  const sourcesOf = (some: readonly LogSourceEntry[]) => some.flatMap(({ definition }) => definition?.sources ?? [])
  const all = [...entries, ...added].sort((a, b) => (a.id < b.id ? -1 : 1))
  return {
    entries: all,
    sources: [...sourcesOf(added), ...sourcesOf(entries)],
    problems: all.flatMap(({ problems }) => problems),
  }
}

/** In order of names, so of ids. */
function readFolder(folder: string): ReadFile[] {
  let names: string[]
  try {
    names = readdirSync(folder)
      .filter((name) => name.endsWith('.yml'))
      .sort()
  } catch {
    return []
  }
  return names.slice(0, MOST_OWN).map((name) => readFile(join(folder, name), name.slice(0, -'.yml'.length)))
}

function readFile(file: string, id: string): ReadFile {
  const failed = (text: string, problems: readonly { line: number; column: number; message: string }[]): ReadFile => ({
    id,
    file,
    text,
    definition: null,
    problems: problems.map(({ line, column, message }) => ({ file, line, column, message })),
  })
  let text: string
  try {
    if (statSync(file).size > MAX_DOCUMENT * 4) return failed('', [{ line: 0, column: 0, message: 'the file is too long' }])
    text = readFileSync(file, 'utf8')
  } catch (error) {
    return failed('', [
      { line: 0, column: 0, message: `cannot be read: ${error instanceof Error ? error.message : String(error)}` },
    ])
  }
  const { definition, problems } = readLogSource(text)
  if (definition === null) return failed(text, problems)
  if (definition.id !== id)
    return failed(text, [{ line: 1, column: 1, message: `its id is ${definition.id}, but the file is named ${id}` }])
  return { id, file, text, definition, problems: [] }
}
