/** Against a definition that looks at every window, and what must hold whatever comes. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { naiveMatches } from '../../../../test/fixtures/sigma/naive-matches.ts'
import { dueAt, findMatches, measure, reachOf } from './find-matches.ts'
import { inOrder, type Entry, type Judging } from './judging.ts'
import type { Bounds, Judge, ScenarioStep } from './scenario.ts'
import { SlidingWindow } from './sliding-window.ts'

const runs = Number(process.env['WATCHFLOOR_RUNS'] ?? 400)
const STEPS = 4

const stepOf = (index: number, kind: ScenarioStep['kind']): ScenarioStep => ({
  ref: `r${index}`,
  id: `r${index}`,
  title: `r${index}`,
  kind,
  fields: [],
})

const growing: fc.Arbitrary<Bounds> = fc.oneof(
  fc.nat({ max: 5 }).map((gte): Bounds => ({ gte })),
  fc.nat({ max: 4 }).map((gt): Bounds => ({ gt })),
)
const anyBounds: fc.Arbitrary<Bounds> = fc.oneof(
  growing,
  fc.constantFrom<Bounds>({ lt: 3 }, { lte: 2 }, { eq: 2 }, { neq: 2 }, { gte: 2, lte: 3 }, { gt: 1, lt: 4 }, { gt: -2, neq: 0 }),
)
const percentile = fc.constantFrom(1, 7, 25, 50, 55, 60, 75, 90, 99.9, 100)
const some = fc.shuffledSubarray([...Array(STEPS).keys()], { minLength: 1 })
const alternative = fc
  .tuple(some, fc.subarray([...Array(STEPS).keys()]))
  .map(([wanted, without]) => ({ with: wanted, without: without.filter((step) => !wanted.includes(step)) }))
const alternatives = fc.array(alternative, { minLength: 1, maxLength: 3 })

interface Given {
  readonly window: Judging['window']
  readonly judge: Judge
}
const given: fc.Arbitrary<Given> = fc.oneof(
  growing.map((bounds): Given => ({ window: 'sliding', judge: { by: 'count', bounds } })),
  growing.map((bounds): Given => ({ window: 'sliding', judge: { by: 'distinct', bounds } })),
  growing.map((bounds): Given => ({ window: 'sliding', judge: { by: 'sum', bounds } })),
  fc
    .tuple(growing, fc.boolean())
    .map(([bounds, ordered]): Given => ({ window: 'sliding', judge: { by: 'steps', ordered, bounds } })),
  fc.tuple(alternatives, fc.boolean()).map(([of, ordered]): Given => ({
    window: 'sliding',
    judge: { by: 'alternatives', ordered, of: of.map((one) => ({ ...one, without: [] })) },
  })),
  fc
    .tuple(alternatives, fc.boolean())
    .map(([of, ordered]): Given => ({ window: 'forward', judge: { by: 'alternatives', ordered, of } })),
  anyBounds.map((bounds): Given => ({ window: 'fixed', judge: { by: 'count', bounds } })),
  anyBounds.map((bounds): Given => ({ window: 'fixed', judge: { by: 'distinct', bounds } })),
  anyBounds.map((bounds): Given => ({ window: 'fixed', judge: { by: 'sum', bounds } })),
  anyBounds.map((bounds): Given => ({ window: 'fixed', judge: { by: 'average', bounds } })),
  fc
    .tuple(anyBounds, percentile)
    .map(([bounds, per]): Given => ({ window: 'fixed', judge: { by: 'percentile', percentile: per, bounds } })),
  fc
    .tuple(anyBounds, fc.boolean())
    .map(([bounds, ordered]): Given => ({ window: 'fixed', judge: { by: 'steps', ordered, bounds } })),
  fc.tuple(growing, fc.constantFrom(17.3, 51.7)).map(([bounds, jitter]): Given => ({
    window: 'fixed',
    judge: { by: 'period', bounds, shortest: 1.5, longest: 6.5, jitter },
  })),
  fc.tuple(growing, fc.constantFrom(1.1, 1.5, 2), fc.integer({ min: 3, max: 5 })).map(([bounds, factor, windows]): Given => ({
    window: 'fixed',
    judge: { by: 'baseline', bounds, factor, windows },
  })),
)

const scattered = fc.array(
  fc.record({
    id: fc.nat({ max: 7 }),
    time: fc.integer({ min: -3, max: 30 }),
    step: fc.nat({ max: STEPS - 1 }),
    value: fc.integer({ min: 0, max: 4 }),
  }),
  { maxLength: 14 },
)
/** What a period is found in, which hardly ever comes about by chance. */
const rhythm = fc
  .tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: 2, max: 4 }), fc.integer({ min: 4, max: 8 }))
  .map(([start, gap, count]) =>
    Array.from({ length: count }, (_, i) => ({ id: i, time: start + i * gap, step: 0, value: i % 5 })),
  )

