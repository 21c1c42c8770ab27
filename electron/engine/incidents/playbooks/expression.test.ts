import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FACTS, FACT_NAMES, type Facts } from '../../../../shared/model/playbook-facts.ts'
import { durationMs, nextClock } from './duration.ts'
import { evaluate, factsOf, holds, parseCondition } from './expression.ts'

const SOME: Facts = {
  impact: 'likely',
  'alerts.open': 3,
  classes: ['web_shell'],
  'customer.known': true,
  'asset.exposure': 'fixed',
}

describe('conditions', () => {
  it.each<[condition: string, expected: boolean | null]>([
    ['impact >= likely', true],
    ['impact > likely', false],
    ['impact in (blocked, failed)', false],
    ['impact in (blocked, likely)', true],
    ['alerts.open = 3', true],
    ['alerts.open < 2.5', false],
    ['classes has web_shell', true],
    ['classes has "Web_Shell"', true],
    ['classes has scan', false],
    ['customer.known', true],
    ['not customer.known', false],
    ['asset.exposure != exposed', true],
    ['severity = high', null],
    ['severity = high or impact = likely', true],
    ['severity = high and impact = blocked', false],
    ['severity = high and impact = likely', null],
    ['not severity = high', null],
    ['impact = blocked or impact = likely and alerts.open > 5', false],
    ['(impact = blocked or impact = likely) and alerts.open < 5', true],
  ])('%s', (condition, expected) => {
    expect(holds(condition, SOME)).toBe(expected)
  })

  it.each<[condition: string, offset: number, message: RegExp]>([
    ['', 0, /a fact is missing/],
    ['impact', 6, /is compared by/],
    ['impact >=', 9, /a value of impact is missing/],
    ['impact >= likely or', 19, /a fact is missing/],
    ['impact >= likely severity = high', 17, /expected/],
    ['classes = scan', 8, /is a list/],
    ['impact has likely', 7, /is no list/],
    ['alerts.open > many', 14, /is a number/],
    ['asset.exposure > fixed', 15, /have no order/],
    ['(impact = likely', 16, /'\)' is missing/],
    ['impact = likely; drop', 15, /has no place/],
    ['__proto__ = 1', 0, /there is no fact/],
    ['constructor = 1', 0, /there is no fact/],
    [`${'('.repeat(40)}impact = likely`, 32, /nested too deeply/],
    ['x'.repeat(1001), 0, /at most 1000/],
  ])('refuses %s', (condition, offset, message) => {
    const read = parseCondition(condition)
    expect(read).toMatchObject({ ok: false, error: { offset, message: expect.stringMatching(message) as string } })
  })

  it('what is not known, or is of another type, makes nothing true or false', () => {
    expect(holds('alerts.open = 3', { 'alerts.open': 'three' })).toBeNull()
    expect(holds('impact = likely', { impact: 'maybe' })).toBeNull()
    expect(holds('customer.known', {})).toBeNull()
    expect(holds('not a condition', {})).toBeNull()
  })

  const comparison = fc.constantFrom(...FACT_NAMES).chain((name) => {
    const { type } = FACTS[name]
    if (type.kind === 'list') return fc.constantFrom(`${name} has a`, `${name} has b`)
    if (type.kind === 'yesno') return fc.constant<string>(name)
    const values = type.kind === 'number' ? ['0', '1', '2.5'] : [...type.values]
    const signs = type.kind === 'value' && !type.ordered ? ['=', '!='] : ['=', '!=', '<', '<=', '>', '>=']
    return fc.tuple(fc.constantFrom(...signs), fc.constantFrom(...values)).map(([sign, value]) => `${name} ${sign} ${value}`)
  })
  const { condition } = fc.letrec<{ condition: string }>((tie) => ({
    condition: fc.oneof(
      { depthSize: 'small' },
      comparison,
      fc.tuple(tie('condition'), fc.constantFrom('and', 'or'), tie('condition')).map(([a, op, b]) => `(${a}) ${op} (${b})`),
      tie('condition').map((inner) => `not (${inner})`),
    ),
  }))
  const facts = fc
    .tuple(
      ...FACT_NAMES.map((name) => {
        const { type } = FACTS[name]
        const value: fc.Arbitrary<number | boolean | string | string[]> =
          type.kind === 'number' ? fc.constantFrom(0, 1, 2.5, 7)
          : type.kind === 'yesno' ? fc.boolean()
          : type.kind === 'list' ? fc.subarray(['a', 'b', 'c'])
          : fc.constantFrom(...(type.values as readonly string[])) // prettier-ignore
        return value.map((known) => [name, known] as const)
      }),
    )
    .map((entries) => Object.fromEntries(entries) as Facts)

  it('more knowledge never takes back an answer, and with all of it there always is one', () => {
    fc.assert(
      fc.property(condition, facts, fc.array(fc.constantFrom(...FACT_NAMES)), (text, all, hidden) => {
        fc.pre(text.length <= 1000)
        const read = parseCondition(text)
        if (!read.ok) throw new Error(read.error.message)
        const known = Object.fromEntries(Object.entries(all).filter(([name]) => !hidden.some((other) => other === name))) as Facts
        const [some, whole] = [evaluate(read.value, known), evaluate(read.value, all)]
        expect(whole).not.toBeNull()
        if (some !== null) expect(some).toBe(whole)
        expect(holds(`not (${text})`, all)).toBe(text.length > 990 ? holds(`not (${text})`, all) : !whole)
        // Facts it does not speak of change nothing.
        const spoken = Object.fromEntries(factsOf(read.value).map((name) => [name, all[name]])) as Facts
        expect(evaluate(read.value, spoken)).toBe(whole)
      }),
    )
  })

  it('any text is a condition or an error with its place', () => {
    const words = fc.constantFrom(
      'impact',
      'and',
      'or',
      'not',
      '(',
      ')',
      '=',
      '>=',
      'likely',
      'in',
      'has',
      ',',
      '"',
      '7',
      ' ',
      'classes',
      '가',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(words).map((parts) => parts.join(' ')),
        ),
        (text) => {
          const read = parseCondition(text)
          if (read.ok) return
          expect(read.error.offset).toBeGreaterThanOrEqual(0)
          expect(read.error.offset).toBeLessThanOrEqual(text.length)
          expect(read.error.message).not.toBe('')
        },
      ),
    )
  })
})

