import { stringify } from 'yaml'
import { describe, expect, it } from 'vitest'
import { FieldRegistry } from '../../event/field-registry.ts'
import { EventRow } from '../../event/row.ts'
import { compileRulesWith } from '../compile.ts'
import { readRule } from '../read-rule.ts'
import { splitDocuments } from '../yaml-source.ts'
import { RuleWatch } from './rule-watch.ts'

/** A clock that stands still until something takes time. */
function watchOf(rules: number) {
  let millis = 0
  const watch = new RuleWatch(rules, () => millis)
  const evaluate = (rule: number, takes: number, always = true): boolean =>
    watch.timed(
      rule,
      always,
      () => {
        millis += takes
        return true
      },
      0,
    )
  /** An event on which some rules are evaluated. */
  const event = (takes: readonly number[]): void => {
    const began = watch.begin()
    takes.forEach((own, rule) => {
      if (began >= 0) evaluate(rule, own, false)
      else millis += own
    })
    if (began >= 0) watch.end(began)
  }
  return { watch, evaluate, event }
}

describe('what rules cost', () => {
  it('is estimated from some of the events', () => {
    const { watch, event } = watchOf(3)
    for (let i = 0; i < 6400; i++) event([0.01, 0.03])
    expect(watch.costs()).toEqual([
      { rule: 0, events: 6400, micros: 64_000 },
      { rule: 1, events: 6400, micros: 192_000 },
    ])
    expect(watch.slow).toEqual([])
  })

  it('is too much where single events take long more than once or twice', () => {
    const { watch, evaluate } = watchOf(2)
    evaluate(1, 60)
    evaluate(1, 60)
    for (let i = 0; i < 2000; i++) evaluate(1, 1)
    evaluate(1, 60)
    expect(watch.slow).toEqual([])
    evaluate(1, 60)
    evaluate(1, 70)
    expect(watch.slow).toEqual([{ rule: 1, why: 'event', longestMicros: 70_000, share: 0 }])
    watch.putAside(1)
    expect(watch.slow).toEqual([])
    expect([...watch.aside]).toEqual([0, 1])
  })

  it('is too much where a rule takes a large part of the time, unless it is hardly any time', () => {
    const { watch, event } = watchOf(4)
    for (let i = 0; i < 64 * 200; i++) event([1, 1.5, 3, 0.2])
    expect(watch.slow).toEqual([
      { rule: 1, why: 'share', longestMicros: 1500, share: expect.closeTo(1.5 / 5.7) as number },
      { rule: 2, why: 'share', longestMicros: 3000, share: expect.closeTo(3 / 5.7) as number },
    ])
    const quick = watchOf(1)
    for (let i = 0; i < 64 * 2000; i++) quick.event([0.05])
    expect(quick.watch.slow).toEqual([])
  })
})

describe('a slow rule', () => {
  const rule = (title: string, detection: unknown) => {
    const text = stringify({
      title,
      logsource: { category: 'drawn' },
      detection: { selection: detection, condition: 'selection' },
    })
    const { rule: read, problems } = readRule(splitDocuments(text)[0]!, `${title}.yml`, '.')
    if (read === null) throw new Error(JSON.stringify(problems))
    return read
  }

  it('is named, and once it is put aside the others go on', () => {
    const fields = new FieldRegistry()
    const sources = [{ names: [{ category: 'drawn' }], when: { format: ['drawn'] } }]
    const rules = [
      rule('plain', { 'A|contains': 'aaaa' }),
      // Linear in the text, but with hundreds of states that it may be in at each place.
      rule('slow', { 'A|re': 'a[ab]{400}[cd]' }),
    ]
    const { matcher } = compileRulesWith(rules, fields, { sources, aliasesOf: () => ({}) })
    const row = new EventRow()
    row.format = 'drawn'
    let state = 1
    const next = (): string => ((state = (state * 1_103_515_245 + 12_345) & 0x7fff_ffff) & 0x10000 ? 'a' : 'b')
    row.set(fields.id('A'), `aaaa${Array.from({ length: 30_000 }, next).join('')}`)
    for (let i = 0; i < 3; i++) expect(matcher.match(row)).toEqual([0])
    expect(matcher.slow).toMatchObject([{ rule: 1, why: 'event' }])
    const before = matcher.costs().find((cost) => cost.rule === 1)
    expect(before).toMatchObject({ events: 3 })
    matcher.putAside(1)
    expect(matcher.match(row)).toEqual([0])
    expect(matcher.slow).toEqual([])
    expect(matcher.costs().find((cost) => cost.rule === 1)).toEqual(before)
  })
})
