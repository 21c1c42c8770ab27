/** Writes the case file of an incident out of a desk, which may be changed meanwhile: all is read at one moment. */
import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import type { CaseProgress } from '../../../shared/case-file-contract.ts'
import { Evidence } from '../../../shared/model/incident.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import { aliasTable } from '../ingest/parsers/registry.ts'
import { canonical } from '../ledger/chain.ts'
import { partitionDays } from '../store/partition-files.ts'
import { alertEvents } from '../store/queries/alerts.ts'
import { Desk } from '../store/queries/desk.ts'
import { getEvent, rawById } from '../store/queries/events-by-id.ts'
import { Library } from '../store/queries/library.ts'
import { takeName } from '../take-name.ts'
import { VERSION } from '../version.ts'
import { collectCites, type Json } from './cites.ts'
import {
  BLOB_BYTES,
  CASE_APPLICATION,
  CASE_VERSION,
  CONTENT,
  contentHash,
  Manifest,
  sha256,
  TableHash,
  TABLES,
  type ContentTable,
} from './format.ts'

export interface Written {
  readonly path: string
  readonly bytes: number
  readonly content: string
  /** Of the file. */
  readonly sha256: string
  readonly events: number
  readonly alerts: number
  readonly evidence: number
}
export interface WriteCase {
  readonly dataDir: string
  readonly number: string
  readonly path: string
  readonly by: string
  readonly signal: AbortSignal
  progress?(progress: CaseProgress): void
}

type Row = Record<string, string | number | null | Uint8Array>
/** Rows as they are in the desk; bytes in base64. */
const rowJson = (row: Row): string =>
  canonical(
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name,
        value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
      ]),
    ),
  )
/** Milliseconds of work after which others have their turn. */
const SLICE = 20
const PAGE = 500

