/** What screens ask of assets: lists, the page of one, its talkers and its baseline. */
import type { AssetRow, AssetSearch } from '../../../shared/asset-contract.ts'
import { CRITICALITIES, type Asset } from '../../../shared/model/asset.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import { isoFromMicros } from '../../../shared/model/time.ts'
import { quote } from '../../../shared/query/escape.ts'
import type { OutputOf, Store } from '../store/types.ts'
import type { Assets } from './assets.ts'
import { namesOf } from './directory.ts'
import { OpenAlerts } from './open-alerts.ts'

const HOUR = 3_600_000
const DAYS = 7
/** Names and addresses that a query names at most: its text is bounded. */
const MOST_TERMS = 60
const MOST_TALKERS = 10
const MOST_INCIDENTS = 100

export class AssetViews {
  readonly #store: Store
  readonly #assets: Assets
  readonly #open: OpenAlerts
  #revision = -1

  constructor(store: Store, assets: Assets) {
    this.#store = store
    this.#assets = assets
    this.#open = new OpenAlerts(store, assets.directory)
  }
  close(): void {
    this.#open.close()
  }

  #openCounts(): Promise<ReadonlyMap<string, number> | null> {
    const changed = this.#revision !== this.#assets.revision
    this.#revision = this.#assets.revision
    return this.#open.counts(changed)
  }

  async list(search: AssetSearch): Promise<Result<OutputOf<'assets.list'>>> {
    const words = search.text
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '')
    const open = await this.#openCounts()
    const found: AssetRow[] = []
    for (const asset of this.#assets.directory.all()) {
      if (search.which !== 'all' && asset.observed !== (search.which === 'observed')) continue
      const customer = this.#assets.customerOf(asset)
      if (search.customer !== null && customer?.id !== search.customer) continue
      if (words.length > 0) {
        const text = textOf(asset, customer?.name ?? '')
        if (!words.every((word) => text.includes(word))) continue
      }
      const { services, note: _note, ...rest } = asset
      found.push({
        asset: rest,
        customerName: customer?.name ?? null,
        services: services.length,
        weaknesses: this.#assets.weaknessCounts(asset),
        openAlerts: open === null ? null : (open.get(asset.id) ?? 0),
      })
    }
    found.sort(orders[search.order])
    const from = search.after === null ? 0 : Math.max(0, Number.parseInt(search.after, 10) || 0)
    const end = from + search.limit
    return ok({ rows: found.slice(from, end), total: found.length, after: end < found.length ? String(end) : null })
  }

  async get(id: string): Promise<Result<OutputOf<'assets.get'>>> {
    const asset = this.#assets.get(id)
    if (!asset) return missing
    const open = await this.#openCounts()
    return ok({
      asset,
      customer: this.#assets.customerOf(asset),
      weaknesses: this.#assets.weaknessCounts(asset),
      openAlerts: open === null ? null : (open.get(id) ?? 0),
      alertsWhere: alertsWhere(asset),
      eventsWhere: eventsWhere(asset),
    })
  }

  /** Incidents in which it is: by their alerts, or as an entity. */
  async incidents(
    { id, open }: { readonly id: string; readonly open: boolean },
    signal: AbortSignal,
  ): Promise<Result<OutputOf<'assets.incidents'>>> {
    const asset = this.#assets.get(id)
    if (!asset) return missing
    const values = [...new Set([...addressesOf(asset), ...namesOf(asset).slice(0, MOST_TERMS)])].filter((value) => value !== '')
    const found = await this.#store.incidents.ofEnds({ values, open, limit: MOST_INCIDENTS }, signal)
    return found.ok ? ok({ incidents: [...found.value.incidents], total: found.value.total }) : found
  }

  weaknesses(input: {
    readonly id: string
    readonly states: readonly string[]
    readonly limit: number
    readonly after: string | null
  }): Result<OutputOf<'assets.weaknesses'>> {
    if (!this.#assets.get(input.id)) return missing
    const all = this.#assets
      .weaknessesOf(input.id)
      .filter(({ state }) => input.states.length === 0 || input.states.includes(state))
    const from = input.after === null ? 0 : Math.max(0, Number.parseInt(input.after, 10) || 0)
    const end = from + input.limit
    return ok({ weaknesses: all.slice(from, end), total: all.length, after: end < all.length ? String(end) : null })
  }

  async talkers(
    input: { readonly id: string; readonly hours: number },
    signal: AbortSignal,
  ): Promise<Result<OutputOf<'assets.talkers'>>> {
    const asset = this.#assets.get(input.id)
    if (!asset) return missing
    const now = Date.now()
    const window = { from: iso(now - input.hours * HOUR), to: iso(now + HOUR) }
    const side = async (own: 'src.ip' | 'dst.ip', other: 'src.ip' | 'dst.ip') => {
      const where = addressWhere(asset, own)
      if (where === '') return ok([])
      const found = await this.#store.events.stats({ field: other, where, window, limit: MOST_TALKERS }, signal)
      if (!found.ok) return found
      return ok(
        found.value.top.map(({ value, count }) => {
          const peer = this.#assets.directory.withAddress(value)[0]
          return { value, count, asset: peer?.id ?? null, name: peer?.name ?? null }
        }),
      )
    }
    const toward = await side('src.ip', 'dst.ip')
    if (!toward.ok) return toward
    const from = await side('dst.ip', 'src.ip')
    return from.ok ? ok({ toward: toward.value, from: from.value }) : from
  }

  async baseline({ id }: { readonly id: string }, signal: AbortSignal): Promise<Result<OutputOf<'assets.baseline'>>> {
    const asset = this.#assets.get(id)
    if (!asset) return missing
    const end = Math.floor(Date.now() / HOUR) * HOUR + HOUR
    const begin = end - (DAYS + 1) * 24 * HOUR
    const slots = (DAYS + 1) * 24
    const where = eventsWhere(asset)
    const found =
      where === ''
        ? ok({ counts: Array.from({ length: slots }, () => 0) })
        : await this.#store.events.histogram({ where, window: { from: iso(begin), to: iso(end) }, slots }, signal)
    if (!found.ok) return found
    return ok({ from: iso(end - 24 * HOUR), ...baselineOf(found.value.counts) })
  }
}

