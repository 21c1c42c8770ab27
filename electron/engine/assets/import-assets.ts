/** Files of assets and vulnerability data, one after the other, into the desk and into the catalogue. */
import { randomUUID } from 'node:crypto'
import { basename } from 'node:path'
import type { AssetImportFile } from '../../../shared/asset-contract.ts'
import type { Asset, AssetFinding, Customer } from '../../../shared/model/asset.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import { isoFromMicros } from '../../../shared/model/time.ts'
import { addressNumber } from './address-range.ts'
import type { Assets } from './assets.ts'
import { MOST_ASSETS } from './directory.ts'
import type { GivenAsset, GivenCustomer, GivenFinding, InventoryItem } from './inventories/define.ts'
import { imported } from './register.ts'

export interface AssetImportProgress {
  readonly file: string
  readonly bytes: number
  readonly of: number
  readonly rows: number
  readonly wrong: number
}

/**
 * Recognises and reads each file; what cannot be read is said in its row of the answer. A cancel ends with `cancelled`; what was read
 * before it stays. Errors besides: those of the store.
 */
export async function importAssets(
  assets: Assets,
  asked: { readonly paths: readonly string[]; readonly customer: string | null },
  progress: (progress: AssetImportProgress) => void,
  signal: AbortSignal,
): Promise<Result<{ files: AssetImportFile[] }>> {
  if (asked.customer !== null && !assets.customer(asked.customer))
    return fail({ code: 'not_found', message: 'There is no such customer.' })
  const files: AssetImportFile[] = []
  let catalogue = false
  try {
    for (const path of asked.paths) {
      if (signal.aborted) break
      const rows = new Rows(assets, asked.customer, basename(path).slice(0, 200))
      let problem: Result<null> = ok(null)
      const read = await assets.worker.read(
        path,
        {
          async items(items) {
            problem = await rows.take(items)
            if (!problem.ok) throw new Error(problem.error.message)
          },
          progress: (done) => progress({ file: path, ...done }),
        },
        signal,
      )
      if (!problem.ok) return problem
      if (!read.ok) return read
      const { kind, added, changed, problems, ...rest } = read.value
      if (kind === 'vulnerabilities') catalogue = true
      const own = kind === 'inventory' ? { added: rows.added, changed: rows.changed } : { added, changed }
      files.push({ path, ...rest, ...own, problems: [...problems] })
    }
  } finally {
    if (catalogue) assets.catalogueChanged()
    void assets.inventoryChanged()
  }
  return signal.aborted
    ? fail({ code: 'cancelled', message: 'The import was stopped; what was read before stays.' })
    : ok({ files })
}

/** Rows of one file over what there is. */
class Rows {
  readonly #assets: Assets
  readonly #customer: string | null
  readonly #source: string
  readonly #added = new Set<string>()
  readonly #changed = new Set<string>()

  constructor(assets: Assets, customer: string | null, source: string) {
    this.#assets = assets
    this.#customer = customer
    this.#source = source
  }
  get added(): number {
    return this.#added.size
  }
  get changed(): number {
    return this.#changed.size
  }

  take(items: readonly InventoryItem[]): Promise<Result<null>> {
    return this.#assets.change(() => {
      const time = isoFromMicros(Date.now() * 1000)
      const batch = new Batch(this.#assets)
      for (const item of items) {
        if (item.kind === 'customer') batch.customer(item.customer)
        else if (item.kind === 'asset') this.#put(batch, item.asset, time)
        else if (item.kind === 'finding') this.#find(batch, item.finding, time)
      }
      return batch.made()
    })
  }

  #put(batch: Batch, row: GivenAsset, time: string): Asset | null {
    const customer = row.customer === undefined ? this.#customer : batch.customerId(row.customer)
    const before = batch.known(row, customer)
    if (before === null && batch.full) return null
    const asset = imported(row, customer, before, this.#source, time)
    batch.put(asset)
    if (before === null) this.#added.add(asset.id)
    else if (!this.#added.has(asset.id)) this.#changed.add(asset.id)
    return asset
  }

  #find(batch: Batch, { host, ...finding }: GivenFinding, time: string): void {
    const address = addressNumber(host) !== null
    const row: GivenAsset = address ? { addresses: [host] } : { name: host }
    const asset = batch.known(row, this.#customer) ?? this.#put(batch, row, time)
    if (asset === null) return
    const { solution, ...rest } = finding
    const before = this.#assets.weak.finding(asset.id, finding)
    batch.findings.push({
      asset: asset.id,
      ...rest,
      solution,
      source: this.#source,
      firstSeen: before?.firstSeen ?? time,
      lastSeen: time,
    })
    if (!this.#added.has(asset.id)) this.#changed.add(asset.id)
  }
}

/** What a batch of rows makes: later rows see what earlier ones made. */
class Batch {
  readonly #assets: Assets
  readonly #made = new Map<string, Asset>()
  readonly #byKey = new Map<string, string>()
  readonly #customers = new Map<string, Customer>()
  readonly findings: AssetFinding[] = []

  constructor(assets: Assets) {
    this.#assets = assets
  }

  get full(): boolean {
    const { size, observed } = this.#assets.directory
    return size - observed + this.#made.size >= MOST_ASSETS
  }

  customer({ id, ...rest }: GivenCustomer): void {
    const before = (id === undefined ? null : this.#assets.customer(id)) ?? this.#named(rest.name)
    const customer: Customer = { ...rest, id: before?.id ?? id ?? randomUUID(), contacts: [...rest.contacts] }
    this.#customers.set(customer.id, customer)
  }

  /** By id or name; made where there is none. */
  customerId(text: string): string {
    const known = this.#assets.customer(text) ?? this.#customers.get(text) ?? this.#named(text)
    if (known) return known.id
    const customer: Customer = { id: randomUUID(), name: text.slice(0, 200), contacts: [], note: '' }
    this.#customers.set(customer.id, customer)
    return customer.id
  }
  #named(name: string): Customer | null {
    const wanted = name.trim().toLowerCase()
    return [...this.#customers.values()].find((one) => one.name.toLowerCase() === wanted) ?? this.#assets.customerNamed(name)
  }

  /** The asset that a row means: by its id, by an address, by its name. One that was only observed is registered by it. */
  known(row: GivenAsset, customer: string | null): Asset | null {
    const { directory } = this.#assets
    const fits = (asset: Asset): boolean => customer === null || asset.customer === null || asset.customer === customer
    if (row.id !== undefined) {
      const found = this.#made.get(row.id) ?? directory.get(row.id)
      if (found) return found
    }
    const keys = [...(row.addresses ?? []), ...(row.name === undefined ? [] : [row.name.toLowerCase()])]
    for (const key of keys) {
      const made = this.#made.get(this.#byKey.get(key) ?? '')
      if (made && fits(made)) return made
    }
    for (const address of row.addresses ?? []) {
      const found = directory
        .withAddress(address)
        .find(
          (asset) =>
            fits(asset) && (asset.addresses.includes(address) || (asset.observed && asset.seen.addresses.includes(address))),
        )
      if (found) return this.#made.get(found.id) ?? found
    }
    const named = row.name === undefined ? undefined : directory.withName(row.name).find(fits)
    return named === undefined ? null : (this.#made.get(named.id) ?? named)
  }

  put(asset: Asset): void {
    this.#made.set(asset.id, asset)
    for (const key of [...asset.addresses, asset.name.toLowerCase()]) this.#byKey.set(key, asset.id)
  }

  made() {
    return { assets: [...this.#made.values()], findings: this.findings, customers: [...this.#customers.values()] }
  }
}
