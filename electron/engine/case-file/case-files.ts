/** Case files of an open desk: written, looked at, taken in, each in a thread. */
import { existsSync } from 'node:fs'
import { access, constants, mkdir, readdir, rm, stat } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import type { CaseProgress, CaseVerified } from '../../../shared/case-file-contract.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import type { Store, StoredSource } from '../store/types.ts'
import { runCaseOrder, type CaseRun } from './case-thread.ts'
import type { CaseOrder } from './case-orders.ts'
import { CASE_ENDING } from './format.ts'
import { CASE_WORK, type ImportedCase } from './import-case.ts'
import type { Written } from './write-case.ts'

type Tell = (progress: CaseProgress) => void
/** How long the end of the desk waits for threads that take away what they had begun, in milliseconds. */
const PATIENCE = 2000

export class CaseFiles {
  readonly #store: Pick<Store, 'commit' | 'cases'>
  readonly #dataDir: string
  readonly #saveSource: (source: StoredSource) => Promise<Result<void>>
  readonly #now: () => number
  readonly #ending = new AbortController()
  readonly #runs = new Set<CaseRun<CaseOrder['kind']>>()
  #importing = false

  constructor(
    store: Pick<Store, 'commit' | 'cases'>,
    dataDir: string,
    saveSource: (source: StoredSource) => Promise<Result<void>>,
    now: () => number = Date.now,
  ) {
    this.#store = store
    this.#dataDir = dataDir
    this.#saveSource = saveSource
    this.#now = now
  }

  /** Before anything runs. */
  sweep(): Promise<void> {
    return sweepCases(this.#dataDir)
  }

  get #exports(): string {
    return join(this.#dataDir, 'exports')
  }

  async export(
    { number, folder }: { readonly number: string; readonly folder: string | null },
    by: string,
    tell: Tell,
    signal: AbortSignal,
  ): Promise<Result<Written>> {
    if (folder !== null && !isPath(folder))
      return fail({ code: 'invalid_input', message: 'The path must be absolute.', path: 'folder' })
    const into = folder ?? this.#exports
    if (folder === null) await mkdir(into, { recursive: true })
    const writable = await access(into, constants.W_OK).then(
      () => true,
      () => false,
    )
    if (!writable) return fail({ code: 'invalid_input', message: `Nothing can be written to ${into}.`, path: 'folder' })
    // Told first, so that the file holds its own export.
    const told = await this.#store.cases.exporting(number, by)
    if (!told.ok) return told
    const stamp = new Date(this.#now()).toISOString().slice(0, 19).replaceAll(':', '').replace('T', '-')
    const path = join(into, `${number}-${stamp}${CASE_ENDING}`)
    return this.#run({ kind: 'write', dataDir: this.#dataDir, number, path, by }, false, tell, signal)
  }

  /** What the file is, what is wrong with it, and what it would be here. Changes nothing. */
  async verify(path: string, tell: Tell, signal: AbortSignal): Promise<Result<CaseVerified>> {
    const refused = refusedPath(path)
    if (refused) return refused
    const verified = await this.#run({ kind: 'verify', path }, false, tell, signal)
    if (!verified.ok) return verified
    const { manifest, findings, evidence, blobs, ledger } = verified.value
    const whole = await stat(path).catch(() => null)
    let standing: CaseVerified['standing'] = null
    if (manifest !== null && findings.length === 0) {
      const found = await this.#store.cases.standing({ number: manifest.incident, ledger: manifest.ledger })
      if (!found.ok) return found
      standing = { state: found.value.state, number: found.value.number }
    }
    return ok({
      manifest:
        manifest === null
          ? null
          : {
              incident: manifest.incident,
              title: manifest.title,
              made: manifest.made,
              by: manifest.by,
              desk: manifest.desk,
              software: manifest.software,
              events: manifest.tables['event']?.rows ?? 0,
              alerts: manifest.tables['alert']?.rows ?? 0,
              last: manifest.ledger.last,
              content: manifest.content,
            },
      findings: [...findings],
      bytes: whole?.size ?? 0,
      evidence,
      copies: blobs,
      ledger,
      standing,
    })
  }

  async import(path: string, by: string, tell: Tell, signal: AbortSignal): Promise<Result<ImportedCase>> {
    const refused = refusedPath(path)
    if (refused) return refused
    // Two of the same case would both store its events.
    if (this.#importing) return fail({ code: 'store_busy', message: 'Another case is being taken in.' })
    this.#importing = true
    try {
      return await this.#run({ kind: 'import', dataDir: this.#dataDir, path, by }, true, tell, signal)
    } finally {
      this.#importing = false
    }
  }

  async #run<K extends CaseOrder['kind']>(
    order: Extract<CaseOrder, { kind: K }>,
    changes: boolean,
    progress: Tell,
    signal: AbortSignal,
  ): ReturnType<typeof runCaseOrder<K>>['result'] {
    const { cases } = this.#store
    const run = runCaseOrder<K>(order, {
      store: changes
        ? {
            commit: (batch) => this.#store.commit(batch),
            saveSource: this.#saveSource,
            numberOf: (head) => cases.number(head),
            take: (given, by) => cases.take(given, by),
          }
        : null,
      progress,
      signal: AbortSignal.any([signal, this.#ending.signal]),
    })
    this.#runs.add(run)
    void run.over.then(() => this.#runs.delete(run))
    return run.result
  }

  /** What runs is cancelled, and has a moment to take away what it had begun. */
  async close(): Promise<void> {
    this.#ending.abort()
    const over = [...this.#runs].map((run) => run.over)
    const late = setTimeout(() => this.#runs.forEach((run) => run.terminate()), PATIENCE)
    await Promise.all(over)
    clearTimeout(late)
  }
}

/** Takes away what a program that was killed had begun in a data folder that nothing else has open. */
export async function sweepCases(dataDir: string): Promise<void> {
  const gone = async (folder: string, half: (name: string) => boolean): Promise<void> => {
    const names = await readdir(folder).catch(() => [])
    for (const name of names.filter(half)) await rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined)
  }
  await gone(dataDir, (name) => name.startsWith(CASE_WORK))
  await gone(join(dataDir, 'exports'), (name) => name.includes(CASE_ENDING) && name.endsWith('.part'))
}

const isPath = (path: string): boolean => isAbsolute(path) && !path.includes('\0')

function refusedPath(path: string): Result<never> | null {
  if (!isPath(path)) return fail({ code: 'invalid_input', message: 'The path must be absolute.', path: 'path' })
  if (!existsSync(path)) return fail({ code: 'not_found', message: `There is no file ${path}.` })
  return null
}
