import { describe, expect, it } from 'vitest'
import type { RuleSummary } from '../../../shared/model/rule.ts'
import { fileIn, filterOfParams, folderName, isFiltered, logsources, NO_FILTER, paramsOfFilter, shownRules } from './filter.ts'

const rule = (id: string, change: Partial<RuleSummary> = {}): RuleSummary => ({
  id,
  kind: 'rule',
  title: `Rule ${id}`,
  level: 'medium',
  status: 'stable',
  logsource: 'windows / process_creation',
  reachable: true,
  attack: ['T1059'],
  file: `${id}.yml`,
  folder: '/rules',
  enabled: true,
  schedule: null,
  cost: null,
  slow: null,
  alerts: 0,
  lastAlert: null,
  ...change,
})
const rules = [
  rule('a', { level: 'low', alerts: 9 }),
  rule('b', { level: 'critical', enabled: false, logsource: 'webserver' }),
  rule('c', { alerts: 2, title: 'LSASS memory dumped', attack: ['T1003.001'] }),
  rule('d', { reachable: false }),
]
const ids = (change: object): string =>
  shownRules(rules, { ...NO_FILTER, ...change })
    .map(({ id }) => id)
    .join('')

describe('the list of rules', () => {
  it('is in order of level, alerts, title', () => expect(ids({})).toBe('bcda'))
  it('finds words anywhere, in any order', () => {
    expect(ids({ text: 'dumped lsass' })).toBe('c')
    expect(ids({ text: 't1003' })).toBe('c')
    expect(ids({ text: 'WEBSERVER' })).toBe('b')
    expect(ids({ text: 'nothing of it' })).toBe('')
  })
  it('keeps by level, log source and state', () => {
    expect(ids({ atLeast: 'medium' })).toBe('bcd')
    expect(ids({ logsource: 'webserver' })).toBe('b')
    expect([
      ids({ keep: 'enabled' }),
      ids({ keep: 'disabled' }),
      ids({ keep: 'alerting' }),
      ids({ keep: 'silent' }),
      ids({ keep: 'unreachable' }),
    ]).toEqual(['cda', 'b', 'ca', 'bd', 'd'])
  })
  it('keeps those on a schedule, without steps of live scenarios, and slow ones', () => {
    const schedule = { hours: 24, last: null, next: '2026-01-02T03:04:05.000Z', running: false, step: false }
    const some = [
      rule('a', { schedule }),
      rule('b', { schedule: { ...schedule, step: true } }),
      rule('c', { slow: { why: 'share', longestMicros: 1, share: 0.5 } }),
    ]
    const kept = (keep: 'scheduled' | 'slow'): string[] => shownRules(some, { ...NO_FILTER, keep }).map(({ id }) => id)
    expect([kept('scheduled'), kept('slow')]).toEqual([['a'], ['c']])
  })
  it('names log sources, most rules first', () => expect(logsources(rules)).toEqual(['windows / process_creation', 'webserver']))
  it('keeps those of one folder, and not of one whose name begins the same', () => {
    const beside = [rule('a'), rule('b', { folder: '/rules/packs/Web' }), rule('c', { folder: '/rules/packs/Web servers' })]
    const found = shownRules(beside, { ...NO_FILTER, folder: '/rules/packs/Web' })
    expect(found.map(({ id }) => id)).toEqual(['b'])
  })
  it('names folders by their last part', () => {
    expect(folderName('/data/packs/Web servers')).toBe('Web servers')
    expect(folderName('C:\\data\\packs\\web\\')).toBe('web')
    expect(folderName('/')).toBe('/')
  })
  it('names files below their folder', () => {
    expect(fileIn({ file: '/rules/web/a.yml', folder: '/rules' })).toBe('web/a.yml')
    expect(fileIn({ file: 'C:\\rules\\a.yml', folder: 'C:\\rules' })).toBe('a.yml')
    expect(fileIn({ file: '/rules-2/a.yml', folder: '/rules' })).toBe('/rules-2/a.yml')
  })
  it('survives a route', () => {
    const filter = {
      text: 'a b',
      atLeast: 'high',
      logsource: 'webserver',
      keep: 'silent',
      folder: '/data/packs/Web servers',
    } as const
    expect(filterOfParams(paramsOfFilter(filter))).toEqual(filter)
    expect(filterOfParams({ level: 'huge', keep: '?' })).toEqual(NO_FILTER)
    expect(isFiltered(NO_FILTER)).toBe(false)
    expect(isFiltered(filter)).toBe(true)
  })
})
