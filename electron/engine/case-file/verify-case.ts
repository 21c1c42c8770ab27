/**
 * Checks a case with nothing but its file, which may be anybody's: opened for reading only, its schema must be exactly the one that we
 * write, so nothing in it can run; every row is bounded, hashed and checked.
 */
import { createHash } from 'node:crypto'
import { existsSync, statSync } from 'node:fs'
import { z } from 'zod'
import { Evidence } from '../../../shared/model/incident.ts'
import { LedgerEntry } from '../../../shared/model/ledger.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import { ChainCheck } from '../ledger/chain.ts'
import { openForReading, type ReadDatabase } from '../store/database.ts'
import {
  CASE_APPLICATION,
  CASE_VERSION,
  CONTENT,
  contentHash,
  Manifest,
  MOST_FILE_BYTES,
  sha256,
  TABLES,
  TableHash,
  tableRows,
} from './format.ts'
import { ROWS } from './rows.ts'

export interface Finding {
  readonly what: 'file' | 'schema' | 'manifest' | 'table' | 'row' | 'ledger' | 'evidence'
  /** Table, row or item that it is about. */
  readonly where: string
  readonly message: string
}
export interface Verified {
  readonly manifest: Manifest | null
  readonly findings: readonly Finding[]
  readonly evidence: number
  readonly blobs: number
  readonly ledger: number
}
const MOST_FINDINGS = 200
const SLICE = 20

/** The file, for reading only; null where it is none of ours. The caller closes it. */
export function openCase(path: string): ReadDatabase {
  const db = openForReading(path)
  db.pragma('mmap_size = 0')
  return db
}

/** Never rejects for what is in the file. Errors: `not_found`, `cancelled`. */
export async function verifyCase(path: string, signal: AbortSignal): Promise<Result<Verified>> {
  if (!existsSync(path) || !statSync(path).isFile()) return fail({ code: 'not_found', message: `There is no file ${path}.` })
  const findings: Finding[] = []
  const find = (what: Finding['what'], where: string, message: string): void => {
    if (findings.length < MOST_FINDINGS) findings.push({ what, where, message })
  }
  const checked = { manifest: null as Manifest | null, findings, evidence: 0, blobs: 0, ledger: 0 }
  if (statSync(path).size > MOST_FILE_BYTES) {
    find('file', '', 'The file is larger than a case file may be.')
    return ok(checked)
  }
  // SQLite would look into them for changes that were not written back.
  for (const beside of ['-wal', '-journal'])
    if (existsSync(path + beside)) {
      find('file', '', `There is a ${beside.slice(1)} file beside it: a case file is one file.`)
      return ok(checked)
    }
  let db: ReadDatabase | null = null
  try {
    db = openCase(path)
    if (!sound(db, find)) return ok(checked)
    const manifest = readManifest(db, find)
    checked.manifest = manifest
    const items = new Map<string, Item>()
    const added = new Map<string, Added>()
    const blobs = new Map<string, { hash: ReturnType<typeof createHash>; bytes: number; done?: string }>()
    const chain = new ChainCheck()
    const tables: Manifest['tables'] = {}
    let broken = false
    let first = ''
    let last = ''
    let turned = performance.now()
    for (const name of CONTENT) {
      const sum = new TableHash()
      let place = 0
      for (const { types, row } of tableRows(db, name)) {
        sum.add(row)
        place++
        if (types !== TABLES[name].types || text(row[0]) !== String(place)) {
          find('row', `${name} ${place}`, 'The row is not of the kind that stands in this table.')
          continue
        }
        if (name === 'blob') {
          const [, of = '', data] = [null, text(row[1]), row[2]]
          const known = blobs.get(of) ?? { hash: createHash('sha256'), bytes: 0 }
          known.hash.update(data ?? '')
          known.bytes += data?.length ?? 0
          blobs.set(of, known)
        } else if (name === 'ledger') {
          const entry = ledgerEntry(place, row)
          if (entry === null) find('ledger', String(place), 'This is no entry of a ledger.')
          else {
            const fault = broken ? null : chain.next(entry)
            if (fault !== null) {
              broken = true
              find('ledger', String(place), `The chain does not hold: the entry is ${fault.why}.`)
            }
            if (manifest && entry.book !== manifest.incident)
              find('ledger', String(place), `The entry is of the book ${entry.book}.`)
            if (place === 1) first = entry.hash
            last = entry.hash
            if (entry.action === 'evidence.added') {
              const body = Added.safeParse(entry.body)
              if (body.success) added.set(entry.subject, body.data)
              else find('ledger', String(place), 'It does not say what evidence was added.')
            }
            checked.ledger = place
          }
        } else {
          const problem = ROWS[name](text(row[1]), text(row[2]))
          if (problem !== null) find('row', `${name} ${place}`, problem)
          else if (name === 'part') {
            const part = JSON.parse(text(row[2])) as { kind: string; id: string; body: string; gone: number }
            if (part.kind === 'evidence') {
              const item = Evidence.omit({ id: true }).safeParse(JSON.parse(part.body))
              if (item.success) items.set(part.id, { ...item.data, gone: part.gone === 1 })
              else find('row', `part ${place}`, 'This is no evidence.')
            }
          }
        }
        if (performance.now() - turned > SLICE) {
          await new Promise((resolve) => setImmediate(resolve))
          turned = performance.now()
          if (signal.aborted) return fail({ code: 'cancelled', message: 'The check was cancelled.' })
        }
      }
      tables[name] = sum.sum
      const said = manifest?.tables[name]
      if (manifest && (said?.sha256 !== tables[name].sha256 || said.rows !== tables[name].rows))
        find('table', name, 'Its content is not what the manifest says.')
    }
    if (manifest) {
      if (manifest.content !== contentHash(tables)) find('manifest', '', 'The hash of the content is not the one of the tables.')
      if (manifest.ledger.first !== first || manifest.ledger.last !== last || manifest.ledger.entries !== tables.ledger?.rows)
        find('manifest', '', 'The ledger is not the one that the manifest names.')
      if (tables['incident']?.rows !== 1) find('table', 'incident', 'A case is of one incident.')
    }
    evidenceOf(items, added, blobs, find)
    checked.evidence = [...items.values()].filter(({ gone }) => !gone).length
    checked.blobs = blobs.size
  } catch (error) {
    find('file', '', `The file is damaged: ${error instanceof Error ? error.message : String(error)}`)
  } finally {
    db?.close()
  }
  return ok(checked)
}

