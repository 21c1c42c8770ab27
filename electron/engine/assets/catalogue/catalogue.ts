/**
 * Vulnerability data in a file of its own beside the desk: it can be imported again, so it needs no backup, and a year of CVE records does
 * not weigh on the desk's database. Only the thread of `assets.worker.ts` opens it.
 */
import { renameSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { CatalogueCounts } from '../../../../shared/asset-contract.ts'
import { FIXED_STATES, type Exploited, type FixedState, type MatchedBy } from '../../../../shared/model/asset.ts'
import { SEVERITIES, type Severity } from '../../../../shared/model/severity.ts'
import { isDamage, openForWriting, prepared, type WriteDatabase } from '../../store/database.ts'
import { migrate, schemaState } from '../../store/migrations/migrate.ts'
import { ANY, parseCpe, type Cpe } from '../cpe/cpe-name.ts'
import type { Criterion } from '../cpe/criterion.ts'
import type { Statement, VulnerabilityItem, VulnerabilityRecord } from '../vulnerabilities/define.ts'
import { criteriaOf, criterionOfStored, nodeOfStored, storedCriterion, storedNode } from './condition-text.ts'
import { judgeConditions, judgeStatement, type Judged } from './judge.ts'

export interface WantedProduct {
  readonly cpe: string
  readonly how: 'cpe' | 'product'
}

/** A CVE that speaks of a product; `product` is its place in what was asked. */
export interface Match extends Judged {
  readonly cve: string
  readonly product: number
  readonly how: MatchedBy
  readonly source: string
  readonly remedy: string
}

/** What is known of a CVE apart from any product. */
export interface CveDetail {
  readonly cve: string
  readonly title: string
  readonly score: number | null
  readonly vector: string
  readonly severity: Severity
  readonly exploited: Exploited | null
  readonly epss: number | null
}

export interface Written {
  added: number
  changed: number
}

const Body = z.object({
  title: z.string(),
  score: z.number().nullable(),
  vector: z.string(),
  severity: z.enum(SEVERITIES),
  conditions: z.array(z.unknown()),
})
const StatementBody = z.object({
  state: z.enum(FIXED_STATES),
  criteria: z.array(
    z.tuple([z.string(), z.string().nullable(), z.string().nullable(), z.string().nullable(), z.string().nullable()]),
  ),
  product: z.string(),
  remedy: z.string(),
})

const MOST_MATCHES = 20_000
const MOST_KEYS = 2000
const FILE = 'vulnerabilities.db'

export class Catalogue {
  readonly #db: WriteDatabase
  #document: { readonly id: string; readonly taken: boolean } | null = null
  #number = 0

  constructor(db: WriteDatabase) {
    this.#db = db
  }

  /** Made where it is missing; a damaged one is put aside, since all of it can be imported again. Null where a newer version wrote it. */
  static open(dataDir: string): Catalogue | null {
    const path = join(dataDir, FILE)
    const opened = (): Catalogue | null => {
      const db = openForWriting(path, 'vulnerabilities')
      try {
        const state = schemaState(db, 'vulnerabilities')
        if (state === 'newer') {
          db.close()
          return null
        }
        if (state === 'foreign') throw Object.assign(new Error('no catalogue'), { code: 'SQLITE_NOTADB' })
        migrate(db, 'vulnerabilities')
        return new Catalogue(db)
      } catch (error) {
        db.close()
        throw error
      }
    }
    try {
      return opened()
    } catch (error) {
      if (!isDamage(error)) throw error
      for (const end of ['-wal', '-shm']) rmSync(`${path}${end}`, { force: true })
      if (existsSync(path)) renameSync(path, `${path}.damaged-${Date.now()}`)
      return opened()
    }
  }

  /** In one transaction. */
  write(items: readonly VulnerabilityItem[]): Written {
    const written: Written = { added: 0, changed: 0 }
    this.#db.transaction(() => {
      for (const item of items) this.#write(item, written)
    })()
    return written
  }

  #write(item: VulnerabilityItem, written: Written): void {
    const run = (sql: string, ...values: unknown[]): number => prepared(this.#db, sql).run(...values).changes
    switch (item.kind) {
      case 'vulnerability':
        return this.#writeRecord(item.record, written)
      case 'document': {
        const known = prepared(this.#db, 'SELECT version FROM document WHERE id = ?').pluck().get(item.id) as string | undefined
        const taken = known === undefined || item.version >= known
        this.#document = { id: item.id, taken }
        this.#number = 0
        if (!taken) return
        run('DELETE FROM statement WHERE document = ?', item.id)
        run('INSERT OR REPLACE INTO document VALUES (?, ?, ?)', item.id, item.publisher, item.version)
        return
      }
      case 'statement':
        if (this.#document?.taken !== true) return
        this.#writeStatement(this.#document.id, item.statement)
        written.added++
        return
      case 'exploited': {
        const known = prepared(this.#db, 'SELECT 1 FROM exploited WHERE cve = ?').get(item.cve) !== undefined
        run(
          'INSERT OR REPLACE INTO exploited VALUES (?, ?, ?, ?, ?)',
          item.cve,
          item.added,
          item.due,
          item.ransomware ? 1 : 0,
          item.title,
        )
        if (known) written.changed++
        else written.added++
        return
      }
      case 'score': {
        const before = prepared(this.#db, 'SELECT date FROM epss WHERE cve = ?').pluck().get(item.cve) as string | undefined
        if (before !== undefined && before > item.date) return
        run('INSERT OR REPLACE INTO epss VALUES (?, ?, ?)', item.cve, item.epss, item.date)
        if (before === undefined) written.added++
        else written.changed++
      }
    }
  }

  #writeRecord({ cve, source, modified, conditions, ...rest }: VulnerabilityRecord, written: Written): void {
    const before = prepared(this.#db, 'SELECT source, modified FROM vulnerability WHERE cve = ?').get(cve) as
      { source: string; modified: string } | undefined
    // An advisory tells of a CVE what NVD tells more of.
    if (
      before !== undefined &&
      (conditions.length === 0 && source !== 'NVD' ? true : before.source === 'NVD' && before.modified > modified)
    )
      return
    const body = JSON.stringify({ ...rest, conditions: conditions.map(storedNode) })
    prepared(this.#db, 'INSERT OR REPLACE INTO vulnerability VALUES (?, ?, ?, ?)').run(cve, source, modified, body)
    if (before !== undefined) prepared(this.#db, 'DELETE FROM product WHERE cve = ?').run(cve)
    const keys = new Set<string>()
    for (const condition of conditions)
      for (const { criterion, vulnerable } of criteriaOf(condition))
        if (vulnerable && keys.size < MOST_KEYS) keys.add(`${criterion.cpe.product}\0${criterion.cpe.vendor}`)
    for (const key of keys) {
      const [product, vendor] = key.split('\0')
      prepared(this.#db, 'INSERT OR IGNORE INTO product VALUES (?, ?, ?)').run(product, vendor, cve)
    }
    if (before === undefined) written.added++
    else written.changed++
  }

  #writeStatement(document: string, { cve, state, criteria, product, remedy }: Statement): void {
    const body = JSON.stringify({ state, criteria: criteria.map(storedCriterion), product, remedy })
    for (const key of new Set(criteria.map(({ cpe }) => cpe.product)))
      prepared(this.#db, 'INSERT OR REPLACE INTO statement VALUES (?, ?, ?, ?, ?)').run(key, cve, document, ++this.#number, body)
  }

  counts(): CatalogueCounts {
    const count = (table: string): number => prepared(this.#db, `SELECT count(*) FROM ${table}`).pluck().get() as number
    return {
      vulnerabilities: count('vulnerability'),
      statements: count('statement'),
      exploited: count('exploited'),
      scores: count('epss'),
    }
  }

  /** Every CVE that speaks of one of the products, with what it means for it. They stand on one asset. */
  match(wanted: readonly WantedProduct[]): { readonly matches: readonly Match[]; readonly complete: boolean } {
    const products = wanted.map(({ cpe }) => {
      const parsed = parseCpe(cpe)
      return parsed.ok ? parsed.value : null
    })
    const all = products.filter((product) => product !== null)
    const matches: Match[] = []
    for (const [at, cpe] of products.entries()) {
      if (cpe === null) continue
      const said = this.#statements(cpe)
      for (const [cve, one] of said) matches.push({ cve, product: at, ...one })
      for (const row of this.#candidates(cpe)) {
        if (matches.length >= MOST_MATCHES) return { matches, complete: false }
        // What its maker says of the product counts more.
        if (said.has(row.cve)) continue
        const body = Body.safeParse(JSON.parse(row.body))
        if (!body.success) continue
        const conditions = body.data.conditions.map(nodeOfStored).filter((node) => node !== null)
        const judged = judgeConditions(conditions, cpe, all)
        if (judged) matches.push({ cve: row.cve, product: at, ...judged, how: wanted[at]!.how, source: row.source, remedy: '' })
      }
    }
    return { matches, complete: true }
  }

  *#candidates(cpe: Cpe): Generator<{ readonly cve: string; readonly source: string; readonly body: string }> {
    const columns =
      'SELECT DISTINCT v.cve, v.source, v.body FROM product p JOIN vulnerability v ON v.cve = p.cve WHERE p.product = ?'
    const found =
      cpe.vendor === ANY
        ? prepared(this.#db, `${columns} ORDER BY v.cve DESC`).all(cpe.product)
        : prepared(this.#db, `${columns} AND p.vendor IN (?, '*') ORDER BY v.cve DESC`).all(cpe.product, cpe.vendor)
    yield* found as { cve: string; source: string; body: string }[]
  }

  /** By CVE; of several documents the one that was released last. */
  #statements(cpe: Cpe): Map<string, Omit<Match, 'cve' | 'product'>> {
    const found = new Map<string, Omit<Match, 'cve' | 'product'>>()
    const rows = prepared(
      this.#db,
      'SELECT s.cve, s.document, s.body FROM statement s JOIN document d ON d.id = s.document WHERE s.product = ? ORDER BY d.version, s.number',
    ).all(cpe.product) as { cve: string; document: string; body: string }[]
    for (const { cve, document, body } of rows) {
      const read = StatementBody.safeParse(JSON.parse(body))
      if (!read.success) continue
      const criteria = read.data.criteria.map(criterionOfStored).filter((one): one is Criterion => one !== null)
      const detail = judgeStatement(criteria, cpe)
      if (detail === null) continue
      const state: FixedState = read.data.state
      found.set(cve, {
        state,
        detail: `${read.data.product} (${detail})`.slice(0, 2000),
        how: 'statement',
        source: document,
        remedy: read.data.remedy,
      })
    }
    return found
  }

  describe(cves: readonly string[]): CveDetail[] {
    return cves.map((cve) => {
      const row = prepared(this.#db, 'SELECT body FROM vulnerability WHERE cve = ?').pluck().get(cve) as string | undefined
      const body = row === undefined ? null : Body.safeParse(JSON.parse(row))
      const known = body?.success === true ? body.data : null
      const exploited = prepared(this.#db, 'SELECT added, due, ransomware, title FROM exploited WHERE cve = ?').get(cve) as
        { added: string; due: string; ransomware: number; title: string } | undefined
      const epss = prepared(this.#db, 'SELECT epss FROM epss WHERE cve = ?').pluck().get(cve) as number | undefined
      return {
        cve,
        title: known?.title ?? exploited?.title ?? '',
        score: known?.score ?? null,
        vector: known?.vector ?? '',
        severity: known?.severity ?? 'info',
        exploited: exploited ? { added: exploited.added, due: exploited.due, ransomware: exploited.ransomware === 1 } : null,
        epss: epss ?? null,
      }
    })
  }

  close(): void {
    this.#db.close()
  }
}