/** Of counts by hour, the last day last: that day, and what its hours had on the days before. Days without any event say nothing. */
export function baselineOf(counts: readonly number[]): {
  readonly hours: OutputOf<'assets.baseline'>['hours']
  readonly days: number
} {
  const days = Array.from({ length: Math.floor(counts.length / 24) }, (_, day) => counts.slice(day * 24, day * 24 + 24))
  const last = days.at(-1) ?? Array.from({ length: 24 }, () => 0)
  const before = days.slice(0, -1).filter((day) => day.some((count) => count > 0))
  const hours = last.map((count, hour) => {
    const usual = before.map((day) => day[hour] ?? 0).sort((a, b) => a - b)
    const middle = usual.length >> 1
    const median = usual.length % 2 === 1 ? usual[middle] : ((usual[middle - 1] ?? 0) + (usual[middle] ?? 0)) / 2
    return usual.length === 0
      ? { count, usual: null, least: null, most: null }
      : { count, usual: median ?? 0, least: usual[0] ?? 0, most: usual.at(-1) ?? 0 }
  })
  return { hours, days: before.length }
}

const missing = fail({ code: 'not_found' as const, message: 'There is no such asset.' })
const iso = (ms: number): string => isoFromMicros(ms * 1000)

const addressesOf = (asset: Asset): readonly string[] =>
  [...asset.addresses, ...asset.seen.addresses, ...asset.networks].slice(0, MOST_TERMS)
const term = (field: string, values: readonly string[]): string[] =>
  values.length === 0
    ? []
    : [values.length === 1 ? `${field}:${word(values[0]!)}` : `${field}:(${values.map(word).join(' or ')})`]
/** Networks are no quoted values: in quotes they would be text. */
const word = (value: string): string =>
  /^[\da-f.]+\/\d+$/i.test(value) ? value : value.includes('/') ? value.replaceAll(':', '\\:') : quote(value)

const ended = (asset: Asset): string[] => {
  // A name that is its address is no host's name.
  const names = namesOf(asset)
    .filter((name) => !addressesOf(asset).includes(name))
    .slice(0, MOST_TERMS)
  return [...term('ip', addressesOf(asset)), ...term('host', names)]
}
/** Alerts in which it is an end. */
export const alertsWhere = (asset: Asset): string => ended(asset).join(' or ')
/** Events in which it is an end, or which it wrote. */
export const eventsWhere = alertsWhere
const addressWhere = (asset: Asset, field: string): string => term(field, addressesOf(asset)).join('')

function textOf(asset: Asset, customer: string): string {
  const { addresses, networks, seen, owner, zone, os, services } = asset
  const products = services.map(({ product, version, port }) => `${product} ${version} ${port ?? ''}`)
  return [...namesOf(asset), ...addresses, ...networks, ...seen.addresses, seen.os, owner, zone, os, customer, ...products]
    .join('\n')
    .toLowerCase()
}

const byName = (a: AssetRow, b: AssetRow): number =>
  Number(a.asset.observed) - Number(b.asset.observed) || compare(a.asset.name, b.asset.name) || compare(a.asset.id, b.asset.id)
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const weight = ({ weaknesses: { exploited, critical, high, medium, low } }: AssetRow): number =>
  exploited * 1e9 + critical * 1e6 + high * 1e3 + medium + low / 1e3
const orders: Readonly<Record<AssetSearch['order'], (a: AssetRow, b: AssetRow) => number>> = {
  name: byName,
  criticality: (a, b) => CRITICALITIES.indexOf(b.asset.criticality) - CRITICALITIES.indexOf(a.asset.criticality) || byName(a, b),
  weaknesses: (a, b) => weight(b) - weight(a) || byName(a, b),
  alerts: (a, b) => (b.openAlerts ?? 0) - (a.openAlerts ?? 0) || byName(a, b),
  seen: (a, b) => compare(b.asset.lastSeen ?? '', a.asset.lastSeen ?? '') || byName(a, b),
  customer: (a, b) => compare(a.customerName ?? '\uffff', b.customerName ?? '\uffff') || byName(a, b),
}
