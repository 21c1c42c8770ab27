/** Evidence through the whole engine: packets that come by themselves, files, records, objects; viewed, exported, altered, merged. */
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { WatchfloorContract } from '../../../shared/contract.ts'
import { MOST_WINDOW } from '../../../shared/incident-evidence-contract.ts'
import type { Result } from '../../../shared/model/result.ts'
import { PERMISSIONS, type ClientOf } from '../../../shared/rpc/kinds.ts'
import { createEngine } from '../engine.ts'
import type { Engine } from '../hosts/engine-interface.ts'
import { connectInMemory } from '../hosts/in-memory.ts'
import { FLOWS, knownCapture } from '../packets/bench/made-capture.ts'
import { MADE_TIME } from '../packets/capture/made-packets.ts'

const folder = mkdtempSync(join(tmpdir(), 'watchfloor-evidence-'))
const dataDir = join(folder, 'desk')
const capture = join(folder, 'known.pcapng')
let engine: Engine | null = null
const clients: ClientOf<WatchfloorContract>[] = []
const close = async (): Promise<void> => {
  for (const client of clients.splice(0)) client.close()
  await engine?.close()
  engine = null
}
afterAll(async () => {
  await close()
  rmSync(folder, { recursive: true, force: true })
})
const must = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}
/** Outputs are checked against the contract. */
function clientOf(name: string): ClientOf<WatchfloorContract> {
  const client = connectInMemory(engine!, { caller: { id: name, name, permissions: new Set(PERMISSIONS) } })
  clients.push(client)
  return client
}
const until = async (holds: () => Promise<boolean>): Promise<void> => {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50))
}
/** A record of one of the flows of the capture. */
const record = (flow: number, signature: string, id = flow): string => {
  const { client, server, clientPort, serverPort, transport } = FLOWS[flow]!
  return JSON.stringify({
    timestamp: new Date(MADE_TIME * 1000).toISOString().replace('Z', '000+0000'),
    event_type: 'alert',
    src_ip: `192.0.2.${client}`,
    src_port: clientPort,
    dest_ip: `198.51.100.${server}`,
    dest_port: serverPort,
    proto: transport.toUpperCase(),
    alert: { action: 'allowed', gid: 1, signature_id: 9_100_001 + id, rev: 1, signature, category: 'Test', severity: 1 },
  })
}
let kim: ClientOf<WatchfloorContract>
let alerts: readonly { readonly id: string; readonly title: string }[]
const evidence = async (number: string) => must(await kim.query('incidents.parts', { number })).evidence
const ledger = async (number: string) => must(await kim.query('incidents.ledger', { number })).entries.toReversed()
const alertOf = (title: string) => alerts.find((one) => one.title === title)!
const settled = (number: string) => until(async () => must(await kim.query('incidents.carves', { number })).waiting === 0)
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const open = async (title: string, ...of: readonly string[]) =>
  must(await kim.command('incidents.create', { title, alerts: of.map((one) => alertOf(one).id) })).number
async function upload(number: string, kind: 'file' | 'screenshot', name: string, bytes: Uint8Array) {
  const { upload: token } = must(await kim.command('incidents.beginUpload', { number, kind, name, bytes: bytes.length }))
  for (let from = 0; from < bytes.length; from += MOST_WINDOW) {
    const base64 = Buffer.from(bytes.subarray(from, from + MOST_WINDOW)).toString('base64')
    must(await kim.command('incidents.upload', { upload: token, from, base64 }))
  }
  return kim.command('incidents.sealUpload', { upload: token })
}

beforeAll(async () => {
  writeFileSync(capture, knownCapture())
  const log = join(folder, 'eve.json')
  const lines = [
    record(1, 'Web shell'),
    record(1, 'Same flow', 20),
    record(2, 'Other flow'),
    record(4, 'Bulk'),
    record(3, 'Query'),
  ]
  writeFileSync(log, `${lines.join('\n')}\n${record(0, 'No packets', 30).replace('192.0.2.', '203.0.113.')}\n`)
  engine = must(await createEngine({ dataDir }))
  kim = clientOf('kim')
  must(await kim.job('import.run', { paths: [log] }).done)
  alerts = must(await kim.query('alerts.search', { states: ['open'], limit: 50 })).alerts
  must(await kim.command('captures.open', { paths: [capture] }))
})

