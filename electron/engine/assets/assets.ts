/**
 * Customers, assets and their weaknesses, in memory and in the desk. Lookups are synchronous: they are asked for each alert. Changes go
 * one after the other through the store, and count once they are stored.
 */
import { randomUUID } from 'node:crypto'
import type { AssetDraft, WeaknessCounts } from '../../../shared/asset-contract.ts'
import type { Asset, AssetFinding, Customer, Weakness } from '../../../shared/model/asset.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import { isoFromMicros, microsFromIso } from '../../../shared/model/time.ts'
import type { Store } from '../store/types.ts'
import { isPrivate } from './address-range.ts'
import { AssetWorker } from './catalogue/asset-worker.ts'
import { Directory, MOST_ASSETS } from './directory.ts'
import { refuseDraft, registered } from './register.ts'
import { WeakPoints, type ExposureAnswer } from './weak-points.ts'

/** What is known of the end of an alert. */
export interface AssetAnswer {
  readonly asset: Asset
  readonly customer: Customer | null
  /** Of the asset; what was only observed is marked so. Their places are those that `Weakness.service` names only where no time is given. */
  readonly services: Asset['services']
  readonly weaknesses: readonly Weakness[]
}

/** An observed service that was not seen in this long before the time that is asked about is no more (microseconds). */
const STALE = 30 * 86_400_000_000

export class Assets {
  readonly #store: Store
  readonly worker: AssetWorker
  readonly directory = new Directory()
  readonly weak: WeakPoints
  readonly #customers = new Map<string, Customer>()
  readonly #listeners = new Set<() => void>()
  readonly #ofInventory = new Set<() => void>()
  /** Changes, one after the other. */
  #last: Promise<unknown> = Promise.resolve()
  #revision = 0

  constructor(store: Store, dataDir: string) {
    this.#store = store
    this.worker = new AssetWorker(dataDir)
    this.weak = new WeakPoints(this.worker, () => this.#tell())
  }

  /** Reads all of them. */
  async start(): Promise<void> {
    const customers = await this.#store.assets.customers()
    if (customers.ok) for (const customer of customers.value) this.#customers.set(customer.id, customer)
    let after: string | null = null
    do {
      const page: Awaited<ReturnType<Store['assets']['assets']>> = await this.#store.assets.assets(after)
      if (!page.ok) break
      for (const asset of page.value.assets) this.directory.put(asset)
      after = page.value.after
    } while (after !== null)
    const findings = await this.#store.assets.findings()
    if (findings.ok) this.weak.addFindings(findings.value)
    for (const asset of this.directory.all()) this.weak.look(asset)
  }

  /* ------------------------------------------------------------ lookups */

  /** The asset with this address, else the one with the smallest network that it is in; null where there is none. `time` in microseconds. */
  byAddress(address: string, time?: number): AssetAnswer | null {
    const asset = this.directory.withAddress(address)[0]
    return asset ? this.#answer(asset, address, time) : null
  }
  /** The asset with this host name. */
  byName(host: string, time?: number): AssetAnswer | null {
    const asset = this.directory.withName(host)[0]
    return asset ? this.#answer(asset, asset.addresses[0] ?? asset.seen.addresses[0] ?? '', time) : null
  }
  get(id: string): Asset | null {
    return this.directory.get(id) ?? null
  }
  /** All of every state: the known exploited first, then by score. */
  weaknessesOf(id: string): readonly Weakness[] {
    const asset = this.directory.get(id)
    return asset ? this.weak.of(asset) : []
  }
  /** Whether the asset has this vulnerability, and the rows that say so. Another service than the attacked one may be meant: see their `service`. */
  exposed(id: string, cve: string): ExposureAnswer {
    const asset = this.directory.get(id)
    return asset ? this.weak.exposed(asset, cve) : { state: 'unknown', rows: [] }
  }
  weaknessCounts(asset: Asset): WeaknessCounts {
    return this.weak.counts(asset)
  }
  /** The asset's own customer, else the one in whose network it is. */
  customerOf(asset: Asset, address = asset.addresses[0] ?? asset.seen.addresses[0] ?? ''): Customer | null {
    const own = asset.customer === null ? undefined : this.#customers.get(asset.customer)
    if (own) return own
    const around = address === '' ? undefined : this.directory.withAddress(address).find(({ customer }) => customer !== null)
    return (around?.customer && this.#customers.get(around.customer)) || null
  }
  /** Whether an address may be one of ours: private (RFC 1918, RFC 4193), or in what is registered. */
  isOurs(address: string): boolean {
    return isPrivate(address) || this.directory.withAddress(address).some(({ observed }) => !observed)
  }

  #answer(asset: Asset, address: string, time: number | undefined): AssetAnswer {
    const services =
      time === undefined
        ? asset.services
        : asset.services.filter(
            ({ observed, lastSeen }) => !observed || lastSeen === null || (microsFromIso(lastSeen) ?? Infinity) >= time - STALE,
          )
    return { asset, customer: this.customerOf(asset, address), services, weaknesses: this.weak.of(asset) }
  }

  /* ------------------------------------------------------------ what there is */

  get customers(): readonly Customer[] {
    return [...this.#customers.values()].sort((a, b) => a.name.localeCompare(b.name))
  }
  customer(id: string): Customer | null {
    return this.#customers.get(id) ?? null
  }
  /** By its name, whatever the case. */
  customerNamed(name: string): Customer | null {
    const wanted = name.trim().toLowerCase()
    return this.customers.find((customer) => customer.name.toLowerCase() === wanted) ?? null
  }
  get revision(): number {
    return this.#revision
  }
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }
  /**
   * Somebody said something new of assets or of vulnerabilities: by hand or by an import, not by what is observed all the time. Told when
   * it is known what is weak in them.
   */
  onInventory(listener: () => void): () => void {
    this.#ofInventory.add(listener)
    return () => void this.#ofInventory.delete(listener)
  }
  /** For imports, at their end; a change by hand tells it itself. */
  async inventoryChanged(): Promise<void> {
    await this.weak.settled()
    for (const listener of this.#ofInventory) listener()
  }
  #tell(): void {
    this.#revision++
    for (const listener of this.#listeners) listener()
  }

  /* ------------------------------------------------------------ changes */

  async saveCustomer(input: Omit<Customer, 'id'> & { readonly id: string | null }): Promise<Result<Customer>> {
    return this.#inTurn(async () => {
      const customer: Customer = { ...input, id: input.id ?? randomUUID() }
      if (input.id !== null && !this.#customers.has(input.id)) return notFound('customer')
      const other = this.customerNamed(customer.name)
      if (other && other.id !== customer.id)
        return fail({ code: 'conflict', message: `Another customer has the name ${other.name}.` })
      const saved = await this.#store.assets.saveCustomers([customer])
      if (!saved.ok) return saved
      this.#customers.set(customer.id, customer)
      this.#tell()
      return ok(customer)
    })
  }

  async removeCustomer(id: string): Promise<Result<null>> {
    return this.#inTurn(async () => {
      if (!this.#customers.has(id)) return notFound('customer')
      for (const asset of this.directory.all())
        if (asset.customer === id) return fail({ code: 'conflict', message: 'It still has assets.' })
      const removed = await this.#store.assets.removeCustomer(id)
      if (!removed.ok) return removed
      this.#customers.delete(id)
      this.#tell()
      return ok(null)
    })
  }

