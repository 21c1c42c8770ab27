import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { runCaptured } from '../../../test/fixtures/terminal/run-captured.ts'

const folder = mkdtempSync(join(tmpdir(), 'watchfloor-import-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const log = join(folder, 'log.jsonl')
writeFileSync(log, '{"time":"2026-01-02T03:04:05Z","kind":"a"}\n')

const RULE = 'title: a\nid: a\nlogsource: { category: test }\ndetection: { sel: { kind: a }, condition: sel }\n'
const scenario = (rule: string): string =>
  `title: s\nid: s\ncorrelation: { type: event_count, rules: [${rule}], timespan: 5m, condition: { gte: 1 } }\n`

describe('watchfloor import', () => {
  it.each([
    ['rules that load', [RULE, scenario('a')], 0, ', 0 failed'],
    ['a rule that does not', [RULE, 'title: b\nlogsource: { category: test }\n'], 1, ', 1 failed'],
    ['a scenario that cannot be read', [RULE, scenario('a').replace('gte', 'about')], 1, ', 1 failed'],
    ['a scenario whose rule is not there', [RULE, scenario('nobody')], 1, ', 1 failed'],
  ])('goes well or not with %s, and imports either way', async (name, documents, code, said) => {
    const rules = join(folder, name)
    mkdirSync(rules)
    writeFileSync(join(rules, 'r.yml'), documents.join('---\n'))
    const found = await runCaptured('import', log, '--data', join(rules, 'data'), '--rules', rules)
    expect(found.talk).toContain(said)
    expect(found).toMatchObject({ code, lines: [expect.stringContaining('1 records, 1 events') as string] })
  })

  it('counts the alerts of scenarios too, also those whose windows are judged at the end', async () => {
    const rules = join(folder, 'counted')
    mkdirSync(rules)
    const own = 'title: a\nid: a\nlogsource: { product: windows }\ndetection: { sel: { EventID: 4625 }, condition: sel }\n'
    const bounded = scenario('a').replace('gte: 1', 'lt: 9').replaceAll(/\bs$/gm, 'bounded')
    writeFileSync(join(rules, 'r.yml'), [own, scenario('a'), bounded].join('---\n'))
    const path = join(folder, 'windows.jsonl')
    const event = { Event: { System: { EventID: 4625, Channel: 'Security', TimeCreated: { '#attributes': { SystemTime: '2026-01-02T03:04:05Z' } } }, EventData: {} } } // prettier-ignore
    writeFileSync(path, `${JSON.stringify(event)}\n`)
    const data = join(rules, 'data')
    expect((await runCaptured('import', path, '--data', data, '--rules', rules)).lines[0]).toContain('1 events, 2 alerts')
    expect((await runCaptured('import', path, '--data', data, '--rules', rules)).lines[0]).toContain('0 events, 0 alerts')
  })
})