/** `kind`: events of rules have one time each; a match takes part at several. */
const story = fc.record({
  given,
  timespan: fc.integer({ min: 1, max: 9 }),
  kind: fc.constantFrom<ScenarioStep['kind']>('rule', 'scenario'),
  raw: fc.oneof({ weight: 3, arbitrary: scattered }, { weight: 2, arbitrary: rhythm }),
})
type Story = typeof story extends fc.Arbitrary<infer S> ? S : never

function planAndEntries({ given: { window, judge }, timespan, kind, raw }: Story): { plan: Judging; entries: Entry[] } {
  const plan = { timespan, window, judge, steps: Array.from({ length: STEPS }, (_, i) => stepOf(i, kind)) }
  const times = new Map<number, number>()
  for (const { id, time } of raw) if (!times.has(id)) times.set(id, time)
  const entries = new Map<string, Entry>()
  for (const { id, time, step, value } of raw) {
    const own = { id, step, value, time: kind === 'rule' ? times.get(id)! : time }
    entries.set(JSON.stringify(own), own)
  }
  return { plan, entries: [...entries.values()].sort(inOrder) }
}

const found = (plan: Judging, entries: readonly Entry[]) =>
  findMatches(plan, entries).map(({ from, to, fulfilled }) => ({
    first: entries[from]!.time,
    last: entries[to]!.time,
    fulfilled,
  }))

describe('what a scenario finds', () => {
  it('is what its definition says', () => {
    const seen = new Map<string, number>()
    fc.assert(
      fc.property(story, (one) => {
        const { plan, entries } = planAndEntries(one)
        const matches = found(plan, entries)
        expect(matches).toEqual(naiveMatches(plan, entries))
        if (matches.length > 0) seen.set(plan.judge.by, (seen.get(plan.judge.by) ?? 0) + 1)
      }),
      { numRuns: runs * 5 },
    )
    // Nothing is shown by judges that never find anything.
    expect([...seen.keys()].sort()).toEqual(
      ['alternatives', 'average', 'baseline', 'count', 'distinct', 'percentile', 'period', 'steps', 'sum'].sort(),
    )
  })

  it('does so where a scenario has one rule', () => {
    fc.assert(
      fc.property(story, (one) => {
        const single = { ...one, kind: 'rule' as const, raw: one.raw.map((entry, id) => ({ ...entry, id, step: 0 })) }
        const { plan, entries } = planAndEntries(single)
        if (plan.judge.by === 'alternatives') return
        const alone = { ...plan, steps: plan.steps.slice(0, 1) }
        expect(found(alone, entries)).toEqual(naiveMatches(alone, entries))
      }),
      { numRuns: runs },
    )
  })

  it('has all events of the times that it covers, whichever came first', () => {
    fc.assert(
      fc.property(story, (one) => {
        const { plan, entries } = planAndEntries(one)
        const matches = findMatches(plan, entries)
        for (const { from, to } of matches) {
          expect(entries[from - 1]?.time).not.toBe(entries[from]!.time)
          expect(entries[to + 1]?.time).not.toBe(entries[to]!.time)
        }
        matches.slice(1).forEach(({ from }, i) => expect(from).toBeGreaterThan(matches[i]!.to))
      }),
      { numRuns: runs },
    )
  })

  it('does not depend on the numbers of events', () => {
    fc.assert(
      fc.property(story, fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 8 }), (one, ids) => {
        const { plan, entries } = planAndEntries(one)
        const renamed = entries.map((entry) => ({ ...entry, id: ids[entry.id]! })).sort(inOrder)
        expect(found(plan, renamed)).toEqual(found(plan, entries))
      }),
      { numRuns: runs },
    )
  })

  it('only grows with further events where its window slides', () => {
    fc.assert(
      fc.property(story, (one) => {
        const { plan, entries } = planAndEntries(one)
        if (plan.window !== 'sliding' || entries.length === 0) return
        const after = found(plan, entries)
        for (let without = 0; without < entries.length; without++)
          for (const { first, last, fulfilled } of found(plan, entries.toSpliced(without, 1)))
            expect(after.some((match) => match.first <= first && match.last >= last && match.fulfilled <= fulfilled)).toBe(true)
      }),
      { numRuns: runs },
    )
  })

  it('is found too by a window that is fed batch by batch, some of them late, and forgets what is outside of it', () => {
    let lateOnes = 0
    fc.assert(
      fc.property(
        story,
        fc.array(fc.boolean(), { minLength: 14, maxLength: 14 }),
        fc.array(fc.nat({ max: 3 }), { minLength: 14, maxLength: 14 }),
        fc.nat({ max: 6 }),
        (one, cuts, delays, late) => {
          const { plan, entries } = planAndEntries(one)
          if (plan.window !== 'sliding') return
          const window = new SlidingWindow<Entry>(plan)
          const times: [first: number, last: number][] = []
          const arriving = entries
            .map((entry, i) => ({ entry, at: entry.time + delays[i % delays.length]! }))
            .sort((a, b) => a.at - b.at)
            .map(({ entry }) => entry)
          let batch: Entry[] = []
          let newest = -Infinity
          for (const [i, entry] of arriving.entries()) {
            batch.push(entry)
            if (i < arriving.length - 1 && !cuts[i % cuts.length]) continue
            batch.sort(inOrder)
            if (!window.takes(batch[0]!.time)) {
              // Later than is allowed for.
              expect(batch[0]!.time).toBeLessThan(newest - late + 1)
              return
            }
            if (batch[0]!.time < newest) lateOnes++
            newest = Math.max(newest, batch.at(-1)!.time)
            for (const { from, to } of window.add(batch)) times.push([window.entries[from]!.time, window.entries[to]!.time])
            expect(window.forget(100, late)).toBe(null)
            expect(window.entries.at(-1)!.time - window.entries[0]!.time).toBeLessThanOrEqual(plan.timespan + late)
            batch = []
          }
          // Each is part of one of all, and together they are all.
          const all = found(plan, entries)
          for (const [first, last] of times) expect(all.some((match) => match.first <= first && last <= match.last)).toBe(true)
          for (const { first, last } of all)
            for (const { time } of entries)
              if (first <= time && time <= last) expect(times.some(([from, to]) => from <= time && time <= to)).toBe(true)
        },
      ),
      { numRuns: runs * 2 },
    )
    expect(lateOnes).toBeGreaterThan(0)
  })

  it('is found again in the stretch of time that an event can change', () => {
    fc.assert(
      fc.property(story, fc.integer({ min: -3, max: 30 }), (one, time) => {
        const { plan, entries } = planAndEntries(one)
        const floor = Math.floor(time / plan.timespan) * plan.timespan
        const after = plan.window === 'fixed' ? floor : time - plan.timespan
        const until = plan.window === 'fixed' ? floor + plan.timespan : time + plan.timespan
        const part = entries.filter((entry) => entry.time >= after - reachOf(plan) && entry.time <= until)
        const near = findMatches(plan, part, { after, until }).map(({ from, to }) => [part[from]!.time, part[to]!.time])
        const all = found(plan, entries)
        // Each is part of one of all, and where windows stand for themselves it is one of them.
        for (const [first, last] of near)
          expect(
            all.some((match) => match.first <= first! && match.last >= last!),
            JSON.stringify([near, all]),
          ).toBe(true)
        if (plan.window === 'fixed')
          expect(near).toEqual(all.filter(({ first }) => first >= after && first < until).map(({ first, last }) => [first, last]))
      }),
      { numRuns: runs },
    )
  })
})

