/** When proposals are made; the clock is the tests' own. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import type { Store } from '../../store/types.ts'
import { IncidentProposals } from './incident-proposals.ts'

const NUMBER = 'INC-2026-0001'
const WAITS = { settled: 1500, failed: 30_000 }
const COUNTS = { added: 0, changed: 0, removed: 0, left: 0 }
type Put = () => Promise<Result<typeof COUNTS>>

let proposals: IncidentProposals
let told: Parameters<Store['onIncidentsChanged']>[0]
let unproposed: string[]
let put: Put
let made: string[]

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  unproposed = []
  made = []
  put = () => Promise.resolve(ok(COUNTS))
  const incidents = {
    unproposed: () => Promise.resolve(ok({ numbers: unproposed })),
    alerts: () => Promise.resolve(ok({ alerts: [] })),
    putProposal: ({ number }: { number: string }) => {
      made.push(number)
      return put()
    },
  }
  proposals = new IncidentProposals(
    {
      incidents: incidents as unknown as Store['incidents'],
      impact: {} as Store['impact'],
      alerts: {} as Store['alerts'],
      onIncidentsChanged: (listener) => {
        told = listener
        return () => undefined
      },
    },
    { byAddress: () => null, byName: () => null, isOurs: () => false },
    WAITS,
  )
})
afterEach(async () => {
  await proposals.close()
  vi.restoreAllMocks()
  vi.useRealTimers()
})
const pass = (milliseconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds)
const changes = (): void => told([{ number: NUMBER, revision: 1, parts: ['alerts'] }])

it('are made while an alert gets a hit every second', async () => {
  proposals.start()
  for (let second = 0; second < 4; second++) {
    changes()
    await pass(1000)
  }
  expect(made).toEqual([NUMBER, NUMBER])
})

it('do not heap up behind one that takes long', async () => {
  proposals.start()
  let end = (): void => undefined
  put = () => new Promise((resolve) => (end = () => resolve(ok(COUNTS))))
  for (let second = 0; second < 20; second++) {
    changes()
    await pass(1000)
  }
  expect(made).toHaveLength(1)
  put = () => Promise.resolve(ok(COUNTS))
  end()
  await pass(20_000)
  expect(made).toHaveLength(2)
})

it.each([
  ['an error in passing', (): ReturnType<Put> => Promise.resolve(fail({ code: 'store_busy', message: 'Busy.' })), 2],
  ['a bug', (): ReturnType<Put> => Promise.reject(new Error('broken')), 2],
  ['the end of the incident', (): ReturnType<Put> => Promise.resolve(fail({ code: 'conflict', message: 'Closed.' })), 1],
])('after %s', async (_, refused, times) => {
  proposals.start()
  put = refused
  changes()
  await pass(WAITS.settled)
  expect(made).toHaveLength(1)
  put = () => Promise.resolve(ok(COUNTS))
  await pass(10 * WAITS.failed)
  expect(made).toHaveLength(times)
})

it('that an engine owed when it was killed are made by the next one', async () => {
  unproposed = ['INC-2026-0007', NUMBER]
  proposals.start()
  await pass(WAITS.settled)
  expect(made).toEqual(unproposed)
})
