/** Assets as a person or a file registers them: what was observed stays beside it. */
import { randomUUID } from 'node:crypto'
import type { AssetDraft } from '../../../shared/asset-contract.ts'
import { MOST_SERVICES, type Asset, type AssetService } from '../../../shared/model/asset.ts'
import type { WatchfloorError } from '../../../shared/model/result.ts'
import { parseCpe } from './cpe/cpe-name.ts'
import type { Directory } from './directory.ts'
import type { GivenAsset, GivenService } from './inventories/define.ts'
import { readAddress, readNetwork } from './reading/values.ts'

/** Why a draft cannot be saved: the field that is wrong, or the asset that has its name or an address already. */
export function refuseDraft(draft: AssetDraft, directory: Directory): WatchfloorError | null {
  const wrong = (path: string, message: string): WatchfloorError => ({ code: 'invalid_input', message, path })
  for (const [at, text] of draft.addresses.entries())
    if (readAddress(text) === null) return wrong(`addresses.${at}`, `${text} is no address.`)
  for (const [at, text] of draft.networks.entries())
    if (readNetwork(text) === null) return wrong(`networks.${at}`, `${text} is no network in CIDR notation.`)
  for (const [at, { cpe }] of draft.services.entries())
    if (cpe !== null && !parseCpe(cpe).ok) return wrong(`services.${at}.cpe`, `${cpe} is no CPE 2.3 name.`)
  const others = (found: readonly Asset[]): Asset | undefined =>
    found.find(({ id, customer, observed }) => id !== draft.id && !observed && customer === draft.customer)
  const named = others(directory.withName(draft.name))
  if (named?.name.toLowerCase() === draft.name.toLowerCase())
    return { code: 'conflict', message: `Another asset of this customer has the name ${draft.name}.` }
  for (const address of draft.addresses) {
    const found = others(directory.withAddress(address).filter(({ addresses }) => addresses.includes(readAddress(address) ?? '')))
    if (found) return { code: 'conflict', message: `${found.name} has the address ${address} already.` }
  }
  return null
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)]
const given = (service: GivenService, source: string, time: string): AssetService => ({
  ...service,
  observed: false,
  source,
  firstSeen: time,
  lastSeen: null,
})

export const emptyAsset = (id: string, name: string, time: string, observed: boolean): Asset => ({
  id,
  customer: null,
  name,
  otherNames: [],
  addresses: [],
  networks: [],
  criticality: 'medium',
  owner: '',
  zone: '',
  os: '',
  note: '',
  services: [],
  observed,
  seen: { names: [], addresses: [], os: '' },
  created: time,
  changed: time,
  firstSeen: null,
  lastSeen: null,
})

/** The draft's fields are the registered ones from now on. */
export function registered(draft: AssetDraft, before: Asset | null, time: string): Asset {
  const { id, services, ...fields } = draft
  const base = before ?? emptyAsset(id ?? randomUUID(), draft.name, time, false)
  const kept = (service: GivenService): AssetService => {
    const same = base.services.find((one) => !one.observed && sameService(one, service))
    return same ? { ...same, ...service } : given(service, '', time)
  }
  return withoutSeen({
    ...base,
    ...fields,
    addresses: unique(draft.addresses.map((text) => readAddress(text) ?? text)),
    networks: unique(draft.networks.map((text) => readNetwork(text) ?? text)),
    otherNames: unique(draft.otherNames),
    services: [...services.map(kept), ...base.services.filter(({ observed }) => observed)].slice(0, MOST_SERVICES),
    observed: false,
    changed: time,
  })
}

/** A row of a file over what there is: what it does not say stays; services that it has are changed or added, none is taken away. */
export function imported(row: GivenAsset, customer: string | null, before: Asset | null, source: string, time: string): Asset {
  const base = before ?? emptyAsset(row.id ?? randomUUID(), row.name ?? row.addresses?.[0] ?? row.id ?? '', time, false)
  // A name that only came from its address is no name.
  const named = base.observed || base.addresses.includes(base.name)
  const services = [...base.services]
  for (const service of row.services ?? []) {
    const at = services.findIndex((one) => !one.observed && sameService(one, service))
    if (at >= 0) services[at] = { ...services[at]!, ...service, source, lastSeen: time }
    else if (services.length < MOST_SERVICES) services.unshift(given(service, source, time))
  }
  const name = row.name !== undefined && (before === null || named || row.id !== undefined) ? row.name : base.name
  return withoutSeen({
    ...base,
    customer: customer ?? base.customer,
    name,
    otherNames: unique([
      ...base.otherNames,
      ...(row.otherNames ?? []),
      ...(row.name === undefined || row.name === name ? [] : [row.name]),
    ])
      .filter((one) => one !== name)
      .slice(0, 64),
    addresses: unique([...base.addresses, ...(row.addresses ?? [])]).slice(0, 256),
    networks: unique([...base.networks, ...(row.networks ?? [])]).slice(0, 256),
    criticality: row.criticality ?? base.criticality,
    owner: row.owner ?? base.owner,
    zone: row.zone ?? base.zone,
    os: row.os ?? base.os,
    note: row.note ?? base.note,
    services,
    observed: false,
    changed: time,
  })
}

/** What is registered is not observed as well. */
const withoutSeen = (asset: Asset): Asset => ({
  ...asset,
  seen: {
    ...asset.seen,
    names: asset.seen.names.filter((name) => name !== asset.name && !asset.otherNames.includes(name)),
    addresses: asset.seen.addresses.filter((address) => !asset.addresses.includes(address)),
  },
})

/** The same port, or, of software that listens nowhere, the same product. */
export const sameService = (
  a: Pick<AssetService, 'port' | 'transport' | 'product'>,
  b: Pick<AssetService, 'port' | 'transport' | 'product'>,
): boolean => a.port === b.port && a.transport === b.transport && (a.port !== null || a.product === b.product)
