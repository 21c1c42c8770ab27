import { describe, expect, it } from 'vitest'
import { parseQuery } from '../../../../shared/query/parse.ts'
import { Random, mutate } from '../../../../test/fuzz/random.ts'
import { Directory } from '../directory.ts'
import { emptyAsset } from '../register.ts'
import { isPrivate } from '../address-range.ts'
import { mergeSightings, type TimedSighting } from './merge-sightings.ts'
import { OBSERVED_WHERE } from './observer.ts'
import { observations } from './registry.ts'

describe.each(observations.map((one) => [one.id, one] as const))('%s', (_id, observation) => {
  it.each(observation.examples.map((example) => [example.name, example] as const))('%s', (_name, { event, expect: wanted }) => {
    expect(observation.learn(event)).toEqual(wanted)
    for (const name of Object.keys(event.fields))
      if (wanted.length > 0) expect([...observation.fields, 'src.ip', 'tls.sni']).toContain(name)
  })
  it('takes any text', () => {
    const random = new Random(3)
    for (let i = 0; i < 300; i++) {
      const { event } = random.pick(observation.examples)
      const fields = Object.fromEntries(
        Object.entries(event.fields).map(([name, value]) => [name, mutate(String(value), random, [String(value)])]),
      )
      for (const sighting of observation.learn({ ...event, fields }))
        for (const text of [sighting.name, sighting.os, sighting.service?.product, sighting.service?.version])
          expect(text === undefined || (text.length <= 256 && !/\p{Cc}/u.test(text))).toBe(true)
    }
  })
})
it('asks for events with a query that is one', () => {
  expect(parseQuery(OBSERVED_WHERE).ok).toBe(true)
})

const T = ['2026-01-02T00:00:00.000Z', '2026-01-02T00:10:00.000Z', '2026-01-02T05:00:00.000Z'] as const
const web = (version: string, time: string = T[0], product = 'nginx'): TimedSighting => ({
  address: '10.0.0.5',
  service: { port: 443, transport: 'tcp', name: 'https', product, version },
  source: 'http server header',
  time,
})
const merged = (directory: Directory, ...sightings: TimedSighting[]) => {
  const assets = mergeSightings(directory, sightings, isPrivate, T[2])
  for (const asset of assets) directory.put(asset)
  return assets
}

describe('what was seen', () => {
  it('becomes an observed asset, of ours only', () => {
    const directory = new Directory()
    const [asset] = merged(directory, web('1.18.0'), { ...web('1'), address: '203.0.113.9' }, { ...web('1'), address: 'x' })
    expect(directory.size).toBe(1)
    expect(asset).toMatchObject({
      observed: true,
      name: '10.0.0.5',
      seen: { addresses: ['10.0.0.5'] },
      services: [{ observed: true, product: 'nginx', version: '1.18.0', firstSeen: T[0] }],
    })
    expect(directory.withAddress('10.0.0.5')[0]?.id).toBe(asset?.id)
  })
  it('is written once, and again only for what is new', () => {
    const directory = new Directory()
    merged(directory, web('1.18.0'))
    expect(merged(directory, web('1.18.0', T[1]))).toEqual([])
    expect(merged(directory, web('1.18.0', T[2]))[0]).toMatchObject({ lastSeen: T[2], services: [{ lastSeen: T[2] }] })
    expect(merged(directory, web('1.20.0', T[2]))[0]?.services).toMatchObject([{ version: '1.20.0' }])
    // What is older than that says nothing of now.
    expect(merged(directory, web('1.10.0', T[0]))).toEqual([])
  })
  it('leaves what was registered as it is', () => {
    const directory = new Directory()
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
    const own = { ...emptyAsset('a', 'shop', T[0], false), addresses: ['10.0.0.5'], os: 'Debian 12', services: [service] }
    directory.put(own)
    merged(directory, web('1.18.0'))
    expect(directory.get('a')?.services).toEqual([service])
    merged(directory, web('1.20.0'), { address: '10.0.0.5', name: 'web', os: 'Ubuntu', source: 'x', time: T[0] })
    expect(directory.get('a')).toMatchObject({
      name: 'shop',
      os: 'Debian 12',
      addresses: ['10.0.0.5'],
      otherNames: [],
      observed: false,
      seen: { names: ['web'], os: 'Ubuntu', addresses: [] },
    })
    expect(directory.get('a')?.services).toEqual([
      service,
      { ...service, version: '1.20.0', observed: true, source: 'http server header', firstSeen: T[0], lastSeen: T[0] },
    ])
  })
  it('joins a name to the host that has it, and gives a name to one that had none', () => {
    const directory = new Directory()
    directory.put({ ...emptyAsset('a', 'ws-11', T[0], false) })
    merged(directory, { address: '10.0.3.7', name: 'ws-11', source: 'dhcp', time: T[0] })
    expect(directory.get('a')?.seen.addresses).toEqual(['10.0.3.7'])
    merged(directory, { ...web('1'), address: '10.0.3.8' })
    merged(directory, { address: '10.0.3.8', name: 'ws-12', source: 'dhcp', time: T[1] })
    expect(directory.withAddress('10.0.3.8')[0]?.name).toBe('ws-12')
    expect(directory.size).toBe(2)
  })
})
