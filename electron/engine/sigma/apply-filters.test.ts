import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FieldRegistry } from '../event/field-registry.ts'
import { EventRow } from '../event/row.ts'
import { compileRules } from './compile.ts'
import { loadRules, type Loaded } from './load-rules.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'watchfloor-filters-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const rule = (id: string, more = '', category = 'process_creation'): string =>
  `title: ${id}\nid: ${id}\n${more}logsource:\n  category: ${category}\n  product: windows\ndetection:\n  selection:\n    CommandLine|contains: rar\n  condition: selection\n`
const filter = (body: string, logsource = '  category: process_creation\n'): string =>
  `title: Administrators\nlogsource:\n${logsource}filter:\n${body}`
const ADMINS = '  selection:\n    User|startswith: adm_\n  condition: not selection\n'

async function load(...documents: readonly string[]): Promise<Loaded> {
  await writeFile(join(folder, 'rules.yml'), documents.join('---\n'))
  return loadRules([{ path: folder, builtin: false }])
}
/** Ids of the rules that match a process that `user` has started. */
function matching(loaded: Loaded, user: string, commandLine = 'rar a x'): string[] {
  const fields = new FieldRegistry()
  const { matcher, problems } = compileRules(loaded.rules, fields)
  expect(problems).toEqual([])
  const row = new EventRow()
  row.format = 'windows-json'
  row.type = '1'
  for (const [name, value] of [
    ['win.channel', 'Microsoft-Windows-Sysmon/Operational'],
    ['win.event_id', 1],
    ['CommandLine', commandLine],
    ['User', user],
  ] as const)
    // prettier-ignore
    row.set(fields.id(name), value)
  return matcher.match(row).map((index) => loaded.rules[index]!.id)
}

describe('a filter', () => {
  it('narrows the rules that it names, by id or by name, and no others', async () => {
    const loaded = await load(
      rule('one'),
      rule('two', 'name: packs\n'),
      rule('three'),
      filter(`  rules:\n    - one\n    - packs\n${ADMINS}`),
    )
    expect(loaded.problems).toEqual([])
    expect(matching(loaded, 'kim')).toEqual(['one', 'two', 'three'])
    expect(matching(loaded, 'adm_kim')).toEqual(['three'])
    expect(matching(loaded, 'kim', 'zip')).toEqual([])
  })

  it('is joined as its condition says: what it selects is what is left', async () => {
    const loaded = await load(
      rule('one'),
      filter('  rules: one\n  selection:\n    User|startswith: adm_\n  condition: selection\n'),
    )
    expect([matching(loaded, 'kim'), matching(loaded, 'adm_kim')]).toEqual([[], ['one']])
  })

  it.each(['any', 'All', '[]'])('is for all rules of its log source where it says %s', async (rules) => {
    const loaded = await load(rule('one'), rule('two'), rule('other', '', 'file_event'), filter(`  rules: ${rules}\n${ADMINS}`))
    expect(loaded.problems).toEqual([])
    expect(matching(loaded, 'adm_kim')).toEqual([])
    expect(JSON.stringify(loaded.rules.find(({ id }) => id === 'other')!.detection)).not.toContain('adm_')
  })

  it('says which rules are not there, and which are for another log source', async () => {
    const { problems, failed } = await load(rule('one', '', 'file_event'), filter(`  rules: [one, nobody]\n${ADMINS}`))
    expect(failed).toBe(0)
    expect(problems.map(({ message, fatal }) => [message, fatal])).toEqual([
      ['Administrators: there is no rule nobody to filter', false],
      ['Administrators: the rule one is for another log source and is not filtered', false],
    ])
  })

  it('several are all for a rule, their searches are their own', async () => {
    const loaded = await load(
      rule('one'),
      filter(`  rules: one\n${ADMINS}`),
      filter('  rules: one\n  selection:\n    CommandLine|contains: backup\n  condition: not 1 of selection*\n'),
    )
    expect(matching(loaded, 'kim')).toEqual(['one'])
    expect(matching(loaded, 'adm_kim')).toEqual([])
    expect(matching(loaded, 'kim', 'rar a backup')).toEqual([])
    // What is marked in a rule's text is the rule's own.
    expect(loaded.rules[0]!.text).toBe(rule('one'))
  })

  it('that is wrong is said where it is wrong, and narrows nothing', async () => {
    const cases: readonly [string, RegExp][] = [
      ['  selection:\n    User: x\n  condition: selection\n', /rules is missing/],
      ['  rules:\n    - {a: b}\n  selection:\n    User: x\n  condition: selection\n', /named by its id/],
      ['  rules: one\n  selection:\n    User: x\n', /condition is missing/],
      ['  rules: one\n  selection:\n    User: x\n  condition: nobody\n', /nobody/],
      ['  rules: one\n  selection:\n    User|begins: x\n  condition: selection\n', /begins/],
    ]
    for (const [body, message] of cases) {
      const loaded = await load(rule('one'), filter(body))
      expect(loaded.failed, body).toBe(1)
      expect(loaded.problems.map((problem) => problem.message).join(), body).toMatch(message)
      expect(matching(loaded, 'kim')).toEqual(['one'])
    }
    expect((await load('title: x\nfilter:\n  rules: any\n  selection:\n    a: b\n  condition: selection\n')).failed).toBe(1)
  })
})
