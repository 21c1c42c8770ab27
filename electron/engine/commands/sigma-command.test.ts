import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
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
    expect(talk).toMatch(/wrong\.yml:7:20: .*nobody/)
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

  it('wants paths and rules', async () => {
    expect((await runCaptured('sigma', '--rules', rules)).code).toBe(2)
    expect((await runCaptured('sigma', log)).code).toBe(2)
  })
})
