import { gzipSync } from 'node:zlib'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { made, madeEvtx, type MadeNode, type MadeRecord } from '../evtx/made-evtx.ts'
import { runCaptured } from '../../../test/fixtures/terminal/run-captured.ts'

const folder = mkdtempSync(join(tmpdir(), 'watchfloor-events-'))
afterAll(() => rmSync(folder, { recursive: true }))

const TEMPLATE: readonly MadeNode[] = [
  {
    name: 'Event',
    children: [
      {
        name: 'System',
        children: [
          { name: 'Provider', attributes: { Name: ['Made-Up'] } },
          { name: 'EventID', children: [{ value: 0 }] },
          { name: 'TimeCreated', attributes: { SystemTime: [{ value: 1 }] } },
          { name: 'EventRecordID', children: [{ value: 2 }] },
          { name: 'Channel', children: ['Security'] },
          { name: 'Computer', children: ['dc1.example'] },
        ],
      },
      { name: 'EventData', children: [{ name: 'Data', attributes: { Name: ['User'] }, children: [{ value: 3 }] }] },
    ],
  },
]
const record = (id: number, user: string): MadeRecord => ({
  id,
  template: TEMPLATE,
  values: [made.u16(4625), made.time('2026-01-02T03:04:05.000Z'), made.u64(BigInt(id)), made.text(user)],
})
const file = madeEvtx([[record(1, 'kim'), { ...record(2, ''), raw: Uint8Array.of(0x0f, 1, 1, 0, 0x66) }, record(3, 'lee')]])
const write = (name: string, bytes: Uint8Array): string => {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

it('prints every record, says which could not be read, and that not all went well', async () => {
  const { code, lines, talk } = await runCaptured('events', write('made.evtx', file), '--json')
  expect(code).toBe(1)
  expect(talk).toMatch(/made\.evtx: record 2 at byte \d+: an unknown token 102/)
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
    [
      [1, 'kim'],
      [3, 'lee'],
    ].map(([id, user]) => ({
      channel: 'Security',
      eventId: 4625,
      recordId: id,
      time: '2026-01-02T03:04:05.0000000Z',
      computer: 'dc1.example',
      provider: 'Made-Up',
      system: {
        Provider_Name: 'Made-Up',
        EventID: 4625,
        TimeCreated_SystemTime: '2026-01-02T03:04:05.0000000Z',
        EventRecordID: id,
        Channel: 'Security',
        Computer: 'dc1.example',
      },
      data: { User: user },
    })),
  )
})

it('reads a compressed one, and takes nothing else for one', async () => {
  const whole = madeEvtx([[record(1, 'kim')]])
  const { code, lines } = await runCaptured('events', write('made.evtx.gz', gzipSync(whole)))
  expect([code, lines]).toEqual([0, ['2026-01-02T03:04:05.0000000Z Security 4625 #1 dc1.example Made-Up User=kim']])
  for (const other of [Buffer.from('{"Event":1}\n'), gzipSync('{"a":1}\n')]) {
    const wrong = await runCaptured('events', write('other', other))
    expect([wrong.code, wrong.lines]).toEqual([1, []])
    expect(wrong.talk).toContain('no Windows event log')
  }
  expect((await runCaptured('events', join(folder, 'nowhere.evtx'))).code).toBe(1)
  expect((await runCaptured('events')).code).toBe(2)
})

it('is imported as the events that are in it, once, and goes on where it has grown', async () => {
  const data = join(folder, 'data')
  const log = write('grows.evtx', madeEvtx([[record(1, 'kim'), record(2, 'lee')]]))
  const imported = async (): Promise<Record<string, unknown>> => {
    const { lines } = await runCaptured('import', log, '--data', data, '--json')
    return JSON.parse(lines.at(-1) ?? '') as Record<string, unknown>
  }
  expect(await imported()).toMatchObject({ records: 2, events: 2, rejected: 0 })
  expect(await imported()).toMatchObject({ records: 0, events: 0 })
  writeFileSync(log, madeEvtx([[record(1, 'kim'), record(2, 'lee'), record(3, 'park')]]))
  expect(await imported()).toMatchObject({ records: 1, events: 1 })
  const { lines } = await runCaptured('query', 'win.channel:Security', '--data', data, '--json')
  expect(lines.map((line) => (JSON.parse(line) as { fields: Record<string, unknown> }).fields['win.record_id']).sort()).toEqual([
    1, 2, 3,
  ])
}, 60_000)
