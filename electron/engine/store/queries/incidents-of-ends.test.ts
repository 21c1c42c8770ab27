/** Which incidents somebody is in, over a real desk. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { batchOf } from '../../../../test/fixtures/store/batches.ts'
import { opened, removeDir, temporaryDir, type Opened } from '../../../../test/fixtures/store/opened.ts'

const NOW = Date.now()
let dir: string
let store: Opened
const as = { by: 'mina', now: NOW * 1000 }
const number: Record<string, string> = {}
beforeAll(async () => {
  dir = temporaryDir()
  store = opened(dir, { now: () => NOW, bulkRows: 2048 })
  const batch = batchOf(['a', 'b', 'c'].map((key) => ({ time: NOW * 1000, hit: key, fields: { 'src.ip': '10.0.0.7' } })))
  const between: Record<string, readonly [string, string]> = {
    a: ['10.0.0.7', '10.0.9.9'],
    b: ['203.0.113.9', '10.0.0.8'],
    c: ['203.0.113.9', '192.0.2.1'],
  }
  const hits = batch.hits.map((hit) => {
    const [from = '', to = ''] = between[hit.detection] ?? []
    const [source, destination] = [from, to].map((ip) => ({ ip, port: 1, name: null }))
    return { ...hit, asset: '', source: source!, destination: destination! }
  })
  expect(store.writer.commit({ ...batch, hits }).ok).toBe(true)
  for (const { id, detection } of await store.alerts()) {
    const made = store.writer.incidents.create({ title: detection, alerts: [id], edit: {} }, as)
    number[detection] = made.ok ? made.value.number : ''
  }
  const made = store.writer.incidents.create({ title: 'by hand', alerts: [], edit: {} }, as)
  number['hand'] = made.ok ? made.value.number : ''
  const part = { kind: 'host', value: 'WEB-01', label: '', role: 'target', zone: '', asset: null, note: '' } as const
  const draft = { kind: 'entity', id: null, base: null, part } as const
  expect(store.writer.incidents.save({ number: number['hand']!, draft }, as).ok).toBe(true)
})
afterAll(() => {
  store.close()
  removeDir(dir)
})
const of = async (values: string[], open = false) => {
  const found = await store.ask('incidents.ofEnds', { values, open, limit: 100 })
  if (!found.ok) throw new Error(found.error.message)
  return found.value.incidents.map(({ incident, alerts }) => [incident.number, alerts])
}

it('are those of its alerts, by address or network, and those that name it, in any case', async () => {
  expect(await of(['10.0.0.7'])).toEqual([[number['a'], 1]])
  expect((await of(['10.0.0.0/24'])).map(([one]) => one).sort()).toEqual([number['a'], number['b']].sort())
  expect(await of(['web-01'])).toEqual([[number['hand'], 0]])
  expect(await of(['10.0.0.77', 'web-0'])).toEqual([])
})
it('leave out merged ones, and closed ones where only open ones are asked for', async () => {
  expect(store.writer.incidents.merge({ number: number['a']!, from: number['hand']!, reason: 'one' }, as).ok).toBe(true)
  expect(await of(['web-01'])).toEqual([[number['a'], 0]])
  for (const phase of ['contained', 'eradicated', 'recovered', 'closed'] as const)
    expect(store.writer.incidents.reach({ number: number['c']!, phase, at: null }, as).ok).toBe(true)
  expect((await of(['203.0.113.9'])).length).toBe(2)
  expect(await of(['203.0.113.9'], true)).toEqual([[number['b'], 1]])
})
