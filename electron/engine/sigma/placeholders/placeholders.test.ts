/** Placeholders of rules: what fills them, what stays empty, and that it is bounded. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Detection } from '../detection.ts'
import { itemsOf } from '../detection.ts'
import { rulesOfText } from '../parse-rules.ts'
import type { SigmaRule } from '../types.ts'
import { PlaceholderFiller } from './fill-placeholders.ts'
import { MOST_LIST_VALUES, OwnLists } from './own-lists.ts'
import { filled, listsIn } from './placeholder-text.ts'

const ruleOf = (key: string, value: string): SigmaRule => {
  const text = `title: Rule\nlogsource:\n  product: windows\ndetection:\n  selection:\n    ${key}: ${value}\n  condition: selection\n`
  const [read] = [...rulesOfText({ file: 'rule.yml', folder: '/', text })]
  if (!read?.rule) throw new Error(JSON.stringify(read?.problems))
  return read.rule
}
const valuesOf = ({ detection }: SigmaRule) =>
  (detection as Detection).searches.flatMap(({ expression }) => [...itemsOf(expression)].flatMap(({ values }) => values))
const fill = (rule: SigmaRule, lists: Readonly<Record<string, readonly string[]>>) =>
  new PlaceholderFiller(new Map(Object.entries(lists))).fill([rule])

describe('the text of placeholders', () => {
  it.each([
    ['%a%', ['a']],
    ['x-%a%-%b_1%', ['a', 'b_1']],
    ['%DC-NAME%', ['DC-NAME']],
    ['\\%a%', []],
    ['100% of %', []],
    ['%사용자%', ['사용자']],
    ['%a b%', []],
    ['%a%%b%', ['a', 'b']],
  ])('%s', (text, names) => expect(listsIn(text)).toEqual(names))

  it('is filled in every combination, a name that stands twice with the same value', () => {
    const lists = new Map([
      ['a', ['1', '2']],
      ['b', ['x%a%', 'y']],
    ])
    expect([...filled('\\%%a%.%b%.%a%', (name) => lists.get(name)!)]).toEqual(['%1.x%a%.1', '%1.y.1', '%2.x%a%.2', '%2.y.2'])
  })
})

describe('rules', () => {
  it('name the lists they ask for, and keep what is around a placeholder', () => {
    const rule = ruleOf('User|expand|contains', "'CORP-%Admins%'")
    expect(rule.lists).toEqual(['Admins'])
    const { filled: done, problems } = fill(rule, { Admins: ['kim', 'l*'] })
    expect(problems).toEqual([])
    expect(valuesOf(done[0]!).map(({ test }) => test.kind === 'text' && test.parts)).toEqual([
      [1, 'CORP-kim', 1],
      [1, 'CORP-l', 1],
    ])
  })

  it('say with line and column which list is missing, and of one that differs in case', () => {
    const { filled: done, problems } = fill(ruleOf('User|expand', "'%admins%'"), { Admins: ['kim'] })
    expect(problems).toEqual([
      {
        file: 'rule.yml',
        line: 6,
        column: 18,
        message: 'there is no list admins (there is Admins); this value matches nothing',
        fatal: false,
      },
    ])
    expect(valuesOf(done[0]!)[0]!.test.kind).toBe('never')
  })

  it('leave out values that cannot be, and keep the rest', () => {
    const { filled: done, problems } = fill(ruleOf('Ip|expand|cidr', "'%nets%'"), { nets: ['10.0.0.0/8', 'nonsense'] })
    expect(problems.map(({ message }) => message)).toEqual(['the value nonsense is left out: no network: nonsense'])
    expect(valuesOf(done[0]!)).toHaveLength(1)
  })

  it('match nothing where a list is empty, also where all values must match', () => {
    for (const key of ['User|expand', 'User|expand|all'])
      expect(valuesOf(fill(ruleOf(key, "'%x%'"), { x: [] }).filled[0]!).map(({ test }) => test.kind)).toEqual(['never'])
  })

  it('are the same objects as before where nothing changed, and untouched without placeholders', () => {
    const filler = new PlaceholderFiller(new Map([['x', ['1']]]))
    const rules = [ruleOf('User|expand', "'%x%'"), ruleOf('User', "'%x%'")]
    const first = filler.fill(rules).filled
    expect(filler.fill(rules).filled.every((rule, i) => rule === first[i])).toBe(true)
    expect(first[1]).toBe(rules[1])
    expect(rules[1]!.lists).toBeUndefined()
  })

  it('are bounded: combinations do not explode', () => {
    const many = Array.from({ length: 1000 }, (_, i) => `v${i}`)
    const { filled: done, problems } = fill(ruleOf('User|expand', "'%a%%b%%c%'"), { a: many, b: many, c: many })
    expect(problems.map(({ message }) => message)).toEqual([
      'more than 100000 values of lists in one rule; this value matches nothing',
    ])
    expect(valuesOf(done[0]!)).toHaveLength(1)
  })

  it('are bounded together: what is too much for all of them is said', () => {
    const lists = new Map([['a', Array.from({ length: 100_000 }, (_, i) => String(i))]])
    const rules = Array.from({ length: 7 }, () => ruleOf('User|expand', "'%a%'"))
    const { filled: done, problems } = new PlaceholderFiller(lists).fill(rules)
    expect(problems).toHaveLength(2)
    expect(done.map((rule) => valuesOf(rule).length)).toEqual([100_000, 100_000, 100_000, 100_000, 100_000, 1, 1])
  })
})

describe('the desk’s lists', () => {
  let folder: string
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'lists-'))))
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('are kept as files with a value a line, and read again only where they changed', async () => {
    const lists = new OwnLists(join(folder, 'lists'))
    expect(await lists.load()).toEqual({ changed: false, problems: [] })
    expect(await lists.save('Admins', ' kim \r\n\nroot\nkim\n')).toMatchObject({ ok: true })
    expect((await lists.load()).changed).toBe(true)
    expect((await lists.load()).changed).toBe(false)
    expect(readFileSync(join(folder, 'lists', 'Admins.txt'), 'utf8')).toBe('kim\nroot\n')
    const again = new OwnLists(join(folder, 'lists'))
    await again.load()
    expect(again.values).toEqual(new Map([['Admins', ['kim', 'root']]]))
    expect(await again.remove('Admins')).toMatchObject({ ok: true })
    expect((await again.load()).changed).toBe(true)
    expect(again.values.size).toBe(0)
  })

  it('refuse names that are paths, names that differ in case only, and too many values', async () => {
    const lists = new OwnLists(folder)
    for (const name of ['../x', '', 'a b', 'a/b', 'x.txt'])
      expect(await lists.save(name, 'x')).toMatchObject({ ok: false, error: { code: 'invalid_input', path: 'name' } })
    await lists.save('Admins', 'kim')
    await lists.load()
    expect(await lists.save('admins', 'kim')).toMatchObject({ ok: false, error: { code: 'conflict' } })
    const values = Array.from({ length: MOST_LIST_VALUES + 1 }, (_, i) => i).join('\n')
    expect(await lists.save('Admins', values)).toMatchObject({ ok: false, error: { code: 'invalid_input', path: 'values' } })
    expect(await lists.save('Admins', 'x'.repeat(2000))).toMatchObject({ ok: false, error: { path: 'values' } })
    expect(readFileSync(join(folder, 'Admins.txt'), 'utf8')).toBe('kim\n')
  })

  it('say which file cannot be a list, and use the rest', async () => {
    writeFileSync(join(folder, 'bad.txt'), 'x'.repeat(5000))
    writeFileSync(join(folder, 'good.txt'), 'x')
    const lists = new OwnLists(folder)
    const { problems } = await lists.load()
    expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining('a value is longer than 1024 characters')])
    expect([...lists.values.keys()]).toEqual(['good'])
  })
})
