/** Rule texts while they are written: what is wrong with them, what may be written, and where they are kept. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shippedLogSources } from '../logsources/table.ts'
import { rulesOfText } from '../parse-rules.ts'
import { checkText, type KnownRules } from './check-text.ts'
import { complete } from './complete.ts'
import { historyTask } from './history-task.ts'
import { OwnRules } from './own-rules.ts'

const rule = (id: string, more = ''): string =>
  `title: Rule ${id}\nid: ${id}\nname: ${id}\nlogsource:\n  category: process_creation\n  product: windows\ndetection:\n  selection:\n    Image|endswith: x.exe\n  condition: selection\n${more}`
const scenario = (rules: string): string =>
  `title: Many\nid: many\ncorrelation:\n  type: event_count\n  rules: [${rules}]\n  group-by: [User]\n  timespan: 5m\n  condition:\n    gte: 3\n`
const known: KnownRules = {
  rules: [...rulesOfText({ file: '/rules/a.yml', folder: '/rules', text: rule('loaded') })].flatMap((one) => one.rule ?? []),
  scenarios: [],
  sources: shippedLogSources().sources,
  lists: new Map(),
}
const FIELDS = ['user.name', 'src.ip']

describe('checking a text', () => {
  it('names what is in it', () => {
    const { problems, documents } = checkText(`${rule('a')}---\n${scenario('a')}`, known)
    expect(problems).toEqual([])
    expect(documents).toEqual([
      { kind: 'rule', id: 'a', title: 'Rule a', level: 'medium', line: 1, reachable: true },
      { kind: 'scenario', id: 'many', title: 'Many', level: 'medium', line: expect.any(Number) as number, reachable: true },
    ])
  })

  it('says what is wrong, and where', () => {
    const wrong = checkText(rule('a').replace('|endswith', '|nope'), known)
    expect(wrong.problems).toMatchObject([{ line: 9, fatal: true }])
    const missing = checkText(scenario('nobody'), known)
    expect(missing.problems).toMatchObject([{ line: 5, message: 'there is no rule nobody', fatal: true }])
    expect(checkText(`${rule('a')}---\n${rule('a')}`, known).problems).toMatchObject([
      { line: rule('a').split('\n').length + 1, message: expect.stringContaining('two documents') as string },
    ])
    expect(checkText('', known).problems).toMatchObject([{ fatal: true }])
  })

  it('knows the rules that are loaded', () => {
    expect(checkText(scenario('loaded'), known).problems).toEqual([])
  })

  it('never throws', () => {
    const text = `${rule('a')}---\n${scenario('a')}`
    fc.assert(
      fc.property(fc.nat(text.length), fc.nat(40), fc.string(), (at, length, put) => {
        const { problems, documents } = checkText(text.slice(0, at) + put + text.slice(at + length), known)
        expect(problems.length + documents.length).toBeGreaterThan(0)
      }),
      { numRuns: 200 },
    )
  })
})

describe('what runs over history', () => {
  it('are the rules of the text alone, with those that its scenarios need', () => {
    const { rules, plans, texts } = historyTask(checkText(scenario('loaded'), known))
    expect(rules.map(({ id, alerts, reads }) => [id, alerts, reads])).toEqual([['loaded', false, ['User']]])
    expect(plans.map(({ id }) => id)).toEqual(['many'])
    expect(Object.keys(texts)).toEqual(['many'])
    expect(historyTask(checkText(rule('a'), known)).rules.map(({ id }) => id)).toEqual(['a'])
  })
})

describe('completion', () => {
  const at = (text: string): string[] => {
    const offset = text.indexOf('^')
    return complete(text.replace('^', ''), offset, { ...known, fields: FIELDS }).completions.map(({ text: one }) => one)
  }
  it.each([
    ['tit^', 'title: '],
    ['title: x\nlev^', 'level: '],
    ['level: hi^', 'high'],
    ['logsource:\n  cat^', 'category: '],
    ['logsource:\n  category: process_cr^', 'process_creation'],
    ['detection:\n  selection:\n    Image|^', 'endswith'],
    ['detection:\n  selection:\n    user^', 'user.name'],
    ['detection:\n  one:\n    a: b\n  two:\n    c: d\n  condition: tw^', 'two'],
    ['correlation:\n  ty^', 'type: '],
    ['correlation:\n  type: temp^', 'temporal_ordered'],
    ['correlation:\n  rules:\n    - lo^', 'loaded'],
    ['correlation:\n  condition:\n    g^', 'gte: '],
  ])('%j offers %s', (text, wanted) => {
    expect(at(text)).toContain(wanted)
  })

  it('replaces the word that stands there', () => {
    expect(complete('level: hi', 9, { ...known, fields: FIELDS }).from).toBe(7)
  })

  it('answers at any place of any text', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(60), (text, offset) => {
        const { from } = complete(text, Math.min(offset, text.length), { ...known, fields: FIELDS })
        expect(from).toBeLessThanOrEqual(text.length)
      }),
    )
  })
})

describe('own rules', () => {
  it('are files of one folder, by names that are no paths', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'watchfloor-own-'))
    try {
      const own = new OwnRules(dir)
      await own.begin()
      for (const name of ['a.yml', 'A-1.yaml']) expect(own.isName(name)).toBe(true)
      for (const name of ['../a.yml', 'a/b.yml', '.a.yml', 'a.txt', 'a.examples.yml', 'a.yml\0'])
        expect(own.isName(name)).toBe(false)
      expect(await own.newName('Où est — LSASS?')).toBe('ou_est_lsass.yml')
      await own.write('a.yml', 'one')
      await own.write('a.yml', 'two')
      expect(await own.read('a.yml')).toBe('two')
      expect(readdirSync(own.folder)).toEqual(['a.yml'])
      expect(await own.newName('A')).toBe('a_2.yml')
      await own.remove('a.yml')
      expect(await own.read('a.yml')).toBeNull()
    } finally {
      rmSync(dir, { recursive: true })
    }
  })
})
