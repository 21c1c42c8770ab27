import { describe, expect, it } from 'vitest'
import type { Asset } from '../../../shared/model/asset.ts'
import { EMPTY, fieldOf, meantBy, serviceOf, typedOf } from './draft.ts'

const service = {
  port: 443,
  transport: 'tcp',
  name: 'https',
  product: 'nginx',
  version: '1.18.0',
  cpe: null,
  observed: false,
  source: '',
  firstSeen: null,
  lastSeen: null,
} as const
const asset: Asset = {
  id: 'a',
  customer: null,
  name: 'web',
  otherNames: ['www', 'shop'],
  addresses: ['10.0.0.1'],
  networks: [],
  criticality: 'high',
  owner: 'kim',
  zone: '',
  os: '',
  note: '',
  services: [service, { ...service, port: 22, observed: true }, { ...service, port: null, product: 'Agent' }],
  observed: false,
  seen: { names: [], addresses: ['10.0.0.9'], os: '' },
  created: '2026-01-01T00:00:00.000Z',
  changed: '2026-01-01T00:00:00.000Z',
  firstSeen: null,
  lastSeen: null,
}

describe('the form of an asset', () => {
  it('means what it shows', () => {
    const meant = meantBy(typedOf(asset), 'a')
    expect(meant).toMatchObject({
      ok: true,
      draft: {
        id: 'a',
        name: 'web',
        customer: null,
        otherNames: ['www', 'shop'],
        addresses: ['10.0.0.1'],
        services: [
          { port: 443, product: 'nginx' },
          { port: null, product: 'Agent' },
        ],
      },
    })
  })
  it('takes over where an observed asset was seen', () => {
    expect(typedOf({ ...asset, observed: true }).addresses).toBe('10.0.0.1\n10.0.0.9')
  })
  it('says which line is none', () => {
    expect(meantBy({ ...EMPTY, name: 'x', services: '443\n22/ssh' }, null)).toEqual({
      ok: false,
      field: 'services',
      value: '22/ssh',
    })
    expect(meantBy(EMPTY, null)).toMatchObject({ ok: false, field: 'name' })
    expect(serviceOf('70000')).toBeNull()
    expect(serviceOf('53/udp | domain')).toEqual({
      port: 53,
      transport: 'udp',
      name: 'domain',
      product: '',
      version: '',
      cpe: null,
    })
  })
  it('finds the field of an error', () => {
    expect([fieldOf('addresses.2'), fieldOf('services.0.cpe'), fieldOf('other'), fieldOf(undefined)]).toEqual([
      'addresses',
      'services',
      null,
      null,
    ])
  })
})
