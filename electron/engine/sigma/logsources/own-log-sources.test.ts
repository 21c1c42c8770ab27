/** Log source files: what is wrong with them is said with its place; the desk's own stand in the place of shipped ones. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { reachable } from './log-source.ts'
import { checkLogSource, OwnLogSources } from './own-log-sources.ts'
import { readLogSource } from './read-log-source.ts'
import { shippedLogSources } from './table.ts'

const TEXT = `id: badge
title: Badge readers
format: jsonl
mappings:
  people: { user: holder.name }
sources:
  - names: { product: acme, service: Badge }
    when: { fields: { system: badge }, has: [door] }
    use: people
    fields: { where: [door, place] }
examples:
  - name: a door
    format: jsonl
    record: '{"time":"2026-01-02T03:04:05Z","system":"badge","door":"7","holder":{"name":"kim"}}'
    is: { product: acme, service: badge }
    isNot: { product: okta }
    reads: { user: kim, where: 7 }
`

describe('a log source file', () => {
  it('is read: names in small letters, one where a list is meant, mappings by name', () => {
    const { definition, problems } = readLogSource(TEXT)
    expect(problems).toEqual([])
    expect(definition!.sources).toEqual([
      {
        names: [{ product: 'acme', category: undefined, service: 'badge' }],
        when: { format: ['jsonl'], type: undefined, fields: { system: ['badge'] }, has: ['door'] },
        fields: { user: 'holder.name', where: ['door', 'place'] },
      },
    ])
  })

  it.each<[string, (text: string) => string, number, number, string]>([
    ['no YAML', (text) => text.replace('title: Badge', 'title: "Badge'), 2, 22, 'closing "quote'],
    ['a list instead of a map', () => '- a', 1, 1, 'a log source file is a map'],
    ['a key that is not known', (text) => text.replace('    when:', '    wenn:'), 8, 5, 'there is no wenn here'],
    ['a format that is not known', (text) => text.replace('format: jsonl', 'format: jsonx'), 3, 9, 'there is no such format'],
    ['no format at all', (text) => text.replace('format: jsonl\n', ''), 6, 5, 'names no format'],
    ['a name of nothing', (text) => text.replace('{ product: acme, service: Badge }', '{}'), 7, 12, 'names neither'],
    ['a mapping that is not there', (text) => text.replace('use: people', 'use: persons'), 9, 10, 'there is no mapping persons'],
    ['no sources', (text) => text.replace(/sources:[^]*/, ''), 1, 1, 'sources is missing'],
    ['a wrong id', (text) => text.replace('id: badge', 'id: ../badge'), 1, 5, 'small letters'],
    [
      'a part of a URL that is none',
      (text) => text.replace('[door, place]', '{ derive: host }'),
      10,
      22,
      'sources.0.fields.where',
    ],
    ['an alias bomb', () => `a: &a [x,x,x,x,x,x,x,x,x]\n${bomb()}`, 1, 1, 'aliases'],
    ['depth', () => `id: ${'['.repeat(5000)}`, 1, 1, 'nested too deeply'],
    ['length', () => `id: ${'x'.repeat(200_000)}`, 1, 1, 'longer than'],
  ])('%s is said with its place', (_, change, line, column, message) => {
    const { definition, problems } = readLogSource(change(TEXT))
    expect(definition).toBeNull()
    expect(problems[0]).toMatchObject({ line, column, message: expect.stringContaining(message) as string })
  })

  it('has examples that must come true', () => {
    const check = (from: string, to: string) => checkLogSource(TEXT.replace(from, to), 'badge', shippedLogSources())
    expect(check('x', 'x')).toEqual([])
    expect(check('user: kim', 'user: lee')).toEqual([
      { line: 12, column: 5, message: 'the example “a door” reads something else than lee as user' },
    ])
    expect(check('"system":"badge"', '"system":"lift"').map(({ message }) => message)).toContain(
      'the example “a door” is not acme / * / badge',
    )
    expect(check('product: okta', 'product: acme').map(({ message }) => message)).toEqual([
      'the example “a door” is acme / * / *',
    ])
    expect(checkLogSource(TEXT, 'door', shippedLogSources())[0]?.message).toBe('its id is badge, not door')
  })
})

const bomb = (): string =>
  'bcdefgh'
    .split('')
    .map((name, i) => `${name}: &${name} [${Array.from({ length: 9 }, () => `*${'abcdefg'[i]!}`).join()}]`)
    .join('\n')

describe('the desk’s own', () => {
  let folder: string
  beforeEach(() => (folder = join(mkdtempSync(join(tmpdir(), 'logsources-')), 'own')))
  afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }))

  it('are added, changed, and taken away again', async () => {
    const own = new OwnLogSources(folder)
    expect(own.read().entries).toEqual(shippedLogSources().entries)
    expect(await own.save('badge', TEXT)).toMatchObject({ ok: true })
    const badge = own.read().entries.find(({ id }) => id === 'badge')!
    expect(badge).toMatchObject({ shipped: false, changed: true, problems: [], text: TEXT })
    expect(reachable({ logsource: { product: 'acme' } }, own.read().sources)).toBe(true)
    // A rule is read through an added one first.
    expect(own.read().sources[0]).toEqual(badge.definition!.sources[0])

    const shipped = own.read().entries.find(({ id }) => id === 'webserver')!
    expect(await own.save('webserver', shipped.text.replace('sc-status: http.status', 'sc-status: http.length'))).toMatchObject({
      ok: false,
      error: { code: 'rule_syntax' },
    })
    expect(await own.save('webserver', shipped.text.replaceAll('category: webserver', 'category: www'))).toMatchObject({
      ok: true,
    })
    expect(reachable({ logsource: { category: 'www' } }, own.read().sources)).toBe(true)
    expect(own.read().entries.find(({ id }) => id === 'webserver')).toMatchObject({ shipped: true, changed: true })
    expect(await own.reset('webserver')).toMatchObject({ ok: true })
    expect(await own.reset('webserver')).toMatchObject({ ok: false, error: { code: 'not_found' } })
    expect(reachable({ logsource: { category: 'www' } }, own.read().sources)).toBe(false)
    expect(await own.reset('badge')).toMatchObject({ ok: true })
    expect(own.read().entries).toEqual(shippedLogSources().entries)
  })

  it('are checked before anything is written', async () => {
    const own = new OwnLogSources(folder)
    await own.save('badge', TEXT)
    expect(await own.save('badge', 'id: badge')).toMatchObject({ ok: false, error: { code: 'rule_syntax', line: 1 } })
    expect(await own.save('../badge', TEXT)).toMatchObject({ ok: false, error: { code: 'invalid_input', path: 'id' } })
    expect(readFileSync(join(folder, 'badge.yml'), 'utf8')).toBe(TEXT)
  })

  it('that are broken are said, and the shipped one is used', () => {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'zeek.yml'), 'id: zeek\ntitle: x\n')
    writeFileSync(join(folder, 'other.yml'), TEXT)
    const table = new OwnLogSources(folder).read()
    expect(table.problems).toEqual([
      { file: join(folder, 'other.yml'), line: 1, column: 1, message: 'its id is badge, but the file is named other' },
      { file: join(folder, 'zeek.yml'), line: 1, column: 1, message: 'sources is missing; the shipped one is used' },
    ])
    expect(table.sources).toEqual(shippedLogSources().sources)
  })
})