type Find = (what: Finding['what'], where: string, message: string) => void
type Item = Omit<Evidence, 'id'> & { readonly gone: boolean }
const Added = z.looseObject({ sha256: z.string(), bytes: z.number() })
type Added = z.infer<typeof Added>
const text = (value: string | Uint8Array | undefined): string =>
  value === undefined ? '' : typeof value === 'string' ? value : Buffer.from(value).toString('utf8')

/** Header, schema and pages; false where nothing more may be read. */
function sound(db: ReadDatabase, find: Find): boolean {
  const pragma = (name: string): unknown => db.pragma(name, { simple: true })
  if (pragma('application_id') !== CASE_APPLICATION) {
    find('file', '', 'This is no case file.')
    return false
  }
  if (pragma('user_version') !== CASE_VERSION) {
    find('file', '', `The file is of version ${String(pragma('user_version'))}; this desk reads version ${CASE_VERSION}.`)
    return false
  }
  const schema = db.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema LIMIT 100').all() as {
    type: string
    name: string
    tbl_name: string
    sql: string | null
  }[]
  const expected = new Map<string, string>(Object.entries(TABLES).map(([name, { sql }]) => [name, sql]))
  for (const { type, name, tbl_name, sql } of schema)
    if (type !== 'table' || tbl_name !== name || expected.get(name) !== sql) {
      find('schema', name, 'The file has something in it that a case file has not.')
      return false
    }
  if (schema.length !== expected.size) {
    find('schema', '', 'The file lacks tables that a case file has.')
    return false
  }
  const quick = db.pragma('quick_check(10)', { simple: true })
  if (quick !== 'ok') {
    find('file', '', `The file is damaged: ${String(quick).slice(0, 200)}`)
    return false
  }
  return true
}

function readManifest(db: ReadDatabase, find: Find): Manifest | null {
  let manifest: Manifest | null = null
  let rows = 0
  for (const { types, row } of tableRows(db, 'manifest')) {
    rows++
    const body = text(row[1])
    if (types !== TABLES.manifest.types || text(row[0]) !== '1' || rows > 1) find('manifest', '', 'There is one manifest.')
    else if (sha256(row[1] ?? '') !== text(row[2])) find('manifest', '', 'It is not what was hashed.')
    else manifest = parsed(Manifest, body)
  }
  if (manifest === null) find('manifest', '', 'There is no manifest of this version.')
  return manifest
}

function parsed<T>(schema: z.ZodType<T>, body: string): T | null {
  try {
    return schema.safeParse(JSON.parse(body)).data ?? null
  } catch {
    return null
  }
}

function ledgerEntry(place: number, row: readonly (string | Uint8Array)[]): LedgerEntry | null {
  const [, book, at, by, action, subject, body, previous, hash] = row.map(text)
  try {
    const value = { book, number: place, at, by, action, subject, body: JSON.parse(body ?? '') as unknown, previous, hash }
    return LedgerEntry.safeParse(value).data ?? null
  } catch {
    return null
  }
}

function evidenceOf(
  items: ReadonlyMap<string, Item>,
  added: ReadonlyMap<string, Added>,
  blobs: ReadonlyMap<string, { hash: ReturnType<typeof createHash>; bytes: number }>,
  find: Find,
): void {
  const owned = new Set<string>()
  for (const [id, item] of items) {
    owned.add(item.sha256)
    const told = added.get(id)
    if (told === undefined) find('evidence', id, 'The ledger does not say that it was added.')
    else if (told.sha256 !== item.sha256 || told.bytes !== item.bytes)
      find('evidence', id, 'Its hash or size is not the one that the ledger says.')
    const blob = blobs.get(item.sha256)
    if (blob === undefined) {
      if (!item.gone) find('evidence', id, 'Its copy is missing.')
    } else if (blob.bytes !== item.bytes) find('evidence', id, 'Its copy is of another size.')
  }
  for (const [id, told] of added)
    if (!items.has(id)) find('evidence', id, `The ledger tells of it (${told.sha256}), and it is not there.`)
  for (const [name, { hash }] of blobs) {
    const is = hash.digest('hex')
    if (is !== name) find('evidence', [...items].find(([, item]) => item.sha256 === name)?.[0] ?? name, 'Its copy was altered.')
    if (!owned.has(name)) find('evidence', name, 'A copy that belongs to no item.')
  }
}

/** One line for each finding, as the terminal and the refusal of an import say them. */
export const findingLine = ({ what, where, message }: Finding): string => `${what}${where === '' ? '' : ` ${where}`}: ${message}`
