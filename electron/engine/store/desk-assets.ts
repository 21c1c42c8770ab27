/** Customers, assets and what scanners found on them, in the desk's database. What is read back and is none (an older or a changed file) is left out. */
import { Asset, AssetFinding, Customer } from '../../../shared/model/asset.ts'
import { prepared, type WriteDatabase } from './database.ts'

export interface AssetPage {
  readonly assets: readonly Asset[]
  /** Id to go on behind; null at the end. */
  readonly after: string | null
}

const PAGE = 500

export class DeskAssets {
  readonly #db: WriteDatabase

  constructor(db: WriteDatabase) {
    this.#db = db
  }

  customers(): Customer[] {
    return this.#read('SELECT body FROM customer ORDER BY id', Customer)
  }

  /** In pages, so that commits go on between them. */
  assets(after: string | null): AssetPage {
    const rows = prepared(this.#db, `SELECT id, body FROM asset WHERE id > ? ORDER BY id LIMIT ${PAGE}`).all(after ?? '') as {
      id: string
      body: string
    }[]
    return {
      assets: rows.flatMap(({ body }) => parsed(body, Asset)),
      after: rows.length < PAGE ? null : (rows.at(-1)?.id ?? null),
    }
  }

  findings(): AssetFinding[] {
    return this.#read('SELECT body FROM asset_finding ORDER BY asset, cve', AssetFinding)
  }

  saveCustomers(customers: readonly Customer[]): void {
    const save = prepared(this.#db, 'INSERT OR REPLACE INTO customer VALUES (?, ?)')
    this.#db.transaction(() => {
      for (const customer of customers) save.run(customer.id, JSON.stringify(customer))
    })()
  }

  removeCustomer(id: string): void {
    prepared(this.#db, 'DELETE FROM customer WHERE id = ?').run(id)
  }

  save(assets: readonly Asset[], findings: readonly AssetFinding[]): void {
    const save = prepared(this.#db, 'INSERT OR REPLACE INTO asset VALUES (?, ?)')
    const add = prepared(this.#db, 'INSERT OR REPLACE INTO asset_finding VALUES (?, ?, ?, ?, ?)')
    this.#db.transaction(() => {
      for (const asset of assets) save.run(asset.id, JSON.stringify(asset))
      for (const finding of findings)
        add.run(finding.asset, finding.cve, finding.port ?? -1, finding.transport, JSON.stringify(finding))
    })()
  }

  remove(ids: readonly string[]): void {
    this.#db.transaction(() => {
      for (const id of ids) {
        prepared(this.#db, 'DELETE FROM asset WHERE id = ?').run(id)
        prepared(this.#db, 'DELETE FROM asset_finding WHERE asset = ?').run(id)
      }
    })()
  }

  /** Events with ids below this have been looked through for assets; 0 before the first time. */
  observedTo(): number {
    return (prepared(this.#db, 'SELECT event FROM observed_mark').pluck().get() as number | undefined) ?? 0
  }

  setObservedTo(event: number): void {
    prepared(this.#db, 'INSERT OR REPLACE INTO observed_mark VALUES (1, ?)').run(event)
  }

  #read<T>(sql: string, schema: Schema<T>): T[] {
    return (prepared(this.#db, sql).pluck().all() as string[]).flatMap((body) => parsed(body, schema))
  }
}

interface Schema<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false }
}
function parsed<T>(body: string, schema: Schema<T>): T[] {
  const read = schema.safeParse(JSON.parse(body))
  return read.success ? [read.data] : []
}
