import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadRules } from './load-rules.ts'
import { RuleCache } from './rule-cache.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'watchfloor-rules-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function put(name: string, text: string | Buffer): Promise<void> {
  await mkdir(dirname(join(folder, name)), { recursive: true })
  await writeFile(join(folder, name), text)
}
const load = (cache?: RuleCache) => loadRules([{ path: folder, builtin: false }], cache)
const rule = (title: string, id: string | null, detection = 'selection:\n    Image: x\n  condition: selection', more = '') =>
  `title: ${title}\n${id === null ? '' : `id: ${id}\n`}${more}logsource:\n  category: process_creation\n  product: windows\ndetection:\n  ${detection}\n`

describe('loading rules', () => {
  it('reads what a rule says of itself', async () => {
    await put(
      'a.yml',
      rule(
        'One',
        'a7a9d1b0-0000-4000-8000-000000000001',
        undefined,
        'level: informational\nstatus: test\ntags: [attack.t1059.001, attack.defense-evasion, attack.s0002, cve.2026-0001]\nreferences: https://example.org/one\nfalsepositives:\n  - none\ndescription: |\n  Text\n',
      ),
    )
    const { rules, problems } = await load()
    expect(problems).toEqual([])
    expect(rules).toMatchObject([
      {
        id: 'a7a9d1b0-0000-4000-8000-000000000001',
        title: 'One',
        level: 'info',
        status: 'test',
        attack: ['T1059.001', 'TA0005'],
        references: ['https://example.org/one'],
        falsePositives: ['none'],
        description: 'Text',
        logsource: { category: 'process_creation', product: 'windows' },
        folder,
        file: join(folder, 'a.yml'),
      },
    ])
  })

  it('says where each thing is wrong, and goes on', async () => {
    await put('1.yml', rule('Bad condition', null, 'selection:\n    Image: x\n  condition: selection and nobody'))
    await put(
      '2.yml',
      rule('Bad modifier', null, 'selection:\n    Image|begins: x\n    CommandLine|re: "("\n  condition: selection'),
    )
    await put('3.yml', 'title: No detection\nlogsource:\n  product: windows\nlevel: severe\n')
    await put('4.yml', 'title: [broken\n')
    await put('5.yml', '- a list\n')
    await put('6.yml', rule('Good', 'good'))
    await put('7.yml', rule('Aggregation', null, 'selection:\n    Image: x\n  condition: selection | count() > 3'))
    await put('notes.txt', 'no rule')
    const { rules, problems, failed } = await load()
    expect(rules.map(({ id }) => id)).toEqual(['good'])
    expect(failed).toBe(6)
    const said = problems.map(
      ({ file, line, column, message }) => `${file.slice(folder.length + 1)}:${line}:${column} ${message}`,
    )
    expect(said).toContain('1.yml:8:28 there is no search identifier "nobody"')
    expect(said).toContain('2.yml:7:5 there is no modifier "begins"')
    expect(said).toContain('2.yml:8:21 no regular expression: ( (missing closing ))')
    expect(said).toContain('3.yml:4:1 level: must be one of informational, low, medium, high, critical')
    expect(said).toContain('3.yml:1:1 detection is missing')
    expect(said.some((text) => text.startsWith('4.yml:'))).toBe(true)
    expect(said).toContain('5.yml:1:1 a rule is a map of title, logsource and detection')
    expect(said).toContain('7.yml:8:24 aggregations are not part of Sigma 2: use a correlation')
  })

  it('takes the first of two rules with one id, and gives an id where there is none', async () => {
    await put('a.yml', rule('First', 'same'))
    await put('b.yml', rule('Second', 'same'))
    await put('c.yml', rule('Nameless', null))
    const { rules, problems, failed } = await load()
    expect(rules.map(({ title }) => title)).toEqual(['First', 'Nameless'])
    expect(failed).toBe(1)
    expect(problems[0]!.message).toContain('belongs to a rule in')
    expect(rules[1]!.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/)
    await put('c.yml', rule('Nameless', null).replaceAll('\n', '\r\n'))
    expect((await load()).rules[1]!.id).toBe(rules[1]!.id)
  })

  it('says of a second id in which line its document begins', async () => {
    await put('a.yml', `${rule('First', 'same')}---\n\n${rule('Second', 'same')}`)
    const { problems } = await load()
    expect(problems).toMatchObject([{ line: 12, column: 1, message: expect.stringContaining('belongs to a rule in') as string }])
  })

  it('reads several documents of one file, each with its own lines', async () => {
    await put(
      'many.yml',
      `---\n${rule('One', 'one')}---\n${rule('Two', 'two', 'selection:\n    Image|nope: x\n  condition: selection')}...\n---\n\n${rule('Three', 'three')}`,
    )
    const { rules, problems } = await load()
    expect(rules.map(({ id }) => id)).toEqual(['one', 'three'])
    expect(problems.map(({ line, column }) => [line, column])).toEqual([[19, 5]])
    expect(rules[1]!.text.split('\n')[0]).toBe('title: Three')
    expect(JSON.stringify(rules[1]!.detection)).toContain('"line":8')
  })

  it('tells what is not evaluated yet without calling it wrong', async () => {
    await put(
      'correlation.yml',
      'title: Many\ncorrelation:\n  type: event_count\n  rules: [x]\n  group-by: [User]\n  timespan: 5m\n  condition:\n    gte: 10\n',
    )
    await put('expand.yml', rule('Placeholder', 'expand', 'selection:\n    User|expand: "%Admins%"\n  condition: selection'))
    await put('info.yml', 'id: 1\ndescription: no rule at all\n')
    await put('ahead.yml', rule('Look-ahead', 'ahead', 'selection:\n    CommandLine|re: "a(?!b)"\n  condition: selection'))
    const { rules, scenarios, problems, failed } = await load()
    expect(failed).toBe(0)
    expect(rules.map(({ id }) => id)).toEqual(['ahead', 'expand'])
    expect(scenarios.map(({ title }) => title)).toEqual(['Many'])
    expect(problems.map(({ message }) => message.split(':')[0])).toEqual([
      'not supported',
      'no Sigma rule',
      'there is no list Admins; this value matches nothing',
    ])
  })

  it('is not harmed by hostile files', async () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefghij'.split('').map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghij'[i]}`).join(',')}]`),
      'title: *j',
      'tags: *j',
    ].join('\n')
    await put('bomb.yml', bomb)
    await put('deep.yml', `title: ${'['.repeat(100_000)}`)
    await put('nested.yml', Array.from({ length: 3000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'))
    await put('dashes.yml', '- '.repeat(60_000))
    await put('huge.yml', Buffer.alloc(2 * 1024 * 1024, 'a'))
    await put('long.yml', `title: ${'x'.repeat(200_000)}`)
    await put(
      'proto.yml',
      rule('Names', 'proto', '__proto__:\n    constructor: x\n    __proto__|contains: y\n  condition: __proto__'),
    )
    await put('binary.yml', Buffer.from([0, 1, 2, 255, 254, 10, 58, 32, 0]))
    await put('self.yml', 'title: &x\n  - *x\ndetection: *x\n')
    await symlink('/dev/zero', join(folder, 'zero.yml')).catch(() => undefined)
    await symlink(folder, join(folder, 'loop')).catch(() => undefined)
    const { rules, problems } = await load()
    expect(rules.map(({ id }) => id)).toEqual(['proto'])
    expect(new Set(problems.map(({ file }) => file)).size).toBeGreaterThanOrEqual(7)
  })

  it('reads unchanged files from the cache', async () => {
    await put('a.yml', rule('One', 'one'))
    await put('b.yml', rule('Two', 'two'))
    const cache = new RuleCache()
    const first = await load(cache)
    await put('b.yml', rule('Two', 'two', undefined, 'level: high\n'))
    const second = await load(cache)
    expect(second.rules[0]).toBe(first.rules[0])
    expect(second.rules[1]!.level).toBe('high')
  })

  it('keeps what it read in a file, for the next start', async () => {
    for (let i = 0; i < 250; i++)
      await put(
        `r/${i}.yml`,
        rule(`Rule ${i}`, `id-${i}`, 'selection:\n    Image|re: a+\n    Size|gte: 1e300\n  condition: selection'),
      )
    await put('r/broken.yml', 'title: [')
    const file = join(folder, 'rules.cache')
    const cache = new RuleCache()
    const first = await load(cache)
    await cache.save(file)
    const restored = new RuleCache()
    await restored.restore(file)
    const second = await load(restored)
    expect(second).toEqual(first)
    const lines = (await readFile(file, 'utf8')).split('\n')
    // What comes back is not parsed again: a mark left in the cache is seen.
    await writeFile(file, lines.map((line) => line.replace('"title":"Rule 7"', '"title":"Kept"')).join('\n'))
    const marked = new RuleCache()
    await marked.restore(file)
    expect((await load(marked)).rules.some(({ title }) => title === 'Kept')).toBe(true)
    for (const damage of [
      lines.slice(0, 9).join('\n').slice(0, -30),
      `another version\n${lines.slice(1).join('\n')}`,
      '',
      '\0\0',
    ]) {
      await writeFile(file, damage)
      const damaged = new RuleCache()
      await damaged.restore(file)
      expect((await load(damaged)).rules).toEqual(first.rules)
    }
  })

  it('says so where a folder cannot be read', async () => {
    const { problems, folders } = await loadRules([{ path: join(folder, 'nowhere'), builtin: false }])
    expect(problems[0]!.message).toContain('cannot be read')
    expect(folders).toEqual([{ path: join(folder, 'nowhere'), rules: 0, failed: 1 }])
  })
})
