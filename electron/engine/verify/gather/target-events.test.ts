import { expect, it } from 'vitest'
import { isoFromMicros, microsFromIso } from '../../../../shared/model/time.ts'
import { ok } from '../../../../shared/model/result.ts'
import type { Store } from '../../store/types.ts'
import { TargetEvents } from './target-events.ts'

const MINUTE = 60_000_000
const BEGIN = 1_800_000_000_000_000

/** An event every second. */
function made() {
  const asked: string[] = []
  const numbers = { events: 1, openAlerts: 0, lastAlert: null }
  const events = {
    search: (input: { window: { from: string; to: string }; limit: number }) => {
      asked.push(input.window.from)
      const [from, to] = [microsFromIso(input.window.from)!, microsFromIso(input.window.to)!]
      const found = []
      // More than are read of a stretch.
      for (let time = from; time < to && found.length < input.limit; time += 100_000)
        found.push({
          id: String(time),
          time: isoFromMicros(time),
          timeNote: '',
          received: isoFromMicros(time),
          type: 't',
          format: 'eve',
          source: 's',
          fields: {},
        })
      return Promise.resolve(ok({ events: found, after: found.length < input.limit ? null : 'more', scanned: 0, took: 0 }))
    },
  }
  return { asked, numbers, targets: new TargetEvents({ events, numbers } as unknown as Pick<Store, 'events' | 'numbers'>) }
}
const signal = new AbortController().signal

it('gives what lies between two times, in order, however busy the time before was', async () => {
  const { targets } = made()
  const from = BEGIN + 58 * MINUTE
  const { events: found, cut } = await targets.of('ip:"10.0.0.1"', '', from, from + 30 * MINUTE, signal)
  expect(cut).toBe(true)
  expect(found.length).toBeGreaterThan(1000)
  expect(found.every(({ time }) => time >= from && time <= from + 30 * MINUTE)).toBe(true)
  expect(found.map(({ time }) => time)).toEqual(found.map(({ time }) => time).toSorted((a, b) => a - b))
  // Something of every ten minutes.
  for (let minute = 60; minute < 90; minute += 10)
    expect(found.some(({ time }) => time >= BEGIN + minute * MINUTE && time < BEGIN + (minute + 10) * MINUTE)).toBe(true)
})

it('asks once for what it has, until new events come', async () => {
  const { targets, asked, numbers } = made()
  await targets.of('ip:"10.0.0.1"', '', BEGIN, BEGIN + 15 * MINUTE, signal)
  const once = asked.length
  await targets.of('ip:"10.0.0.1"', '', BEGIN, BEGIN + 15 * MINUTE, signal)
  expect(asked.length).toBe(once)
  numbers.events++
  await targets.of('ip:"10.0.0.1"', '', BEGIN, BEGIN + 15 * MINUTE, signal)
  expect(asked.length).toBe(2 * once)
})

it('reads the beginning and the end of what lasts long', async () => {
  const { targets, asked } = made()
  await targets.of('ip:"10.0.0.1"', '', BEGIN, BEGIN + 24 * 60 * MINUTE, signal)
  expect(asked.length).toBe(18)
  expect(microsFromIso(asked.at(-1)!)).toBeGreaterThan(BEGIN + 23 * 60 * MINUTE)
})

it('looks closer where there is more than is read', async () => {
  const { targets, asked } = made()
  const found = await targets.of('ip:"10.0.0.1"', 'ip:"10.0.0.2" and (ip:"10.0.0.1")', BEGIN, BEGIN + 5 * MINUTE, signal)
  expect(found.whole).toBe(false)
  expect(asked.length).toBe(2)
})