it('packets of the alerts of an incident are carved and sealed by themselves, a flow once', async () => {
  const number = await open('Web', 'Web shell', 'Same flow', 'No packets')
  await settled(number)
  const [item, ...more] = await evidence(number)
  expect(more).toEqual([])
  expect(item).toMatchObject({ id: 'EV-01', kind: 'packets', state: 'sealed', addedBy: 'watchfloor' })
  expect(item!.origin).toContain('known.pcapng: tcp 192.0.2.1:50001 → 198.51.100.10:80')
  const bytes = readFileSync(join(dataDir, 'evidence', number, item!.sha256))
  expect([hashOf(bytes), bytes.length]).toEqual([item!.sha256, item!.bytes])
  expect(bytes.includes('Carved by Watchfloor from known.pcapng')).toBe(true)
  expect(bytes.includes('GET /first')).toBe(true)
  expect(bytes.includes('GET /second')).toBe(false)
  const { carves } = must(await kim.query('incidents.carves', { number }))
  expect(Object.fromEntries(carves.map(({ alert, state, reason }) => [alert, [state, reason]]))).toEqual({
    [alertOf('Web shell').id]: ['done', ''],
    [alertOf('Same flow').id]: ['done', ''],
    [alertOf('No packets').id]: ['none', 'not_found'],
  })
  // It is told, and what is told holds the hash.
  const added = (await ledger(number)).filter(({ action }) => action === 'evidence.added')
  expect(added).toMatchObject([{ subject: 'EV-01', by: 'watchfloor', body: { sha256: item!.sha256, bytes: item!.bytes } }])
  // Of an alert that joins later only what is new; undoing takes no evidence away.
  must(await kim.command('incidents.addAlerts', { number, alerts: [alertOf('Other flow').id] }))
  await settled(number)
  expect((await evidence(number)).map(({ id }) => id)).toEqual(['EV-01', 'EV-02'])
  must(await kim.command('incidents.undo', { number }))
  expect(must(await kim.query('incidents.get', { number })).counts).toMatchObject({ alerts: 3, evidence: 2 })
  // Asked again by hand there is nothing new to carve.
  expect(
    must(await kim.command('incidents.addPackets', { number, from: { kind: 'alert', alert: alertOf('Web shell').id } })).ids,
  ).toEqual([])
  // They open in the bench out of the sealed copy.
  const opened = must(await kim.command('incidents.openPackets', { number, id: 'EV-01' }))
  await until(async () => must(await kim.query('captures.get', { capture: opened.id })).state === 'ready')
  const rows = must(await kim.query('packets.rows', { capture: opened.id, from: 0, count: 100 }))
  expect(rows.total).toBeGreaterThan(3)
  expect(await kim.command('incidents.openPackets', { number, id: 'EV-09' })).toMatchObject({
    ok: false,
    error: { code: 'not_found' },
  })
})

