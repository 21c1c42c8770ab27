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
  return { asked, targets: new TargetEvents(events as unknown as Store['events']) }
}
const signal = new AbortController().signal

it('gives what lies between two times, in order, however busy the time before was', async () => {
  const { targets } = made()
  const from = BEGIN + 58 * MINUTE
  const { events: found, cut } = await targets.of('ip:"10.0.0.1"', '', { from: from, at: from, to: from + 30 * MINUTE }, signal)
  expect(cut).toBe(true)
  expect(found.length).toBeGreaterThan(1000)
  expect(found.every(({ time }) => time >= from && time <= from + 30 * MINUTE)).toBe(true)
  expect(found.map(({ time }) => time)).toEqual(found.map(({ time }) => time).toSorted((a, b) => a - b))
  // Something of every ten minutes.
  for (let minute = 60; minute < 90; minute += 10)
    expect(found.some(({ time }) => time >= BEGIN + minute * MINUTE && time < BEGIN + (minute + 10) * MINUTE)).toBe(true)
})

it('asks once for what it has, until new events of that time come', async () => {
  const { targets, asked } = made()
  await targets.of('ip:"10.0.0.1"', '', { from: BEGIN, at: BEGIN, to: BEGIN + 15 * MINUTE }, signal)
  const once = asked.length
  await targets.of('ip:"10.0.0.1"', '', { from: BEGIN, at: BEGIN, to: BEGIN + 15 * MINUTE }, signal)
  expect(asked.length).toBe(once)
  // Of another time; then in the last of the stretches only.
  targets.forget(BEGIN + 60 * MINUTE, BEGIN + 90 * MINUTE)
  await targets.of('ip:"10.0.0.1"', '', { from: BEGIN, at: BEGIN, to: BEGIN + 15 * MINUTE }, signal)
  expect(asked.length).toBe(once)
  targets.forget(BEGIN + 15 * MINUTE, BEGIN + 15 * MINUTE)
  await targets.of('ip:"10.0.0.1"', '', { from: BEGIN, at: BEGIN, to: BEGIN + 15 * MINUTE }, signal)
  expect(asked.length).toBe(once + 1)
})

it('reads the beginning and the end of what lasts long', async () => {
  const { targets, asked } = made()
  await targets.of('ip:"10.0.0.1"', '', { from: BEGIN, at: BEGIN, to: BEGIN + 24 * 60 * MINUTE }, signal)
  // One more for the first minute of the alert.
  expect(asked.length).toBe(19)
  expect(microsFromIso(asked.at(-1)!)).toBeGreaterThan(BEGIN + 23 * 60 * MINUTE)
})

it('looks closer where there is more than is read', async () => {
  const { targets, asked } = made()
  const found = await targets.of(
    'ip:"10.0.0.1"',
    'ip:"10.0.0.2" and (ip:"10.0.0.1")',
    { from: BEGIN, at: BEGIN, to: BEGIN + 5 * MINUTE },
    signal,
  )
  expect(found.whole).toBe(false)
  expect(asked.length).toBe(3)
})

it('reads what a busy host did since the alert began, not only what it did first in the ten minutes', async () => {
  const { targets } = made()
  const at = BEGIN - (BEGIN % (10 * MINUTE)) + 7 * MINUTE + 1
  const found = await targets.of('ip:"10.0.0.1"', '', { from: at - 60 * MINUTE, at, to: at + 60 * MINUTE }, signal)
  const since = found.events.filter(({ time }) => time >= at && time < at + 3 * MINUTE - 1)
  expect(since.length).toBe(400)
  // No event between two of them was passed over.
  expect(since.at(-1)!.time - since[0]!.time).toBe(399 * 100_000)
})
