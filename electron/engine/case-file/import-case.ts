/** Takes a case file of another desk in: verified first, then its events, then all the rest in one transaction. */
import { createHash, randomUUID } from 'node:crypto'
import { constants, existsSync, rmSync } from 'node:fs'
import { chmod, copyFile, mkdir, open, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { TIME_NOTES } from '../../../shared/model/event.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import { isoFromMicros, microsFromIso } from '../../../shared/model/time.ts'
import { FieldRegistry } from '../event/field-registry.ts'
import { EventRow, type TimeNoteIndex } from '../event/row.ts'
import type { Batch } from '../store/batch.ts'
import { BlockBuilder } from '../store/block-builder.ts'
import type { ReadDatabase } from '../store/database.ts'
import type { IdRange } from '../store/cases/desk-cases.ts'
import type { Store, StoredSource } from '../store/types.ts'
import type { CaseProgress } from '../../../shared/case-file-contract.ts'
import { findingLine } from './findings.ts'
import { MOST_FILE_BYTES, type Manifest } from './format.ts'
import { EventRecord, SourceRecord } from './rows.ts'
import { openCase, verifyCase } from './verify-case.ts'

export interface ImportedCase {
  /** Here; `original` is what it was on the first desk. */
  readonly number: string
  readonly original: string
  readonly alerts: number
  readonly events: number
  readonly evidence: number
}
/** What an import needs of the desk that it goes into. */
export interface CaseStore {
  commit: Store['commit']
  saveSource(source: StoredSource): Promise<Result<void>>
  numberOf: Store['cases']['number']
  take: Store['cases']['take']
}
/** A desk that nobody has open but us. */
export const caseStore = (store: Pick<Store, 'commit' | 'sources' | 'cases'>): CaseStore => ({
  commit: (batch) => store.commit(batch),
  saveSource: (source) => store.sources.save(source),
  numberOf: (head) => store.cases.number(head),
  take: (given, by) => store.cases.take(given, by),
})
export interface ImportCase {
  readonly store: CaseStore
  readonly dataDir: string
  readonly path: string
  readonly by: string
  readonly signal: AbortSignal
  progress?(progress: CaseProgress): void
}

/** Begins the name of the folder of an import that runs; one that was left by a kill is swept at the next start. */
export const CASE_WORK = 'case-import-'
const BATCH = 1000
const SAID = 5

/**
 * Errors: `not_found`, `invalid_input` where the file does not verify, `conflict` where the case is here already, `disk_full`,
 * `cancelled`. Where it fails, events that were stored until then stay, and nothing else.
 */
export async function importCase({ store, dataDir, path, by, signal, progress }: ImportCase): Promise<Result<ImportedCase>> {
  const from = resolve(path)
  if (!existsSync(from)) return fail({ code: 'not_found', message: `There is no file ${from}.` })
  if ((await stat(from)).size > MOST_FILE_BYTES)
    return fail({ code: 'invalid_input', message: 'The file is larger than a case file may be.', path: 'path' })
  const work = join(dataDir, `${CASE_WORK}${randomUUID()}`)
  const file = join(work, 'case')
  let db: ReadDatabase | null = null
  try {
    await mkdir(work, { recursive: true })
    // What is verified is what is taken in, whatever becomes of the file meanwhile.
    progress?.({ step: 'copying', done: 0, of: 0 })
    await copyFile(from, file, constants.COPYFILE_FICLONE)
    await chmod(file, 0o600)
    const verified = await verifyCase(file, signal, (done, of) => progress?.({ step: 'checking', done, of }))
    if (!verified.ok) return verified
    const { manifest, findings } = verified.value
    if (manifest === null || findings.length > 0)
      return fail({
        code: 'invalid_input',
        message: `The case does not verify, and nothing was taken in. ${findings.slice(0, SAID).map(findingLine).join(' ')}`,
        path: 'path',
      })
    const head = {
      number: manifest.incident,
      title: manifest.title,
      desk: manifest.desk,
      content: manifest.content,
      ledger: manifest.ledger,
    }
    const place = await store.numberOf(head)
    if (!place.ok) return place
    db = openCase(file)
    const evidence = join(work, 'evidence')
    const copies = await copyBlobs(db, evidence, signal)
    const events = await storeEvents(db, manifest, { store, dataDir, path, by, signal, ...(progress ? { progress } : {}) })
    if (!events.ok) return events
    progress?.({ step: 'incident', done: 0, of: 0 })
    const taken = await store.take(
      { ...head, file, events: events.value, evidence, evidenceFolder: join(dataDir, 'evidence') },
      by,
    )
    if (!taken.ok) return taken
    const { number, original, alerts } = taken.value
    return ok({ number, original, alerts: alerts.length, events: manifest.tables['event']?.rows ?? 0, evidence: copies })
  } catch (error) {
    if (signal.aborted) return fail({ code: 'cancelled', message: 'The import was cancelled.' })
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC')
      return fail({ code: 'disk_full', message: 'There is no room on the disk for the case.' })
    throw error
  } finally {
    db?.close()
    rmSync(work, { recursive: true, force: true })
  }
}

/** Copies under their hashes, which were checked: nothing of a name comes from the file. */
async function copyBlobs(db: ReadDatabase, folder: string, signal: AbortSignal): Promise<number> {
  const names = db.prepare('SELECT DISTINCT sha256 FROM blob ORDER BY sha256').pluck().all() as string[]
  if (names.length > 0) await mkdir(folder, { recursive: true })
  const next = db.prepare('SELECT place, data FROM blob WHERE sha256 = ? AND place > ? ORDER BY place LIMIT 1')
  for (const name of names) {
    if (!/^[0-9a-f]{64}$/.test(name)) throw new Error('a copy without a hash')
    const file = await open(join(folder, name), 'wx', 0o400)
    try {
      for (let place = 0; ;) {
        const row = next.get(name, place) as { place: number; data: Uint8Array } | undefined
        if (!row) break
        place = row.place
        await file.write(row.data)
        signal.throwIfAborted()
      }
      await file.sync()
    } finally {
      await file.close()
    }
  }
  return names.length
}

/** Stores the events as events of this desk, in their order. Gives the ids that they have here, in that order. */
async function storeEvents(
  db: ReadDatabase,
  manifest: Manifest,
  { store, by, signal, progress }: ImportCase,
): Promise<Result<IdRange[]>> {
  const of = manifest.tables['event']?.rows ?? 0
  const ranges: IdRange[] = []
  let stored = 0
  if (of === 0) return ok(ranges)
  const source = `case-${createHash('sha256').update(`${manifest.content} ${by}`).digest('hex').slice(0, 16)}`
  const saved = await store.saveSource({
    id: source,
    settings: {
      name: `${manifest.incident} ${manifest.desk}`.slice(0, 120),
      input: { kind: 'import', paths: [manifest.incident] },
      format: null,
      zone: 'UTC',
      paused: true,
    },
    created: isoFromMicros(Date.now() * 1000),
  })
  if (!saved.ok) return saved
  const names = new Map<string, string>()
  for (const { id, body } of db.prepare('SELECT id, body FROM source').iterate() as Iterable<{ id: string; body: string }>)
    names.set(id, SourceRecord.parse(JSON.parse(body)).name)
  const page = db.prepare('SELECT place, body, raw FROM event WHERE place > ? ORDER BY place LIMIT 1')
  for (let place = 0; ;) {
    const fields = new FieldRegistry()
    const builder = new BlockBuilder(fields)
    const row = new EventRow()
    let rows = 0
    const places: Batch['places'][number][] = []
    const minutes = new Map<string, number>()
    let bytes = 0
    while (rows < BATCH && !builder.full) {
      const next = page.get(place) as { place: number; body: string; raw: Uint8Array } | undefined
      if (!next) break
      place = next.place
      const event = EventRecord.parse(JSON.parse(next.body))
      row.clear()
      row.time = microsFromIso(event.time) ?? 0
      row.nanos = Number(/\.\d{6}(\d{3})Z$/.exec(event.time)?.[1] ?? 0)
      row.timeNote = TIME_NOTES.indexOf(event.timeNote) as TimeNoteIndex
      row.received = microsFromIso(event.received) ?? 0
      row.type = event.type
      row.format = event.format
      row.source = source
      for (const [name, value] of Object.entries(event.fields)) row.set(fields.id(name), value)
      builder.add(row, next.raw)
      rows++
      bytes += next.raw.length
      const { record, offset } = event.place
      places.push({
        rows: 1,
        source,
        origin: `${names.get(event.source) ?? event.source}: ${event.place.origin}`.slice(0, 4096),
        record,
        offsets: offset === null ? null : Float64Array.of(offset),
      })
      const minute = `${Math.floor(row.time / 60_000_000)} ${row.type}`
      minutes.set(minute, (minutes.get(minute) ?? 0) + 1)
    }
    if (rows === 0) break
    signal.throwIfAborted()
    const done = await store.commit({
      block: builder.finish(),
      places,
      hits: [],
      rejects: [],
      rejectedCount: 0,
      positions: [],
      events: [...minutes].map(([key, count]) => ({
        minute: Number(key.slice(0, key.indexOf(' '))),
        source,
        type: key.slice(key.indexOf(' ') + 1),
        count,
      })),
      detections: [],
      records: rows,
      bytes,
    })
    if (!done.ok) return done
    const first = done.value.firstId
    if (first === null) throw new Error('events without ids')
    ranges.push({ first, count: rows })
    stored += rows
    progress?.({ step: 'events', done: stored, of })
  }
  return ok(ranges)
}
