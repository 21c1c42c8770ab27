/** What a person types into the form of an asset, and what it means. */
import type { AssetDraft } from '../../../shared/asset-contract.ts'
import { TRANSPORTS, type Asset, type Criticality } from '../../../shared/model/asset.ts'

export interface TypedAsset {
  readonly name: string
  readonly customer: string
  readonly criticality: Criticality
  readonly owner: string
  readonly zone: string
  readonly os: string
  readonly note: string
  /** A value a line, or separated by commas. */
  readonly otherNames: string
  readonly addresses: string
  readonly networks: string
  /** A service a line: `443/tcp | https | nginx | 1.18.0 | cpe:…`. */
  readonly services: string
}

export const EMPTY: TypedAsset = {
  name: '',
  customer: '',
  criticality: 'medium',
  owner: '',
  zone: '',
  os: '',
  note: '',
  otherNames: '',
  addresses: '',
  networks: '',
  services: '',
}

export function typedOf(asset: Asset): TypedAsset {
  const { name, criticality, owner, zone, os, note } = asset
  return {
    name,
    customer: asset.customer ?? '',
    criticality,
    owner,
    zone,
    os,
    note,
    otherNames: asset.otherNames.join('\n'),
    // Registering an observed asset takes over where it was seen.
    addresses: (asset.observed ? [...asset.addresses, ...asset.seen.addresses] : asset.addresses).join('\n'),
    networks: asset.networks.join('\n'),
    services: asset.services
      .filter(({ observed }) => !observed)
      .map((service) =>
        [`${service.port ?? '-'}/${service.transport}`, service.name, service.product, service.version, service.cpe ?? '']
          .join(' | ')
          .replace(/(?: \| )+$/, ''),
      )
      .join('\n'),
  }
}

type Service = AssetDraft['services'][number]
export type Meant =
  | { readonly ok: true; readonly draft: AssetDraft }
  | { readonly ok: false; readonly field: keyof TypedAsset; readonly value: string }

const listOf = (text: string): string[] =>
  text
    .split(/[\n,;]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')

/** Null where the line is no service. */
export function serviceOf(line: string): Service | null {
  const [where = '', name = '', product = '', version = '', cpe = '', ...more] = line.split('|').map((part) => part.trim())
  const match = /^(\d{1,5}|-)(?:\/([a-z]+))?$/i.exec(where)
  const transport = TRANSPORTS.find((one) => one === (match?.[2] ?? 'tcp').toLowerCase())
  const port = match?.[1] === '-' ? null : Number(match?.[1])
  if (!match || transport === undefined || more.length > 0 || (port !== null && port > 65535)) return null
  if (name.length > 64 || product.length > 256 || version.length > 128 || cpe.length > 1024) return null
  return { port, transport, name, product, version, cpe: cpe === '' ? null : cpe }
}

export function meantBy(typed: TypedAsset, id: string | null): Meant {
  const wrong = (field: keyof TypedAsset, value: string): Meant => ({ ok: false, field, value })
  const name = typed.name.trim()
  if (name === '' || name.length > 253) return wrong('name', name)
  const services: Service[] = []
  for (const line of typed.services.split('\n')) {
    if (line.trim() === '') continue
    const service = serviceOf(line)
    if (service === null) return wrong('services', line.trim())
    services.push(service)
  }
  return {
    ok: true,
    draft: {
      id,
      name,
      customer: typed.customer === '' ? null : typed.customer,
      criticality: typed.criticality,
      owner: typed.owner.trim(),
      zone: typed.zone.trim(),
      os: typed.os.trim(),
      note: typed.note,
      otherNames: listOf(typed.otherNames),
      addresses: listOf(typed.addresses),
      networks: listOf(typed.networks),
      services,
    },
  }
}

/** The field that an engine's path names: `addresses.2` is in `addresses`. */
export const fieldOf = (path: string | undefined): keyof TypedAsset | null => {
  const field = path?.split('.')[0] ?? ''
  return Object.hasOwn(EMPTY, field) ? (field as keyof TypedAsset) : null
}
