import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scoreOf } from './commands.ts'
import { eventsLink, formatRoute, parseRoute } from './route.ts'

describe('routes', () => {
  it('have a home', () => {
    for (const hash of ['', '#', '#/', '/']) expect(parseRoute(hash)).toMatchObject({ view: 'alerts', rest: '', params: {} })
  })
  it('carry anything there and back', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.dictionary(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), { noNullPrototype: true }),
        (rest, params) => {
          const back = parseRoute(formatRoute('rules', params, rest))
          expect(back.view).toBe('rules')
          expect(back.rest).toBe(rest)
          expect({ ...back.params }).toEqual({ ...params })
        },
      ),
    )
  })
  it('leave out what is empty', () => expect(formatRoute('events', { where: '', from: undefined, to: null })).toBe('#/events'))
  it('keep prototype names as plain parameters', () => expect(parseRoute('#/events?__proto__=x').params['__proto__']).toBe('x'))
  it('do not break on broken escapes', () => expect(parseRoute('#/rules/%E0%A4%A').rest).toBe('%E0%A4%A'))
  it('lead to events', () => {
    const { view, params } = parseRoute(eventsLink('ip:"::1" and x', { from: '2026-11-19T18:00:00Z', to: null }))
    expect(view).toBe('events')
    expect({ ...params }).toEqual({ where: 'ip:"::1" and x', from: '2026-11-19T18:00:00Z' })
  })
})

describe('the palette', () => {
  it('wants every word, and likes beginnings', () => {
    expect(scoreOf('Go to Alerts', 'zz')).toBe(0)
    expect(scoreOf('Go to Alerts', 'alerts go')).toBeGreaterThan(scoreOf('Go to Alerts', 'lerts'))
    expect(scoreOf('anything', '  ')).toBe(1)
  })
})