it('records, objects and files become items; each is viewed, exported and checked in the ledger', async () => {
  const number = await open('By hand')
  // As it was stored, byte for byte.
  const event = must(await kim.query('alerts.events', { id: alertOf('Bulk').id })).events[0]!.id
  must(await kim.command('incidents.addRecords', { number, events: [event], note: '<b>큰 응답', internal: true }))
  const [raw] = await evidence(number)
  expect(raw).toMatchObject({ note: '<b>큰 응답', internal: true })
  expect(readFileSync(join(dataDir, 'evidence', number, raw!.sha256), 'utf8')).toBe(record(4, 'Bulk'))
  expect(await kim.command('incidents.addRecords', { number, events: [event, '77'] })).toMatchObject({ ok: false })
  expect(await evidence(number)).toHaveLength(1)

  const opened = must(await kim.command('captures.open', { paths: [capture] }))
  const { objects } = must(await kim.job('packets.objects', { capture: opened.id }).done)
  expect(objects.length).toBeGreaterThan(0)
  must(await kim.command('incidents.addObject', { number, capture: opened.id, object: objects[0]!.id }))
  expect(await kim.command('incidents.addObject', { number, capture: opened.id, object: '9-9-9' })).toMatchObject({
    ok: false,
    error: { code: 'not_found' },
  })
  must(await kim.command('incidents.addPackets', { number, from: { kind: 'flow', capture: opened.id, flow: 4 } }))

  // Larger than a window; the name is hostile and stays a name.
  const name = '../../../etc/‮gnp.exe\u0000<script>'
  const large = Buffer.alloc(MOST_WINDOW + 77_777, 'evidence ')
  must(await upload(number, 'file', name, large))
  const items = await evidence(number)
  expect(items.map(({ kind }) => kind)).toEqual(['record', 'object', 'packets', 'file'])
  expect(items[1]!.sha256).toBe(objects[0]!.sha256)
  expect(items[3]).toMatchObject({ name, bytes: large.length, sha256: hashOf(large), addedBy: 'kim' })
  expect(readdirSync(join(dataDir, 'evidence', number)).sort()).toEqual(items.map(({ sha256 }) => sha256).sort())

  // A picture is what its bytes say; an SVG is none, and nothing of it stays.
  const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from('rest')])
  const shot = must(await upload(number, 'screenshot', 'a.svg', png))
  expect(await upload(number, 'screenshot', 'a.png', Buffer.from('<svg onload=alert(1)>'))).toMatchObject({
    ok: false,
    error: { code: 'unsupported_format' },
  })
  const lee = clientOf('lee')
  const view = must(await lee.command('incidents.openEvidence', { number, id: shot.id }))
  expect(view).toMatchObject({ picture: 'image/png', bytes: png.length })
  const window = async (from: number) =>
    must(await lee.query('incidents.readEvidence', { opening: view.opening, from, count: 8 })).base64
  expect(Buffer.from((await window(0)) + (await window(8)), 'base64').subarray(0, 8)).toEqual(png.subarray(0, 8))
  expect(await kim.query('incidents.readEvidence', { opening: view.opening, from: 0, count: 8 })).toMatchObject({
    ok: false,
    error: { code: 'not_found' },
  })
  must(await lee.command('incidents.noteEvidence', { number, id: shot.id, note: '화면', internal: true }))
  const out = must(await lee.command('incidents.exportEvidence', { number, id: shot.id }))
  expect(readFileSync(out.path)).toEqual(png)
  expect(out.path.endsWith('.png') && statSync(out.path).mode & 0o777).toBe(0o600)
  const taken = join(folder, 'taken')
  writeFileSync(taken, 'mine')
  expect(await lee.command('incidents.exportEvidence', { number, id: shot.id, path: taken })).toMatchObject({
    ok: false,
    error: { code: 'conflict' },
  })
  expect(readFileSync(taken, 'utf8')).toBe('mine')
  expect(await lee.command('incidents.exportEvidence', { number, id: shot.id, path: 'relative' })).toMatchObject({
    ok: false,
    error: { code: 'invalid_input' },
  })
  const { entries } = must(await kim.query('incidents.custody', { number, id: shot.id }))
  expect(entries.map(({ action, by }) => [action, by])).toEqual([
    ['evidence.added', 'kim'],
    ['evidence.viewed', 'lee'],
    ['evidence.noted', 'lee'],
    ['evidence.exported', 'lee'],
  ])

  // One byte of one copy.
  expect(must(await kim.job('incidents.checkEvidence', { number }).done)).toEqual({ sealed: 5, missing: [], altered: [] })
  const path = join(dataDir, 'evidence', number, items[3]!.sha256)
  chmodSync(path, 0o600)
  large[123_456]! ^= 1
  writeFileSync(path, large)
  rmSync(join(dataDir, 'evidence', number, items[0]!.sha256))
  expect(must(await kim.job('incidents.checkEvidence', { number }).done)).toEqual({
    sealed: 3,
    missing: ['EV-01'],
    altered: ['EV-04'],
  })
  expect((await evidence(number)).map(({ state }) => state)).toEqual(['missing', 'sealed', 'sealed', 'altered', 'sealed'])
  const exported = await kim.command('incidents.exportEvidence', { number, id: 'EV-04', path: join(folder, 'altered') })
  expect(exported).toMatchObject({ ok: false, error: { code: 'conflict' } })
  expect(existsSync(join(folder, 'altered'))).toBe(false)
  expect(must(await kim.query('incidents.ledger', { number })).intact).toBe(true)
})

