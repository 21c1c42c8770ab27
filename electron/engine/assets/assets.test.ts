/** Assets over a real store: imported, matched, looked up, observed, listed, and still there after a restart. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AssetSearch, type AssetDraft } from '../../../shared/asset-contract.ts'
import { microsFromIso } from '../../../shared/model/time.ts'
import { parseQuery } from '../../../shared/query/parse.ts'
import { batchOf } from '../../../test/fixtures/store/batches.ts'
import { assetHandlers } from '../handlers/assets.ts'
import { openStoreWith } from '../store/client.ts'
import type { Store } from '../store/types.ts'
import { alertsWhere, AssetViews, baselineOf } from './asset-views.ts'
import { Assets } from './assets.ts'
import { importAssets } from './import-assets.ts'
import csaf from './vulnerabilities/csaf-json.vulnerabilities.ts'
import kev from './vulnerabilities/kev-json.vulnerabilities.ts'
import nvd from './vulnerabilities/nvd-json.vulnerabilities.ts'
import nmap from './inventories/nmap-xml.inventory.ts'
import scanner from './inventories/scanner-csv.inventory.ts'
import { Observer } from './observe/observer.ts'
import { emptyAsset } from './register.ts'

const never = new AbortController().signal
let dir: string
let store: Store
let assets: Assets
const begin = async (): Promise<void> => {
  const opened = await openStoreWith(dir, { checkAfter: 3_600_000, readAtOnce: false })
  if (!opened.ok) throw new Error(opened.error.message)
  store = opened.value
  assets = new Assets(store, dir)
  await assets.start()
}
const end = async (): Promise<void> => {
  await assets.close()
  await store.close()
}
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'wf-assets-'))
  await begin()
})
afterEach(async () => {
  await end()
  rmSync(dir, { recursive: true })
})

const files = async (given: Readonly<Record<string, string>>, customer: string | null = null) => {
  const paths = Object.entries(given).map(([name, text]) => {
    writeFileSync(join(dir, name), text)
    return join(dir, name)
  })
  const done = await importAssets(assets, { paths, customer }, () => undefined, never)
  if (!done.ok) throw new Error(done.error.message)
  await assets.weak.settled()
  return done.value.files
}
const example = (of: { readonly examples: readonly { readonly input: string }[] }): string => of.examples[0]!.input
const draft: AssetDraft = {
  id: null,
  customer: null,
  name: '',
  otherNames: [],
  addresses: [],
  networks: [],
  criticality: 'medium',
  owner: '',
  zone: '',
  os: '',
  note: '',
  services: [],
}

describe('imports', () => {
  it('make assets with their services, and what is weak in them', async () => {
    const done = await files({
      'scan.xml': example(nmap),
      'nvd.json': example(nvd),
      'kev.json': example(kev),
      'findings.csv': example(scanner),
    })
    expect(done.map(({ format, rows, added, changed, wrong }) => [format, rows, added, changed, wrong])).toEqual([
      ['nmap-xml', 1, 1, 0, 0],
      ['nvd-json', 2, 2, 0, 1],
      ['kev-json', 1, 1, 0, 1],
      ['scanner-csv', 2, 0, 1, 1],
    ])
    const found = assets.byAddress('192.0.2.10')
    expect(found?.asset).toMatchObject({ name: 'shop.example', observed: false, os: 'Linux 5.0 - 5.4' })
    expect(
      found?.weaknesses.map(({ cve, state, how, service, exploited }) => [cve, state, how, service, exploited !== null]),
    ).toEqual([
      ['CVE-2021-41773', 'affected', 'cpe', 0, true],
      ['CVE-2021-41773', 'affected', 'scanner', 0, true],
      ['CVE-2021-42013', 'affected', 'scanner', 0, false],
    ])
    expect(assets.exposed(found!.asset.id, 'CVE-2021-41773')).toMatchObject({
      state: 'exposed',
      rows: [{ source: 'NVD' }, { source: 'findings.csv' }],
    })
    expect(assets.exposed(found!.asset.id, 'CVE-2026-1111')).toEqual({ state: 'unknown', rows: [] })
    expect(assets.weaknessCounts(found!.asset)).toMatchObject({ critical: 1, high: 1, exploited: 1 })
  })
  it('of the same again add nothing, and change what is said anew', async () => {
    await files({ 'a.csv': 'name,addresses,owner,services\nweb,192.0.2.1,kim,443|https|nginx|1.18.0\n' })
    const [again] = await files({
      'b.csv': 'name,addresses,zone,services\nweb,192.0.2.1;192.0.2.2,DMZ,443|https|nginx|1.25.0;22|ssh\n',
    })
    expect([again?.added, again?.changed]).toEqual([0, 1])
    expect(assets.directory.size).toBe(1)
    expect(assets.byAddress('192.0.2.2')?.asset).toMatchObject({
      owner: 'kim',
      zone: 'DMZ',
      addresses: ['192.0.2.1', '192.0.2.2'],
    })
    expect(assets.byName('WEB')?.services.map(({ port, version }) => [port, version])).toEqual([
      [22, ''],
      [443, '1.25.0'],
    ])
  })
  it('make the customers that they name, and say which file is none', async () => {
    const done = await files({ 'a.csv': 'name,customer\nweb,Hanbit\nmail,hanbit\n', 'b.txt': 'nothing' })
    expect(done.map(({ refused }) => refused)).toEqual([null, 'not_recognised'])
    expect(assets.customers.map(({ name }) => name)).toEqual(['Hanbit'])
    expect(assets.byName('mail')?.customer?.name).toBe('Hanbit')
    const cancelled = await importAssets(
      assets,
      { paths: [join(dir, 'a.csv')], customer: null },
      () => undefined,
      AbortSignal.abort(),
    )
    expect(cancelled.ok ? '' : cancelled.error.code).toBe('cancelled')
  })
  it('stay after a restart', async () => {
    await files({ 'scan.xml': example(nmap), 'nvd.json': example(nvd), 'findings.csv': example(scanner) })
    const before = assets.byAddress('192.0.2.10')
    await end()
    await begin()
    await assets.weak.settled()
    expect(assets.byAddress('192.0.2.10')).toEqual(before)
    expect(before?.weaknesses).toHaveLength(3)
  })
  it('believe what a maker says of its product', async () => {
    const saved = await assets.save({
      ...draft,
      name: 'x',
      services: [{ port: 443, transport: 'tcp', name: 'http', product: 'Apache httpd', version: '2.4.49', cpe: null }],
    })
    if (!saved.ok) throw new Error(saved.error.message)
    const vex = example(csaf).replaceAll('CVE-2026-1111', 'CVE-2021-41773')
    await files({ 'nvd.json': example(nvd) })
    expect(assets.exposed(saved.value.id, 'cve-2021-41773').state).toBe('exposed')
    await files({ 'vex.json': vex })
    expect(assets.exposed(saved.value.id, 'CVE-2021-41773')).toMatchObject({
      state: 'not_affected',
      rows: [{ how: 'statement', source: 'ACME-2026-1' }],
    })
    const fixed = await assets.save({
      ...draft,
      id: saved.value.id,
      name: 'x',
      services: [{ port: 443, transport: 'tcp', name: 'http', product: 'Apache httpd', version: '2.4.62', cpe: null }],
    })
    await assets.weak.settled()
    expect(fixed.ok && assets.exposed(saved.value.id, 'CVE-2021-41773').state).toBe('fixed')
  })
})

describe('lookups', () => {
  it('take the smallest network, and the registered before the observed', async () => {
    const asset = (id: string, more: object) => ({ ...emptyAsset(id, id, '2026-01-01T00:00:00.000Z', false), ...more })
    await assets.change(() => ({
      assets: [
        asset('all', { networks: ['10.0.0.0/8'] }),
        asset('net', { networks: ['10.1.0.0/16', '2001:db8::/32'] }),
        asset('seen', { observed: true, seen: { names: [], os: '', addresses: ['10.1.0.5', '10.2.0.5'] } }),
        asset('host', { addresses: ['10.1.0.5'] }),
      ],
      findings: [],
    }))
    const of = (address: string) => assets.byAddress(address)?.asset.id
    expect(['10.1.0.5', '10.2.0.5', '10.1.0.6', '10.9.9.9', '2001:db8::1', '::ffff:10.1.0.6', '192.0.2.1'].map(of)).toEqual([
      'host',
      'seen',
      'net',
      'all',
      'net',
      'net',
      undefined,
    ])
    await assets.remove(['net'])
    expect(of('10.1.0.6')).toBe('all')
  })
  it('give the customer of the network around', async () => {
    const customer = await assets.saveCustomer({ id: null, name: 'Hanbit', contacts: [], note: '' })
    if (!customer.ok) throw new Error('customer')
    await assets.save({ ...draft, name: 'office', customer: customer.value.id, networks: ['198.51.100.0/24'] })
    expect(assets.isOurs('198.51.100.7')).toBe(true)
    expect(assets.isOurs('203.0.113.7')).toBe(false)
    expect(assets.byAddress('198.51.100.7')?.customer?.name).toBe('Hanbit')
    expect((await assets.removeCustomer(customer.value.id)).ok).toBe(false)
  })
  it('leave out what was observed long before the time that is asked about', async () => {
    const service = {
      port: 80,
      transport: 'tcp',
      name: 'http',
      product: '',
      version: '',
      cpe: null,
      observed: true,
      source: '',
      firstSeen: '2026-01-01T00:00:00.000Z',
      lastSeen: '2026-01-02T00:00:00.000Z',
    } as const
    await assets.change(() => ({
      assets: [{ ...emptyAsset('a', 'a', '2026-01-01T00:00:00.000Z', true), services: [service] }],
      findings: [],
    }))
    expect(assets.byName('a', microsFromIso('2026-01-20T00:00:00Z'))?.services).toHaveLength(1)
    expect(assets.byName('a', microsFromIso('2026-03-20T00:00:00Z'))?.services).toHaveLength(0)
  })
})

describe('what a person enters', () => {
  it('is refused by its field, and where another has it', async () => {
    const wrong = await assets.save({ ...draft, name: 'x', addresses: ['10.0.0.1', '10.0.0'] })
    expect(wrong).toMatchObject({ ok: false, error: { code: 'invalid_input', path: 'addresses.1' } })
    expect((await assets.save({ ...draft, name: 'x', addresses: ['10.0.0.1'] })).ok).toBe(true)
    expect(await assets.save({ ...draft, name: 'y', addresses: ['10.0.0.1'] })).toMatchObject({
      ok: false,
      error: { code: 'conflict' },
    })
    expect(await assets.save({ ...draft, name: 'X' })).toMatchObject({ ok: false, error: { code: 'conflict' } })
    expect(await assets.save({ ...draft, id: 'none', name: 'z' })).toMatchObject({ ok: false, error: { code: 'not_found' } })
  })
})

describe('events', () => {
  it('are learnt from, and are on the page of the asset', async () => {
    const observer = new Observer(store, assets, 1)
    observer.start()
    const time = Date.now() * 1000 - 60_000_000
    const conn = {
      'src.ip': '10.0.0.9',
      'dst.ip': '10.0.0.5',
      'dst.port': 443,
      'net.transport': 'tcp',
      'net.app': 'ssl',
      'flow.state': 'SF',
      'dst.bytes': 900,
    }
    const seen = new Promise<void>((resolve) => assets.onChange(resolve))
    await store.commit(
      batchOf([
        { time, type: 'conn', fields: conn, raw: '{}' },
        { time, type: 'dns', fields: { 'src.ip': '10.0.0.77' }, raw: '{}' },
      ]),
    )
    await seen
    await observer.close()
    expect(assets.directory.size).toBe(1)
    const { asset } = assets.byAddress('10.0.0.5')!
    expect(asset).toMatchObject({ observed: true, services: [{ port: 443, name: 'ssl', observed: true, source: 'connection' }] })
    const views = new AssetViews(store, assets)
    expect(await views.talkers({ id: asset.id, hours: 24 }, never)).toMatchObject({
      value: { toward: [], from: [{ value: '10.0.0.9', count: 1 }] },
    })
    const baseline = await views.baseline({ id: asset.id }, never)
    expect(baseline.ok && baseline.value.hours.reduce((sum, { count }) => sum + count, 0)).toBe(1)
    views.close()
  })
  it('that were stored while nobody looked are learnt from when the desk is there again, once', async () => {
    const time = Date.now() * 1000 - 60_000_000
    const answered = (address: string) => ({
      'src.ip': '10.0.0.9',
      'dst.ip': address,
      'dst.port': 443,
      'net.transport': 'tcp',
      'flow.state': 'SF',
      'dst.bytes': 9,
    })
    const commit = (address: string) => store.commit(batchOf([{ time, type: 'conn', fields: answered(address), raw: '{}' }]))
    const observed = async (): Promise<string[]> => {
      const observer = new Observer(store, assets, 1)
      observer.start()
      const { to } = (await store.found()).at(-1)!
      await expect.poll(() => store.assets.observedTo(), { timeout: 20_000 }).toEqual({ ok: true, value: to })
      await observer.close()
      return [...assets.directory.all()].map(({ name }) => name).sort()
    }
    await commit('10.0.0.5')
    await end()
    await begin()
    expect(await observed()).toEqual(['10.0.0.5'])
    await commit('10.0.0.6')
    await end()
    await begin()
    // What was looked through is not looked through again: what was removed stays away.
    await assets.remove([...assets.directory.all()].map(({ id }) => id))
    expect(await observed()).toEqual(['10.0.0.6'])
  })
  it('by hour are compared with the days before that had any', () => {
    const counts = Array.from({ length: 96 }, (_, i) => (i < 24 ? 0 : i))
    const { hours, days } = baselineOf(counts)
    expect(days).toBe(2)
    expect(hours[3]).toEqual({ count: 75, usual: 39, least: 27, most: 51 })
    expect(baselineOf(Array.from({ length: 48 }, () => 0)).hours[0]).toEqual({ count: 0, usual: null, least: null, most: null })
  })
})

describe('lists', () => {
  it('are searched, ordered and cut in pages', async () => {
    await files({
      'scan.xml': example(nmap),
      'nvd.json': example(nvd),
      'more.csv': 'name,addresses,criticality,zone\nalpha,10.0.0.1,low,DMZ\nbeta,10.0.0.2,critical,office\n',
    })
    const views = new AssetViews(store, assets)
    const names = async (search: object) => {
      const page = await views.list(AssetSearch.parse(search))
      return page.ok ? [page.value.rows.map(({ asset }) => asset.name), page.value.total, page.value.after] : page.error.code
    }
    expect(await names({})).toEqual([['alpha', 'beta', 'shop.example'], 3, null])
    expect(await names({ order: 'weaknesses', limit: 1 })).toEqual([['shop.example'], 3, '1'])
    expect(await names({ order: 'criticality', limit: 1, after: '1' })).toEqual([['shop.example'], 3, '2'])
    expect(await names({ text: 'dmz 10.0' })).toEqual([['alpha'], 1, null])
    expect(await names({ text: 'HTTPD 2.4.49' })).toEqual([['shop.example'], 1, null])
    expect(await names({ which: 'observed' })).toEqual([[], 0, null])
    views.close()
  })
  it('lead to alerts and events by a query that is one, whatever the names are', async () => {
    const odd = {
      ...emptyAsset('a', 'a "b\\" or *', '2026-01-01T00:00:00.000Z', false),
      addresses: ['10.0.0.1', '2001:db8::1'],
      networks: ['10.0.0.0/8', '2001:db8::/32'],
      otherNames: ['web-01', 'not x'],
    }
    const parsed = parseQuery(alertsWhere(odd))
    expect(parsed.ok).toBe(true)
    await assets.change(() => ({ assets: [odd], findings: [] }))
    const views = new AssetViews(store, assets)
    const page = await views.get('a')
    expect(page).toMatchObject({ ok: true, value: { openAlerts: 0 } })
    const found = await store.alerts.search(
      {
        where: page.ok ? page.value.alertsWhere : '',
        states: ['open'],
        window: { from: null, to: null },
        order: 'urgency',
        limit: 10,
        after: null,
      },
      '',
      never,
    )
    expect(found.ok).toBe(true)
    views.close()
  })
  it('are answered over the contract', async () => {
    const views = new AssetViews(store, assets)
    const handlers = assetHandlers(assets, views)
    const context = { caller: { id: 'a', name: 'kim', permissions: new Set<never>() }, signal: never }
    await files({ 'kev.json': example(kev) })
    const counts = await handlers['assets.counts']({}, context)
    expect(counts).toMatchObject({ ok: true, value: { registered: 0, catalogue: { exploited: 1, vulnerabilities: 0 } } })
    const formats = await handlers['assets.formats']({}, context)
    expect(formats.ok && formats.value.formats.map(({ id }) => id)).toEqual([
      'assets-csv',
      'assets-json',
      'nmap-xml',
      'scanner-csv',
      'csaf-json',
      'epss-csv',
      'kev-csv',
      'kev-json',
      'nvd-json',
    ])
    views.close()
  })
})
