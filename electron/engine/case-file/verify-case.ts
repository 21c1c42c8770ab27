/**
 * Checks a case with nothing but its file, which may be anybody's: opened for reading only, its schema must be exactly the one that we
 * write, so nothing in it can run; every row is bounded, hashed and checked.
 */
import { createHash } from 'node:crypto'
import { existsSync, statSync } from 'node:fs'
import { z } from 'zod'
import { MOST_FINDINGS, type CaseFinding } from '../../../shared/case-file-contract.ts'
import { Evidence } from '../../../shared/model/incident.ts'
import { LedgerEntry } from '../../../shared/model/ledger.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import { ChainCheck } from '../ledger/chain.ts'
import { openForReading, type ReadDatabase } from '../store/database.ts'
import { findingOf, type Find } from './findings.ts'
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

export interface Verified {
  readonly manifest: Manifest | null
  readonly findings: readonly CaseFinding[]
  readonly evidence: number
  readonly blobs: number
  readonly ledger: number
}
const SLICE = 20

/** The file, for reading only; null where it is none of ours. The caller closes it. */
export function openCase(path: string): ReadDatabase {
  const db = openForReading(path)
  db.pragma('mmap_size = 0')
  return db
}

/** Never rejects for what is in the file. Errors: `not_found`, `cancelled`. `progress`: bytes of rows that were checked, and of the file. */
export async function verifyCase(
  path: string,
  signal: AbortSignal,
  progress?: (done: number, of: number) => void,
): Promise<Result<Verified>> {
  if (!existsSync(path) || !statSync(path).isFile()) return fail({ code: 'not_found', message: `There is no file ${path}.` })
  const findings: CaseFinding[] = []
  const find: Find = (code, where, detail) => {
    if (findings.length < MOST_FINDINGS) findings.push(findingOf(code, where, detail))
  }
  const checked = { manifest: null as Manifest | null, findings, evidence: 0, blobs: 0, ledger: 0 }
  const whole = statSync(path).size
  if (whole > MOST_FILE_BYTES) {
    find('too_large', '')
    return ok(checked)
  }
  // SQLite would look into them for changes that were not written back.
  for (const beside of ['-wal', '-journal'])
    if (existsSync(path + beside)) {
      find('file_beside', '', beside.slice(1))
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
    let bytes = 0
    let first = ''
    let last = ''
    let turned = performance.now()
    for (const name of CONTENT) {
      const sum = new TableHash()
      let place = 0
      for (const { types, row } of tableRows(db, name)) {
        sum.add(row)
        for (const value of row) bytes += value.length
        place++
        if (types !== TABLES[name].types || text(row[0]) !== String(place)) {
          find('row_kind', `${name} ${place}`)
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
          if (entry === null) find('entry_wrong', String(place))
          else {
            const fault = broken ? null : chain.next(entry)
            if (fault !== null) {
              broken = true
              find('chain_broken', String(place), fault.why)
            }
            if (manifest && entry.book !== manifest.incident) find('entry_book', String(place), entry.book)
            if (place === 1) first = entry.hash
            last = entry.hash
            if (entry.action === 'evidence.added') {
              const body = Added.safeParse(entry.body)
              if (body.success) added.set(entry.subject, body.data)
              else find('added_unclear', String(place))
            }
            checked.ledger = place
          }
        } else {
          const problem = ROWS[name](text(row[1]), text(row[2]))
          if (problem !== null) find('row_wrong', `${name} ${place}`, problem)
          else if (name === 'part') {
            const part = JSON.parse(text(row[2])) as { kind: string; id: string; body: string; gone: number }
            if (part.kind === 'evidence') {
              const item = Evidence.omit({ id: true }).safeParse(JSON.parse(part.body))
              if (item.success) items.set(part.id, { ...item.data, gone: part.gone === 1 })
              else find('row_wrong', `part ${place}`, 'This is no evidence.')
            }
          }
        }
        if (performance.now() - turned > SLICE) {
          await new Promise((resolve) => setImmediate(resolve))
          turned = performance.now()
          progress?.(Math.min(bytes, whole), whole)
          if (signal.aborted) return fail({ code: 'cancelled', message: 'The check was cancelled.' })
        }
      }
      tables[name] = sum.sum
      const said = manifest?.tables[name]
      if (manifest && (said?.sha256 !== tables[name].sha256 || said.rows !== tables[name].rows)) find('table_differs', name)
    }
    if (manifest) {
      if (manifest.content !== contentHash(tables)) find('content_hash', '')
      if (manifest.ledger.first !== first || manifest.ledger.last !== last || manifest.ledger.entries !== tables.ledger?.rows)
        find('ledger_named', '')
      if (tables['incident']?.rows !== 1) find('not_one_incident', 'incident')
    }
    evidenceOf(items, added, blobs, find)
    checked.evidence = [...items.values()].filter(({ gone }) => !gone).length
    checked.blobs = blobs.size
  } catch (error) {
    find('damaged', '', error instanceof Error ? error.message : String(error))
  } finally {
    db?.close()
  }
  return ok(checked)
}

type Item = Omit<Evidence, 'id'> & { readonly gone: boolean }
const Added = z.looseObject({ sha256: z.string(), bytes: z.number() })
type Added = z.infer<typeof Added>
const text = (value: string | Uint8Array | undefined): string =>
  value === undefined ? '' : typeof value === 'string' ? value : Buffer.from(value).toString('utf8')

/** Header, schema and pages; false where nothing more may be read. */
function sound(db: ReadDatabase, find: Find): boolean {
  const pragma = (name: string): unknown => db.pragma(name, { simple: true })
  if (pragma('application_id') !== CASE_APPLICATION) {
    find('no_case', '')
    return false
  }
  if (pragma('user_version') !== CASE_VERSION) {
    find('other_version', '', String(pragma('user_version')))
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
      find('schema_more', name)
      return false
    }
  if (schema.length !== expected.size) {
    find('schema_less', '')
    return false
  }
  const quick = db.pragma('quick_check(10)', { simple: true })
  if (quick !== 'ok') {
    find('damaged', '', String(quick).slice(0, 200))
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
    if (types !== TABLES.manifest.types || text(row[0]) !== '1' || rows > 1) find('manifest_count', '')
    else if (sha256(row[1] ?? '') !== text(row[2])) find('manifest_hash', '')
    else manifest = parsed(Manifest, body)
  }
  if (manifest === null) find('manifest_none', '')
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
    if (told === undefined) find('not_told', id)
    else if (told.sha256 !== item.sha256 || told.bytes !== item.bytes) find('told_differs', id)
    const blob = blobs.get(item.sha256)
    if (blob === undefined) {
      if (!item.gone) find('copy_missing', id)
    } else if (blob.bytes !== item.bytes) find('copy_size', id)
  }
  for (const [id, told] of added) if (!items.has(id)) find('item_missing', id, told.sha256)
  for (const [name, { hash }] of blobs) {
    const is = hash.digest('hex')
    if (is !== name) find('copy_altered', [...items].find(([, item]) => item.sha256 === name)?.[0] ?? name)
    if (!owned.has(name)) find('copy_of_nothing', name)
  }
}