it('uploads come in order and whole, and are for whoever began them', async () => {
  const number = await open('Uploads')
  const begin = { number, kind: 'file', name: 'x', bytes: 6 } as const
  const { upload: token } = must(await kim.command('incidents.beginUpload', begin))
  const base64 = Buffer.from('abc').toString('base64')
  const piece = (from: number, who = kim) => who.command('incidents.upload', { upload: token, from, base64 })
  expect(await piece(0, clientOf('lee'))).toMatchObject({ ok: false, error: { code: 'not_found' } })
  expect(await piece(3)).toMatchObject({ ok: false, error: { code: 'conflict' } })
  must(await piece(0))
  expect(await kim.command('incidents.sealUpload', { upload: token })).toMatchObject({ ok: false, error: { code: 'conflict' } })
  must(await piece(3))
  expect(await piece(6)).toMatchObject({ ok: false, error: { code: 'invalid_input' } })
  expect(must(await kim.command('incidents.sealUpload', { upload: token })).id).toBe('EV-01')
  const { upload: dropped } = must(await kim.command('incidents.beginUpload', begin))
  must(await kim.command('incidents.dropUpload', { upload: dropped }))
  expect(readdirSync(join(dataDir, 'evidence', number))).toEqual([hashOf(Buffer.from('abcabc'))])
  expect(await kim.command('incidents.beginUpload', { ...begin, number: 'INC-2026-0999' })).toMatchObject({
    ok: false,
    error: { code: 'not_found' },
  })
})

it('evidence of an incident that another takes in is renumbered, its copies are there, and it is told', async () => {
  const [into, from] = [await open('Into', 'Bulk'), await open('From', 'Query')]
  await settled(into)
  await settled(from)
  must(
    await kim.command('incidents.save', { number: from, draft: { kind: 'note', part: { text: 'see EV-01', internal: true } } }),
  )
  const [own, other] = [await evidence(into), await evidence(from)]
  expect([own.length, other.length]).toEqual([1, 1])
  must(await kim.command('incidents.merge', { number: into, from, reason: 'same' }))
  const items = await evidence(into)
  expect(items.map(({ id, sha256 }) => [id, sha256])).toEqual([
    ['EV-01', own[0]!.sha256],
    ['EV-02', other[0]!.sha256],
  ])
  expect(items[1]!.origin).toContain(`${from}: EV-01`)
  expect(must(await kim.query('incidents.parts', { number: into })).notes).toMatchObject([{ text: 'see EV-02' }])
  expect(must(await kim.job('incidents.checkEvidence', { number: into }).done)).toEqual({ sealed: 2, missing: [], altered: [] })
  expect((await ledger(into)).filter(({ action }) => action === 'evidence.added').map(({ subject }) => subject)).toEqual([
    'EV-01',
    'EV-02',
  ])
  // What was carved there is not carved again, and what is merged is still viewed.
  await settled(into)
  expect(await evidence(into)).toHaveLength(2)
  must(await kim.command('incidents.openEvidence', { number: from, id: 'EV-01' }))
  expect((await ledger(from)).at(-1)).toMatchObject({ action: 'evidence.viewed', subject: 'EV-01' })
})

it('what was not carved when the desk ended is carved when it starts again', async () => {
  const web = must(await kim.query('incidents.list', {})).incidents.find(({ title }) => title === 'Web')!.number
  must(await kim.command('incidents.removeAlerts', { number: web, alerts: [alertOf('Web shell').id], reason: 'other' }))
  const undecided = await open('Restart', 'Web shell')
  await close()
  const place = join(dataDir, 'evidence', undecided)
  // It ended before the carve, or within it: nothing, or what is sealed. Killed, it leaves half a copy too.
  for (const name of existsSync(place) ? readdirSync(place) : []) expect(name).toMatch(/^[0-9a-f]{64}$/)
  mkdirSync(place, { recursive: true })
  writeFileSync(join(place, '.draft-00.part'), 'half')
  engine = must(await createEngine({ dataDir }))
  kim = clientOf('kim')
  must(await kim.command('captures.open', { paths: [capture] }))
  await settled(undecided)
  expect((await evidence(undecided)).map(({ kind, state }) => [kind, state])).toEqual([['packets', 'sealed']])
  for (const name of readdirSync(place)) expect(name).toMatch(/^[0-9a-f]{64}$/)
})
