/** What was seen, over what is known: only what is new, and nothing in place of what was registered. */
import { randomUUID } from 'node:crypto'
import { MOST_NAMES, MOST_SERVICES, type Asset, type AssetService } from '../../../../shared/model/asset.ts'
import { microsFromIso } from '../../../../shared/model/time.ts'
import { MOST_OBSERVED, type Directory } from '../directory.ts'
import { emptyAsset } from '../register.ts'
import { readAddress } from '../reading/values.ts'
import type { Sighting } from './define.ts'

export interface TimedSighting extends Sighting {
  /** Of the event. */
  readonly time: string
}

/** Times of sightings are written again after this long (microseconds). */
const FRESH = 3_600_000_000
const MOST_SEEN_ADDRESSES = 32

const later = (a: string | null, b: string): string => (a === null || a < b ? b : a)
const earlier = (a: string | null, b: string): string => (a === null || a > b ? b : a)
const stale = (stored: string | null, now: string): boolean =>
  stored === null || (microsFromIso(now) ?? 0) - (microsFromIso(stored) ?? 0) >= FRESH

/**
 * The assets that are others because of these sightings. `ours` says whether an address may be one of ours; hosts of others are left out.
 * `now` is when it is written.
 */
export function mergeSightings(
  directory: Directory,
  sightings: readonly TimedSighting[],
  ours: (address: string) => boolean,
  now: string,
): Asset[] {
  const made = new Map<string, Asset>()
  const byKey = new Map<string, string>()
  const changed = new Set<string>()
  let added = 0
  for (const sighting of sightings) {
    const address = sighting.address === '' ? '' : (readAddress(sighting.address) ?? '')
    if (sighting.address !== '' && (address === '' || !ours(address))) continue
    const known = find(directory, made, byKey, address, sighting.name ?? '')
    if (known === null && directory.observed + added >= MOST_OBSERVED) continue
    const before = known ?? emptyAsset(randomUUID(), sighting.name || address, now, true)
    const after = seen(before, sighting, address)
    if (known === null) added++
    if (after !== known) {
      made.set(after.id, after)
      changed.add(after.id)
      if (address !== '') byKey.set(address, after.id)
      if (sighting.name) byKey.set(sighting.name, after.id)
    }
  }
  return [...changed].map((id) => ({ ...made.get(id)!, changed: now }))
}

function find(
  directory: Directory,
  made: ReadonlyMap<string, Asset>,
  byKey: ReadonlyMap<string, string>,
  address: string,
  name: string,
): Asset | null {
  const newest = (asset: Asset | undefined): Asset | null => (asset ? (made.get(asset.id) ?? asset) : null)
  for (const key of [address, name]) {
    const id = key === '' ? undefined : byKey.get(key)
    const asset = id === undefined ? undefined : made.get(id)
    if (asset) return asset
  }
  // A network is no host.
  const host =
    address === ''
      ? undefined
      : directory.withAddress(address).find((one) => one.addresses.includes(address) || one.seen.addresses.includes(address))
  if (host) return newest(host)
  return name === '' ? null : newest(directory.withName(name)[0])
}

function seen(asset: Asset, sighting: TimedSighting, address: string): Asset {
  let next = asset
  const change = (more: Partial<Asset>): void => void (next = { ...next, ...more })
  const { name = '', os = '', service, time, source } = sighting
  if (address !== '' && !next.addresses.includes(address) && !next.seen.addresses.includes(address))
    // Of an address that moved from host to host the last ones are kept.
    change({ seen: { ...next.seen, addresses: [...next.seen.addresses, address].slice(-MOST_SEEN_ADDRESSES) } })
  if (name !== '' && ![next.name.toLowerCase(), ...next.otherNames, ...next.seen.names].includes(name)) {
    // An observed asset that only had its address for a name gets one.
    if (next.observed && next.name === address) change({ name })
    else if (next.seen.names.length < MOST_NAMES) change({ seen: { ...next.seen, names: [...next.seen.names, name] } })
  }
  if (os !== '' && os !== next.seen.os && moreOf(os, next.seen.os)) change({ seen: { ...next.seen, os } })
  if (service) {
    const services = withService(next.services, { ...service, cpe: service.cpe ?? null }, source, time)
    if (services !== next.services) change({ services: [...services] })
  }
  if (
    next !== asset ||
    next.firstSeen === null ||
    time < next.firstSeen ||
    (time > (next.lastSeen ?? '') && stale(next.lastSeen, time))
  )
    change({ firstSeen: earlier(next.firstSeen, time), lastSeen: later(next.lastSeen, time) })
  return next
}

/** `Windows` after `Windows 10` says nothing new, and a text that is another thing only takes the place of nothing. */
const moreOf = (text: string, before: string): boolean =>
  before === '' || (text.startsWith(before) && text.length > before.length)

/** The same list where nothing is new. A registered service stays as it is: beside it only another product or version is noted. */
function withService(
  services: readonly AssetService[],
  given: Pick<AssetService, 'port' | 'transport' | 'name' | 'product' | 'version' | 'cpe'>,
  source: string,
  time: string,
): readonly AssetService[] {
  const same = (one: AssetService): boolean => one.port === given.port && one.transport === given.transport
  const own = services.find((one) => !one.observed && same(one))
  // What says no more than that the registered one is there is nothing new.
  if (own && (given.product === '' || (given.product === own.product && (given.version === '' || given.version === own.version))))
    return services
  const at = services.findIndex((one) => one.observed && same(one))
  const before = services[at]
  if (before === undefined) {
    if (services.length >= MOST_SERVICES) return services
    return [...services, { ...given, observed: true, source, firstSeen: time, lastSeen: time }]
  }
  const named =
    given.product !== '' && (given.product !== before.product || (given.version !== '' && given.version !== before.version))
  const better = named && time >= (before.lastSeen ?? '')
  const name = before.name === '' ? given.name : before.name
  if (!better && name === before.name && !stale(before.lastSeen, time)) return services
  return services.with(at, {
    ...before,
    ...(better ? { product: given.product, version: given.version, cpe: given.cpe, source } : {}),
    name,
    firstSeen: earlier(before.firstSeen, time),
    lastSeen: later(before.lastSeen, time),
  })
}