describe('durations and clocks', () => {
  it.each([
    ['PT30M', 1800],
    ['PT2H30M', 9000],
    ['P1DT1S', 86_401],
    ['P2W', 1_209_600],
  ])('%s', (text, seconds) => {
    expect(durationMs(text)).toEqual({ ok: true, value: seconds * 1000 })
  })

  it.each(['', 'P', 'PT', 'P1DT', 'PT1.5H', '-PT1H', 'P1Y', 'PT1D', 'P1W2D', 'pt1h', 'PT9999999H', ' PT1H'])(
    'refuses %j',
    (text) => {
      expect(durationMs(text).ok).toBe(false)
    },
  )

  it('the next time a clock shows is within a day and shows it', () => {
    const clocks = fc.tuple(
      fc.integer({ min: 0, max: 23 }),
      fc.integer({ min: 0, max: 59 }),
      fc.constantFrom('Z', '+09:00', '-05:30', '+14:00'),
    )
    fc.assert(
      fc.property(clocks, fc.integer({ min: 0, max: 4e12 }), ([hour, minute, zone], from) => {
        const two = (value: number): string => String(value).padStart(2, '0')
        const next = nextClock(`${two(hour)}:${two(minute)}${zone}`, from)
        expect(next).toBeGreaterThan(from)
        expect(next - from).toBeLessThanOrEqual(86_400_000)
        expect((next - Date.parse(`2026-01-01T${two(hour)}:${two(minute)}:00${zone}`)) % 86_400_000 === 0).toBe(true)
      }),
    )
  })
})
