/** Impact verification through the whole engine: as alerts come, and again when somebody says something new of the target. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { AssetDraft } from '../../../shared/asset-contract.ts'
import type { WatchfloorContract } from '../../../shared/contract.ts'
import { PERMISSIONS, type ClientOf } from '../../../shared/rpc/kinds.ts'
import { createEngine } from '../engine.ts'
import type { Engine } from '../hosts/engine-interface.ts'
import { connectInMemory } from '../hosts/in-memory.ts'
import { must } from '../../../test/fixtures/store/incidents.ts'

const folder = mkdtempSync(join(tmpdir(), 'watchfloor-impact-'))
let engine: Engine | null = null
let client: ClientOf<WatchfloorContract> | null = null
afterAll(async () => {
  client?.close()
  await engine?.close()
  rmSync(folder, { recursive: true, force: true })
})

const record = {
  timestamp: '2026-11-20T10:00:00.000000+0000',
  event_type: 'alert',
  src_ip: '198.51.100.47',
  src_port: 40_000,
  dest_ip: '10.1.0.5',
  dest_port: 80,
  proto: 'TCP',
  alert: {
    action: 'allowed',
    gid: 1,
    signature_id: 9_100_001,
    rev: 1,
    signature: 'IIS path traversal',
    category: 'Web Application Attack',
    severity: 1,
    metadata: { affected_product: ['Microsoft_IIS'], cve: ['CVE_2017_7269'] },
  },
}
const host: AssetDraft = {
  id: null,
  name: 'shop',
  otherNames: [],
  customer: null,
  addresses: ['10.1.0.5'],
  networks: [],
  criticality: 'high',
  owner: '',
  zone: '',
  os: 'Debian 12',
  note: '',
  services: [{ port: 80, transport: 'tcp', name: 'http', product: 'nginx', version: '1.24.0', cpe: null }],
}

it('is done again when somebody enters the target', async () => {
  const log = join(folder, 'eve.json')
  writeFileSync(log, `${JSON.stringify(record)}\n`)
  engine = must(await createEngine({ dataDir: join(folder, 'desk') }))
  const kim = (client = connectInMemory(engine, { caller: { id: 'kim', name: 'kim', permissions: new Set(PERMISSIONS) } }))
  must(await kim.job('import.run', { paths: [log] }).done)
  const { alerts } = must(await kim.query('alerts.search', { states: ['open'] }))
  const alert = alerts[0]!.id
  const all = async () => must(await kim.query('impact.get', { alert })).verifications
  await expect.poll(async () => (await all()).map(({ result }) => result), { timeout: 20_000 }).toContain('attempted')
  // Until the record itself, which is new data, has been looked at: what comes then comes of the inventory.
  await new Promise((resolve) => setTimeout(resolve, 6000))
  const before = (await all()).length
  must(await kim.command('assets.save', host))
  await expect.poll(async () => (await all()).length, { timeout: 20_000 }).toBe(before + 1)
  const [newest] = await all()
  expect(newest).toMatchObject({ cause: 'data', by: 'watchfloor', result: 'failed', findings: [{ test: 'other-platform' }] })
}, 60_000)