  /** What a person entered. */
  async save(draft: AssetDraft): Promise<Result<Asset>> {
    return this.#inTurn(async () => {
      const before = draft.id === null ? null : this.get(draft.id)
      if (draft.id !== null && before === null) return notFound('asset')
      if (before === null && this.directory.size - this.directory.observed >= MOST_ASSETS)
        return fail({ code: 'conflict', message: `There are ${MOST_ASSETS} assets, which is the most there are.` })
      if (draft.customer !== null && !this.#customers.has(draft.customer)) return notFound('customer')
      const refused = refuseDraft(draft, this.directory)
      if (refused) return fail(refused)
      const asset = registered(draft, before, isoFromMicros(Date.now() * 1000))
      const saved = await this.#put([asset], [])
      if (!saved.ok) return saved
      void this.inventoryChanged()
      return ok(asset)
    })
  }

  async remove(ids: readonly string[]): Promise<Result<null>> {
    return this.#inTurn(async () => {
      if (!ids.some((id) => this.directory.get(id))) return notFound('asset')
      const removed = await this.#store.assets.remove(ids)
      if (!removed.ok) return removed
      for (const id of ids) {
        this.directory.drop(id)
        this.weak.drop(id)
      }
      this.#tell()
      void this.inventoryChanged()
      return ok(null)
    })
  }

  /** For imports and what observes: makes whole assets of what is there now; nothing else changes in between. */
  async change(
    make: () => {
      readonly assets: readonly Asset[]
      readonly findings: readonly AssetFinding[]
      readonly customers?: readonly Customer[]
    },
  ): Promise<Result<null>> {
    return this.#inTurn(async () => {
      const { assets, findings, customers = [] } = make()
      if (customers.length > 0) {
        const saved = await this.#store.assets.saveCustomers(customers)
        if (!saved.ok) return saved
        for (const customer of customers) this.#customers.set(customer.id, customer)
      }
      return assets.length > 0 || findings.length > 0 ? this.#put(assets, findings) : ok(null)
    })
  }

  async #put(assets: readonly Asset[], findings: readonly AssetFinding[]): Promise<Result<null>> {
    const saved = await this.#store.assets.save(assets, findings)
    if (!saved.ok) return saved
    for (const asset of assets) this.directory.put(asset)
    this.weak.addFindings(findings)
    const touched = new Set([...assets.map(({ id }) => id), ...findings.map(({ asset }) => asset)])
    for (const id of touched) {
      const asset = this.directory.get(id)
      if (asset) this.weak.look(asset)
    }
    this.#tell()
    return ok(null)
  }

  /** The catalogue has new data. */
  catalogueChanged(): void {
    this.weak.lookAgain(this.directory.all())
    this.#tell()
  }

  #inTurn<T>(work: () => Promise<Result<T>>): Promise<Result<T>> {
    const done = this.#last.then(work, work)
    this.#last = done.catch(() => undefined)
    return done
  }

  async close(): Promise<void> {
    await this.#last
    await this.weak.close()
    await this.worker.close()
  }
}

const notFound = (what: 'asset' | 'customer') => fail({ code: 'not_found' as const, message: `There is no such ${what}.` })
