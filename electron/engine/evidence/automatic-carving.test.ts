/** When packets are carved by themselves; the clock is the tests' own. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import type { Store } from '../store/types.ts'
import { AutomaticCarving } from './automatic-carving.ts'
import type { CarveDone } from './flow-carver.ts'

const BUSY = { code: 'store_busy', message: 'Busy.' } as const
const WAITS = { settled: 1500, busy: 10_000, failed: 30_000 }

let waiting: string[]
let carved: string[]
let busy: boolean
let listening: Result<null>
let carving: AutomaticCarving
let told: Parameters<Store['onIncidentsChanged']>[0]
/** What comes of carving; nothing is noted where it fails. */
let carve: () => Result<CarveDone>

beforeEach(() => {
  vi.useFakeTimers()
  waiting = []
  carved = []
  busy = false
  listening = ok(null)
  carve = () => ok({ ids: [], reason: '' })
  const uncarved = (): Promise<Result<{ alerts: { number: string; alert: string }[] }>> =>
    Promise.resolve(listening.ok ? ok({ alerts: waiting.map((alert) => ({ number: 'INC-2026-0001', alert })) }) : listening)
  carving = new AutomaticCarving(
    {
      incidents: { uncarved } as unknown as Store['incidents'],
      onIncidentsChanged: (listener) => {
        told = listener
        return () => undefined
      },
    },
    {
      get busy() {
        return busy
      },
      alert: (_number, alert) => {
        const done = carve()
        carved.push(alert)
        if (done.ok) waiting = waiting.filter((one) => one !== alert)
        return Promise.resolve(done)
      },
    },
    WAITS,
  )
  carving.start()
})
afterEach(async () => {
  await carving.close()
  vi.restoreAllMocks()
  vi.useRealTimers()
})
const pass = (milliseconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds)
const changes = (): void => told([{ number: 'INC-2026-0001', revision: 1, parts: ['alerts'] }])

it('is done while an alert of an incident gets a hit every second', async () => {
  await pass(WAITS.settled)
  waiting = ['1']
  for (let second = 0; second < 4; second++) {
    changes()
    await pass(1000)
  }
  expect(carved).toEqual(['1'])
})

it('goes on by itself after the store did not answer, and takes up again what failed in passing', async () => {
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  waiting = ['1', '2']
  listening = fail(BUSY)
  await pass(WAITS.settled)
  expect(carved).toEqual([])
  listening = ok(null)
  carve = () => fail(BUSY)
  await pass(WAITS.failed)
  expect(carved).toEqual(['1', '2'])
  expect(said).toHaveBeenCalledTimes(2)
  carve = () => ok({ ids: [], reason: '' })
  await pass(WAITS.failed)
  expect(carved).toEqual(['1', '2', '1', '2'])
  await pass(10 * WAITS.failed)
  expect(carved).toHaveLength(4)
})

it('waits while captures are in use, whatever changes meanwhile, but not without an end', async () => {
  waiting = ['1']
  busy = true
  await pass(WAITS.settled)
  for (let second = 0; second < 50; second++) {
    changes()
    await pass(1000)
  }
  expect(carved).toEqual([])
  await pass(10_000)
  expect(carved).toEqual(['1'])
})
