import { describe, expect, it } from 'vitest'
import { colourRulesOf, toneOf, type ColourRule } from './colours.ts'

const row = { protocol: 'TCP', signs: [] as never[], source: '192.0.2.10', destination: '198.51.100.7', info: 'GET /a' }
const rule = (kind: ColourRule['kind'], value: string, more: Partial<ColourRule> = {}): ColourRule => ({
  name: '',
  kind,
  value,
  tone: 'accent',
  on: true,
  ...more,
})

describe('colours of packets', () => {
  it('tell what is lost, what is broken, what only controls', () => {
    expect(toneOf({ ...row, signs: ['retransmission'] }, [])).toBe('late')
    expect(toneOf({ ...row, signs: ['duplicate_ack', 'reset'] }, [])).toBe('fault')
    expect(toneOf(row, [])).toBe('dim')
    expect(toneOf({ ...row, protocol: 'HTTP' }, [])).toBeNull()
  })
  it.each([
    [rule('protocol', 'tcp'), 'accent'],
    [rule('address', '192.0.2.'), 'accent'],
    [rule('address', '192.0.2.1'), 'dim'],
    [rule('address', '198.51.100.7'), 'accent'],
    [rule('text', 'get /A'), 'accent'],
    [rule('text', 'get /A', { on: false }), 'dim'],
    [rule('sign', 'reset'), 'dim'],
  ] as const)('%o', (one, tone) => expect(toneOf(row, [one])).toBe(tone))
  it('are those of the first rule that fits', () => {
    expect(toneOf(row, [rule('text', 'x'), rule('protocol', 'TCP', { tone: 'late' }), rule('protocol', 'TCP')])).toBe('late')
  })
  it('do without what was kept and cannot be read', () => {
    expect(colourRulesOf([{ name: 'a', kind: 'filter', value: 'x', tone: 'late', on: true }])).toEqual([])
    expect(colourRulesOf([rule('text', 'x')])).toHaveLength(1)
  })
})
