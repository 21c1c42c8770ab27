/** Files and folders of playbooks → playbooks and what is wrong with the others. One bad file never stops the rest. */
import { open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Playbook } from '../../../../shared/model/playbook.ts'
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import { resourcesDir } from '../../paths.ts'
import { MAX_FILE } from '../../sigma/yaml-source.ts'
import { readOnThread, type ThreadOptions } from './read-on-thread.ts'
import { readPlaybook, type PlaybookProblem } from './read-playbook.ts'

export interface PlaybookFolder {
  readonly path: string
  /** `own` ones stand above `shipped` ones with their ids. */
  readonly origin: 'own' | 'shipped'
}
export interface LoadedPlaybook {
  readonly playbook: Playbook
  readonly file: string
  readonly origin: PlaybookFolder['origin']
}
export interface PlaybookFileProblem extends PlaybookProblem {
  readonly file: string
}
export interface LoadedPlaybooks {
  /** In order of their ids. */
  readonly playbooks: readonly LoadedPlaybook[]
  readonly problems: readonly PlaybookFileProblem[]
}

const MOST_FILES = 1000

/** The desk's own in `playbooks` of the data folder, and the shipped ones. */
export const playbookFolders = (dataDir: string): PlaybookFolder[] => [
  { path: join(dataDir, 'playbooks'), origin: 'own' },
  { path: join(resourcesDir(), 'playbooks'), origin: 'shipped' },
]

/** Reads every `*.yml` and `*.yaml` of the folders (not below them), on a thread. A folder need not be there. Never rejects. */
export async function loadPlaybooks(folders: readonly PlaybookFolder[], options: ThreadOptions = {}): Promise<LoadedPlaybooks> {
  const problems: PlaybookFileProblem[] = []
  const found: { readonly file: string; readonly origin: PlaybookFolder['origin']; readonly text: string }[] = []
  for (const { path, origin } of [...folders].sort((a, b) => a.origin.localeCompare(b.origin))) {
    const files = await playbookFiles(path)
    if (!files.ok) {
      if (files.error !== 'ENOENT') problems.push({ file: path, line: 0, column: 0, message: `cannot be read: ${files.error}` })
      continue
    }
    for (const file of files.value.slice(0, MOST_FILES)) {
      const text = await boundedText(file)
      if (text.ok) found.push({ file, origin, text: text.value })
      else problems.push({ file, line: 0, column: 0, message: text.error })
    }
    if (files.value.length > MOST_FILES)
      problems.push({ file: path, line: 0, column: 0, message: `only the first ${MOST_FILES} files are read` })
  }
  const byId = new Map<string, LoadedPlaybook>()
  const read = await readOnThread(found.map(({ text }) => text), options) // prettier-ignore
  for (const [at, result] of read.entries()) {
    const { file, origin } = found[at]!
    if (!result.ok) {
      problems.push(...result.error.map((problem) => ({ file, ...problem })))
      continue
    }
    const playbook = result.value
    const other = byId.get(playbook.id)
    if (other === undefined) byId.set(playbook.id, { playbook, file, origin })
    else if (other.origin === origin)
      problems.push({
        file,
        line: 1,
        column: 1,
        message: `${other.file} has a playbook ${playbook.id} already; that one is used`,
      })
  }
  const playbooks = [...byId.values()].sort((a, b) => (a.playbook.id < b.playbook.id ? -1 : 1))
  return { playbooks, problems }
}

/** Paths of a folder's playbooks, in order of their names; the error's code where it cannot be read. */
export async function playbookFiles(folder: string): Promise<Result<string[], string>> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    const names = entries.filter((entry) => !entry.isDirectory() && /^[^.].*\.ya?ml$/i.test(entry.name)).map(({ name }) => name)
    return ok(names.sort().map((name) => join(folder, name)))
  } catch (error) {
    return fail(codeOf(error))
  }
}

/** Reads one file. */
export async function readPlaybookFile(file: string): Promise<Result<Playbook, readonly PlaybookFileProblem[]>> {
  const text = await boundedText(file)
  if (!text.ok) return fail([{ file, line: 0, column: 0, message: text.error }])
  const read = readPlaybook(text.value)
  return read.ok ? read : fail(read.error.map((problem) => ({ file, ...problem })))
}

async function boundedText(file: string): Promise<Result<string, string>> {
  try {
    // A pipe would never open.
    if (!(await stat(file)).isFile()) return fail('is no file')
    const handle = await open(file)
    try {
      const info = await handle.stat()
      if (info.size > MAX_FILE) return fail(`is larger than ${MAX_FILE} bytes`)
      const bytes = Buffer.alloc(info.size)
      const { bytesRead } = await handle.read(bytes, 0, info.size, 0)
      return ok(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, bytesRead)))
    } finally {
      await handle.close()
    }
  } catch (error) {
    return fail(error instanceof TypeError ? 'is no UTF-8 text' : `cannot be read: ${codeOf(error)}`)
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : String(error)