describe('what a judge measures', () => {
  const entry = (id: number, value: Entry['value'], step = 0): Entry => ({ id, time: id, step, value })

  it('counts an event once that two rules match', () => {
    const both = [entry(1, 5, 0), entry(1, 5, 1), entry(2, 5, 0)]
    expect(measure({ by: 'count', bounds: {} }, both)).toBe(2)
    expect(measure({ by: 'sum', bounds: {} }, both)).toBe(10)
    expect(measure({ by: 'average', bounds: {} }, [...both, entry(3, 2)])).toBe(4)
  })

  it('ranks by the nearest rank, without the rounding of fractions', () => {
    const twenty = Array.from({ length: 20 }, (_, i) => entry(i, i + 1))
    for (const [per, value] of [
      [55, 11],
      [5, 1],
      [50, 10],
      [50.1, 11],
      [100, 20],
    ] as const)
      expect(measure({ by: 'percentile', percentile: per, bounds: {} }, twenty)).toBe(value)
    const thousand = Array.from({ length: 1000 }, (_, i) => entry(i, i + 1))
    expect(measure({ by: 'percentile', percentile: 16.1, bounds: {} }, thousand)).toBe(161)
    expect(measure({ by: 'percentile', percentile: 50, bounds: {} }, [])).toBe(0)
  })

  it('does not lose small numbers beside large ones that have left the window', () => {
    const plan: Judging = { timespan: 5, window: 'sliding', steps: [stepOf(0, 'rule')], judge: { by: 'sum', bounds: { gte: 2 } } }
    const entries = [entry(0, 1e17), entry(10, 1), entry(11, 1)]
    expect(found(plan, entries)).toEqual([
      { first: 0, last: 0, fulfilled: 0 },
      { first: 10, last: 11, fulfilled: 11 },
    ])
  })
})

describe('when a window is over', () => {
  it('is at once where it slides, at its end where it is fixed, one timespan later where something must not happen', () => {
    expect(dueAt({ window: 'sliding', timespan: 10 }, 25)).toBe(25)
    expect(dueAt({ window: 'fixed', timespan: 10 }, 25)).toBe(30)
    expect(dueAt({ window: 'fixed', timespan: 10 }, 30)).toBe(40)
    expect(dueAt({ window: 'forward', timespan: 10 }, 25)).toBe(35)
  })
})