/** Errors: `not_found`, `invalid_input` where there is no such folder or nothing can be written there, `disk_full`, `conflict` where the target is there or a sealed item of evidence is not what it was, `cancelled`. */
export async function writeCase(options: WriteCase): Promise<Result<Written>> {
  const { dataDir, number, path, by, signal, progress } = options
  if (existsSync(path)) return fail({ code: 'conflict', message: `${path} is there already.` })
  if (!existsSync(dirname(path)))
    return fail({ code: 'invalid_input', message: `There is no folder ${dirname(path)}.`, path: 'path' })
  const part = `${path}.${randomUUID()}.part`
  const library = new Library(dataDir)
  library.setDays(partitionDays(dataDir))
  const desk = new Desk(dataDir)
  let out: Database.Database | null = null
  let turned = performance.now()
  const turn = async (): Promise<void> => {
    if (performance.now() - turned > SLICE) {
      await new Promise((resolve) => setImmediate(resolve))
      turned = performance.now()
    }
    signal.throwIfAborted()
  }
  try {
    desk.hold()
    const scope = { dataDir, library, desk, aliases: (name: string) => aliasTable.get(name) ?? [], now: Date.now() * 1000 }
    const head = desk.get<Row>('SELECT * FROM incident WHERE number = ?', number)
    if (!head) return fail({ code: 'not_found', message: `There is no incident ${number}.` })
    const id = Number(head['id'])
    const db = (out = new Database(part))
    db.pragma('page_size = 4096')
    db.pragma('journal_mode = OFF')
    db.pragma('synchronous = OFF')
    db.pragma(`application_id = ${CASE_APPLICATION}`)
    db.pragma(`user_version = ${CASE_VERSION}`)
    for (const { sql } of Object.values(TABLES)) db.exec(sql)
    const hashes = new Map(CONTENT.map((name) => [name, { hash: new TableHash(), place: 0 }]))
    const inserts = new Map(
      Object.entries(TABLES).map(([name, { columns }]) => [
        name,
        db.prepare(`INSERT INTO ${name} (${columns.map((c) => `"${c}"`).join()}) VALUES (${columns.map(() => '?').join()})`),
      ]),
    )
    const put = (table: ContentTable, ...values: (string | Uint8Array)[]): void => {
      const to = hashes.get(table)!
      const place = ++to.place
      to.hash.add([String(place), ...values])
      inserts.get(table)!.run(place, ...values)
    }
    db.exec('BEGIN')
    const events = new Set<number>()
    const assets = new Set<string>()
    const texts = new Set<number>()
    const alerts: number[] = []
    const cited = (text: string): void => {
      collectCites(JSON.parse(text) as Json, (cite) => {
        if (cite.kind === 'event') events.add(Number(cite.id))
        else if (cite.kind === 'asset') assets.add(cite.id)
      })
    }
    put('incident', number, rowJson(head))
    for (const row of desk.all<Row>(
      'SELECT i.number, l.kind FROM incident_link l JOIN incident i ON i.id = l.other WHERE l.incident = ? ORDER BY i.number',
      id,
    ))
      put('link', String(row['number']), rowJson(row))
    // Pages by rowid or key: no table is in memory as a whole.
    for (let after = ''; ;) {
      const page = desk.all<Row>(
        `SELECT * FROM incident_entry WHERE incident = ? AND id > ? ORDER BY id LIMIT ${PAGE}`,
        id,
        after,
      )
      for (const row of page) {
        put('entry', (after = String(row['id'])), rowJson(row))
        cited(String(row['body']))
      }
      await turn()
      if (page.length < PAGE) break
    }
    for (const kind of ['entity', 'edge', 'sentence', 'note', 'task', 'evidence', 'playbook'])
      for (let after = 0; ;) {
        const page = desk.all<Row>(
          `SELECT rowid AS r, * FROM incident_part WHERE incident = ? AND kind = ? AND rowid > ? ORDER BY rowid LIMIT ${PAGE}`,
          id,
          kind,
          after,
        )
        for (const { r, ...row } of page) {
          after = Number(r)
          put('part', `${kind}:${String(row['id'])}`, rowJson(row))
          cited(String(row['body']))
        }
        await turn()
        if (page.length < PAGE) break
      }
    for (let after = 0; ;) {
      const page = desk.all<Row>(
        `SELECT rowid AS r, * FROM incident_version WHERE incident = ? AND rowid > ? ORDER BY rowid LIMIT ${PAGE}`,
        id,
        after,
      )
      for (const { r, ...row } of page) {
        after = Number(r)
        put('version', `${String(row['kind'])}:${String(row['id'])}:${String(row['revision'])}`, rowJson(row))
        if (row['body'] !== null) cited(String(row['body']))
      }
      await turn()
      if (page.length < PAGE) break
    }
    const joined = desk.all<{ alert: number; at: number; by: string }>(
      'SELECT alert, at, by FROM incident_alert WHERE incident = ? ORDER BY alert',
      id,
    )
    for (const join of joined) {
      const row = desk.get<Row>('SELECT * FROM alert WHERE id = ?', join.alert)
      if (!row) continue
      alerts.push(join.alert)
      events.add(Number(row['event']))
      if (row['text'] !== null) texts.add(Number(row['text']))
      const own: number[] = []
      for (let after: string | null = null; ;) {
        const search = alertEvents({ id: String(join.alert), limit: 500, after }, scope)
        let step = search.next()
        while (!step.done) {
          await turn()
          step = search.next()
        }
        if (!step.value.ok) return step.value
        for (const event of step.value.value.events) own.push(Number(event.id))
        after = step.value.value.after
        if (after === null) break
      }
      for (const event of own) events.add(event)
      const hits = desk.all<Row>(
        'SELECT s.scenario, s.grp, s.fulfilled, s.steps FROM alert_hit a JOIN scenario_hit s ON s.seq = a.seq WHERE a.alert = ? AND a.day = -1 ORDER BY s.seq',
        join.alert,
      )
      const body = {
        ...(JSON.parse(rowJson(row)) as object),
        joined: { at: join.at, by: join.by },
        events: own.map(String),
        scenarios: hits,
      }
      put('alert', String(join.alert), canonical(body as unknown as Json))
      for (const action of desk.all<Row>(
        'SELECT id, step, at, by, action, verdict, why, rests_on, incident, reason, until, undone, alert FROM alert_action WHERE alert = ? ORDER BY id',
        join.alert,
      ))
        put('action', String(action['id']), rowJson(action))
      for (const one of desk.all<Row>('SELECT * FROM verification WHERE alert = ? ORDER BY number', join.alert)) {
        put('verification', `${join.alert}:${String(one['number'])}`, rowJson(one))
        cited(String(one['body']))
      }
      await turn()
    }
    for (const text of [...texts].sort((a, b) => a - b)) {
      const row = desk.get<Row>('SELECT * FROM detection_text WHERE id = ?', text)
      if (row) put('detection', String(text), rowJson(row))
    }
    const sources = new Set<string>()
    const ids = [...events].sort((a, b) => a - b)
    for (const [i, event] of ids.entries()) {
      const found = getEvent({ id: String(event) }, scope)
      const raw = found.ok ? rawById([event], scope)[0] : null
      // One that is gone from the desk is gone from the case too.
      if (!found.ok || !raw) continue
      const { raw: _, rawBase64: __, ...body } = found.value
      sources.add(body.source)
      put('event', String(event), canonical(body as unknown as Json), raw)
      if (i % 50 === 0) progress?.({ step: 'events', done: i, of: ids.length })
      await turn()
    }
    for (const source of [...sources].sort()) {
      const row = desk.get<Row>('SELECT settings FROM source WHERE id = ?', source)
      // Only its name: paths, addresses and keys of the first desk stay there.
      const name = row ? (JSON.parse(String(row['settings'])) as { name?: string }).name : undefined
      put('source', source, canonical({ name: name ?? source }))
    }
    for (const asset of [...assets].sort()) {
      const row = desk.get<Row>('SELECT id, body FROM asset WHERE id = ?', asset)
      if (row) put('asset', asset, rowJson(row))
    }
    const blobs = new Map<string, { id: string; bytes: number }>()
    const folder = join(dataDir, 'evidence', number)
    const there = new Set(existsSync(folder) ? readdirSync(folder) : [])
    for (const { id: of, body, gone } of desk.all<{ id: string; body: string; gone: number }>(
      "SELECT id, body, gone FROM incident_part WHERE incident = ? AND kind = 'evidence' ORDER BY rowid",
      id,
    )) {
      const item = Evidence.omit({ id: true }).parse(JSON.parse(body))
      if (there.has(item.sha256)) blobs.set(item.sha256, { id: of, bytes: item.bytes })
      else if (gone === 0 && item.state !== 'missing')
        return fail({ code: 'conflict', message: `The copy of ${of} is not in the evidence folder: check the evidence first.` })
    }
    for (const [hash, { id: of }] of [...blobs].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const whole = new BlobHash()
      for await (const data of createReadStream(join(folder, hash), { highWaterMark: BLOB_BYTES }) as AsyncIterable<Buffer>) {
        whole.add(data)
        put('blob', hash, data)
        signal.throwIfAborted()
      }
      if (whole.rows === 0) put('blob', hash, new Uint8Array())
      if (whole.hash !== hash)
        return fail({ code: 'conflict', message: `The copy of ${of} was altered: check the evidence first.` })
    }
    let ledger = { entries: 0, first: '', last: '' }
    for (let after = 0; ;) {
      const page = desk.all<Record<string, string> & { number: number }>(
        `SELECT book, number, at, by, action, subject, body, previous, hash FROM ledger WHERE book = ? AND number > ? ORDER BY number LIMIT ${PAGE}`,
        number,
        after,
      )
      for (const row of page) {
        after = row.number
        put('ledger', ...['book', 'at', 'by', 'action', 'subject', 'body', 'previous', 'hash'].map((name) => row[name] ?? ''))
        const hash = row['hash'] ?? ''
        ledger = { entries: after, first: ledger.first || hash, last: hash }
      }
      await turn()
      if (page.length < PAGE) break
    }
    const tables = Object.fromEntries([...hashes].map(([name, { hash }]) => [name, hash.sum]))
    const manifest = Manifest.parse({
      format: 'watchfloor-case',
      version: CASE_VERSION,
      incident: number,
      title: String(head['title']),
      made: new Date().toISOString(),
      by,
      desk: hostname(),
      software: VERSION,
      ledger,
      tables,
      content: contentHash(tables),
    })
    const text = canonical(manifest as unknown as Json)
    inserts.get('manifest')!.run(1, text, sha256(text))
    db.exec('COMMIT')
    db.pragma('synchronous = FULL')
    db.close()
    out = null
    progress?.({ step: 'writing', done: 0, of: 0 })
    const whole = new BlobHash()
    for await (const data of createReadStream(part, { highWaterMark: BLOB_BYTES }) as AsyncIterable<Buffer>) {
      whole.add(data)
      signal.throwIfAborted()
    }
    await syncFile(part)
    await takeName(part, path)
    const { content } = manifest
    return ok({
      path,
      bytes: statSync(path).size,
      content,
      sha256: whole.hash,
      events: tables['event']?.rows ?? 0,
      alerts: alerts.length,
      evidence: blobs.size,
    })
  } catch (error) {
    if (signal.aborted) return fail({ code: 'cancelled', message: 'The export was cancelled; nothing was written.' })
    const code = error instanceof Error && 'code' in error ? error.code : null
    if (code === 'EEXIST') return fail({ code: 'conflict', message: `${path} is there already.` })
    if (code === 'ENOSPC' || code === 'SQLITE_FULL')
      return fail({ code: 'disk_full', message: 'There is no room on the disk for the case.' })
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'SQLITE_CANTOPEN' || code === 'SQLITE_READONLY')
      return fail({ code: 'invalid_input', message: `Nothing can be written to ${dirname(path)}.`, path: 'path' })
    throw error
  } finally {
    out?.close()
    rmSync(part, { force: true })
    desk.close()
    library.close()
  }
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

class BlobHash {
  readonly #hash = createHash('sha256')
  rows = 0
  add(data: Uint8Array): void {
    this.#hash.update(data)
    this.rows++
  }
  get hash(): string {
    return this.#hash.digest('hex')
  }
}
