/** Assets in memory: by id, by address, by name. */
import type { Asset } from '../../../shared/model/asset.ts'
import { addressNumber, prefixOf, rangeOf } from './address-range.ts'

/** Where more was registered than this, later assets are refused. */
export const MOST_ASSETS = 100_000
/** Assets that are only observed. */
export const MOST_OBSERVED = 20_000

const nameKey = (name: string): string => name.trim().toLowerCase().replace(/\.$/, '')

export class Directory {
  readonly #assets = new Map<string, Asset>()
  /** Prefix length → base → ids. */
  readonly #ranges = new Map<number, Map<bigint, Set<string>>>()
  /** Lengths that occur, longest first. */
  #lengths: readonly number[] = []
  readonly #names = new Map<string, Set<string>>()
  #observed = 0

  get size(): number {
    return this.#assets.size
  }
  get observed(): number {
    return this.#observed
  }
  get(id: string): Asset | undefined {
    return this.#assets.get(id)
  }
  all(): IterableIterator<Asset> {
    return this.#assets.values()
  }

  put(asset: Asset): void {
    this.drop(asset.id)
    this.#assets.set(asset.id, asset)
    if (asset.observed) this.#observed++
    for (const text of rangesOf(asset)) {
      const range = rangeOf(text)
      if (range === null) continue
      let byBase = this.#ranges.get(range.bits)
      if (!byBase) {
        this.#ranges.set(range.bits, (byBase = new Map()))
        this.#lengths = [...this.#ranges.keys()].sort((a, b) => b - a)
      }
      addTo(byBase, range.base, asset.id)
    }
    for (const name of namesOf(asset)) addTo(this.#names, nameKey(name), asset.id)
  }

  drop(id: string): void {
    const asset = this.#assets.get(id)
    if (!asset) return
    this.#assets.delete(id)
    if (asset.observed) this.#observed--
    for (const text of rangesOf(asset)) {
      const range = rangeOf(text)
      const byBase = range && this.#ranges.get(range.bits)
      if (byBase) takeFrom(byBase, range.base, id)
    }
    for (const name of namesOf(asset)) takeFrom(this.#names, nameKey(name), id)
  }

  /** All that have the address, or a network that it is in: the longest prefix first, and of one length the registered before the observed. */
  withAddress(text: string): Asset[] {
    const address = addressNumber(text)
    if (address === null) return []
    const found: Asset[] = []
    for (const bits of this.#lengths) {
      const ids = this.#ranges.get(bits)?.get(prefixOf(address, bits))
      if (ids) found.push(...this.#ordered(ids, (asset) => !asset.seen.addresses.includes(text)))
    }
    return [...new Set(found)]
  }

  /** All that have the name. The registered first. */
  withName(text: string): Asset[] {
    const ids = this.#names.get(nameKey(text))
    return ids ? this.#ordered(ids, () => true) : []
  }

  #ordered(ids: ReadonlySet<string>, registered: (asset: Asset) => boolean): Asset[] {
    const rank = (asset: Asset): number => (asset.observed ? 2 : registered(asset) ? 0 : 1)
    return [...ids].flatMap((id) => this.#assets.get(id) ?? []).sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1))
  }
}

const rangesOf = (asset: Asset): readonly string[] => [...asset.addresses, ...asset.networks, ...asset.seen.addresses]
/** Every name of it, first its own. */
export const namesOf = (asset: Asset): readonly string[] => [asset.name, ...asset.otherNames, ...asset.seen.names]

function addTo<K>(map: Map<K, Set<string>>, key: K, id: string): void {
  const ids = map.get(key)
  if (ids) ids.add(id)
  else map.set(key, new Set([id]))
}
function takeFrom<K>(map: Map<K, Set<string>>, key: K, id: string): void {
  const ids = map.get(key)
  ids?.delete(id)
  if (ids?.size === 0) map.delete(key)
}
