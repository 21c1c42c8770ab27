import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lookups, pcapHead } from '../packets/events/made-capture.ts'
import { runCaptured } from '../../../test/fixtures/terminal/run-captured.ts'

const folder = mkdtempSync(join(tmpdir(), 'watchfloor-sigma-'))
const rules = join(folder, 'rules')
const log = join(folder, 'sysmon.json')
beforeAll(() => {
  mkdirSync(rules)
  writeFileSync(
    join(rules, 'cmd.yml'),
    'title: Command shell\nid: cmd\nlogsource:\n  category: process_creation\n  product: windows\ndetection:\n  shell:\n    Image|endswith: \\cmd.exe\n  condition: shell\n',
  )
  const event = (image: string): string =>
    JSON.stringify({
      Event: {
        System: { EventID: 1, Channel: 'Microsoft-Windows-Sysmon/Operational', TimeCreated: { '#attributes': { SystemTime: '2026-01-02T03:04:05Z' } } }, // prettier-ignore
        EventData: { Image: image },
      },
    })
  writeFileSync(log, `${event('C:\\cmd.exe')}\n${event('C:\\x.exe')}\n`)
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('watchfloor sigma', () => {
  it('--check loads the rules and says where they are wrong', async () => {
    expect(await runCaptured('sigma', '--check', '--rules', rules)).toMatchObject({ code: 0, lines: [], talk: expect.stringContaining('1 rules loaded, 0 failed') as string }) // prettier-ignore
    writeFileSync(
      join(folder, 'wrong.yml'),
      'title: Wrong\nlogsource:\n  product: windows\ndetection:\n  a:\n    b: c\n  condition: a and nobody\n',
    )
    const { code, talk } = await runCaptured('sigma', '--check', '--rules', join(folder, 'wrong.yml'))
    expect(code).toBe(1)
    expect(talk).toMatch(/wrong\.yml:7:20: error: .*nobody/)
  })

  it('--check tells errors from notes, as text and as JSON', async () => {
    const file = join(folder, 'mixed.yml')
    writeFileSync(
      file,
      [
        'title: Date\nid: date\ndate: yesterday\nlogsource: { product: windows }\ndetection: { a: { b: c }, condition: a }\n',
        '\ntitle: Level\nid: level\nlevel: severe\nlogsource: { product: windows }\ndetection: { a: { b: c }, condition: a }\n',
        'title: s\nid: s\ncorrelation:\n  type: event_count\n  rules: [date]\n  timespan: 5m\n  condition: { gt: 3, lt: 3 }\n',
      ].join('---\n'),
    )
    const { code, lines, talk } = await runCaptured('sigma', '--check', '--rules', file, '--json')
    expect(code).toBe(1)
    expect(talk).toContain('1 rules loaded, 2 failed')
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { file, line: 3, column: 1, severity: 'note', message: expect.stringContaining('date') as string },
      { file, line: 10, column: 1, severity: 'error', message: expect.stringContaining('level: must be') as string },
      { file, line: 20, column: 3, severity: 'error', message: 'the condition can never hold' },
    ])
    const text = await runCaptured('sigma', '--check', '--rules', file)
    expect(text.lines).toEqual([])
    expect(text.talk).toMatch(/mixed\.yml:3:1: note: date/)
    expect(text.talk).toMatch(/mixed\.yml:10:1: error: level/)
  })

  it('--check notes log sources of which no record can be told, and goes well', async () => {
    const file = join(folder, 'unknown.yml')
    const rule = (id: string, logsource: string): string =>
      `title: ${id}\nid: ${id}\nlogsource: ${logsource}\ndetection: { a: { b: c }, condition: a }\n`
    writeFileSync(
      file,
      [
        rule('one', '{ product: windoze, category: process_creation }'),
        rule('two', '{ product: windows, category: process_creaton }'),
        rule('three', '{ product: windows, category: webserver }'),
        rule('four', '{ product: windows, category: process_creation }'),
      ].join('---\n'),
    )
    const { code, lines } = await runCaptured('sigma', '--check', '--rules', file, '--json')
    expect(code).toBe(0)
    const said = lines.map((line) => JSON.parse(line) as { line: number; severity: string; message: string })
    expect(said.map(({ line, severity }) => [line, severity])).toEqual([[3, 'note'], [8, 'note'], [13, 'note']]) // prettier-ignore
    expect(said[0]!.message).toContain('has product: windoze;')
    expect(said[1]!.message).toContain('has category: process_creaton;')
    expect(said[2]!.message).toContain('has product: windows, category: webserver;')
  })

  it('--check says which list cannot be read', async () => {
    const { code, talk } = await runCaptured('sigma', '--check', '--rules', rules, '--list', `Admins=${join(folder, 'none.txt')}`)
    expect(code).toBe(1)
    expect(talk).toMatch(/none\.txt: error: list Admins: /)
  })

  it('--explain says of each record which searches hold', async () => {
    const { code, lines } = await runCaptured('sigma', log, '--rules', rules, '--explain', 'cmd')
    expect(code).toBe(0)
    expect(lines).toEqual([
      `2026-01-02T03:04:05.000Z matches (shell: yes) ${log}:1`,
      `2026-01-02T03:04:05.000Z does not match (shell: no) ${log}:2`,
    ])
    const json = await runCaptured('sigma', log, '--rules', rules, '--explain', 'cmd', '--json')
    expect(JSON.parse(json.lines[0] ?? '')).toMatchObject({
      record: 1,
      matches: true,
      logsource: true,
      searches: { shell: true },
    })
    const { code: wrong, talk } = await runCaptured('sigma', log, '--rules', rules, '--explain', 'nobody')
    expect(wrong).toBe(1)
    expect(talk).toContain('there is no rule nobody')
  })

  it('--explain of a scenario explains its rules, those of scenarios below it too', async () => {
    const file = join(folder, 'scenarios.yml')
    const rule = (id: string, image: string): string =>
      `title: ${id}\nid: ${id}\nlogsource: { category: process_creation, product: windows }\ndetection: { image: { Image|endswith: '${image}' }, condition: image }\n`
    const scenario = (id: string, of: string): string =>
      `title: Scenario ${id}\nid: ${id}\ncorrelation: { type: event_count, rules: [${of}], timespan: 5m, condition: { gte: 1 } }\n`
    writeFileSync(
      file,
      [rule('c', 'cmd.exe'), rule('x', 'x.exe'), scenario('inner', 'c'), scenario('outer', 'inner, x, c'), scenario('broken', 'nowhere')].join('---\n'), // prettier-ignore
    )
    const { lines, talk, code } = await runCaptured('sigma', log, '--rules', file, '--explain', 'outer')
    expect(code).toBe(1)
    expect(talk).toContain('outer is a scenario, Scenario outer: each of its rules is explained in turn')
    expect(talk).toContain('2 records, 0 rejected, 2 matches')
    expect(lines).toEqual([
      `x: 2026-01-02T03:04:05.000Z does not match (image: no) ${log}:1`,
      `x: 2026-01-02T03:04:05.000Z matches (image: yes) ${log}:2`,
      `c: 2026-01-02T03:04:05.000Z matches (image: yes) ${log}:1`,
      `c: 2026-01-02T03:04:05.000Z does not match (image: no) ${log}:2`,
    ])
    const json = await runCaptured('sigma', log, '--rules', file, '--explain', 'inner', '--json')
    expect(JSON.parse(json.lines[0]!)).toMatchObject({ rule: 'c', matches: true })
    const broken = await runCaptured('sigma', log, '--rules', file, '--explain', 'broken')
    expect(broken).toMatchObject({ code: 1, lines: [] })
    expect(broken.talk).toContain('broken is a scenario, Scenario broken: there is no rule nowhere')
  })

  it('looks at the events of a capture, to where it can be read', async () => {
    const path = join(folder, 'tap.pcap')
    const rule = join(folder, 'lookup.yml')
    writeFileSync(
      rule,
      "title: Lookup\nid: lookup\nlogsource:\n  category: dns\ndetection:\n  any:\n    query: '*'\n  condition: any\n",
    )
    const whole = Buffer.concat([pcapHead(), lookups(0, 20)])
    writeFileSync(path, whole)
    const { code, lines, talk } = await runCaptured('sigma', path, '--rules', rule, '--json')
    expect(code).toBe(0)
    expect(lines.length).toBeGreaterThanOrEqual(20)
    expect(JSON.parse(lines[0]!)).toMatchObject({ rule: 'lookup', file: path, record: expect.any(Number) as number })
    expect(talk).toContain('1 files, ')
    writeFileSync(path, whole.subarray(0, whole.length - 10))
    const cut = await runCaptured('sigma', path, '--rules', rule, '--json')
    expect(cut.code).toBe(1)
    expect(cut.lines.length).toBeGreaterThan(10)
    expect(cut.talk).toMatch(/tap\.pcap: stopped at byte \d+: /)
  })

  it('wants paths and rules', async () => {
    expect((await runCaptured('sigma', '--rules', rules)).code).toBe(2)
    expect((await runCaptured('sigma', log)).code).toBe(2)
  })
})
