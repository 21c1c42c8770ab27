import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { sigmaScan, type ExplainedRecord, type SigmaMatch } from './scan.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'watchfloor-scan-'))
  await mkdir(join(folder, 'rules'))
  await mkdir(join(folder, 'logs', 'deep'), { recursive: true })
  await writeFile(
    join(folder, 'rules', 'shell.yml'),
    'title: Shell in an upload folder\nid: shell\nlevel: informational\nlogsource:\n  category: webserver\ndetection:\n  selection:\n    cs-uri-query|contains: .php?c=\n  condition: selection\n',
  )
  await writeFile(
    join(folder, 'rules', 'cmd.yml'),
    'title: Command shell\nid: cmd\nlevel: high\nlogsource:\n  category: process_creation\n  product: windows\ndetection:\n  selection:\n    Image|endswith: \\cmd.exe\n  condition: selection\n',
  )
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const http = (url: string, second: string) =>
  JSON.stringify({
    timestamp: `2026-01-02T03:04:${second}.000000+0000`,
    event_type: 'http',
    src_ip: '203.0.113.9',
    dest_ip: '192.0.2.1',
    http: { hostname: 'x.example', url, http_method: 'GET' },
  })
const sysmon = (image: string) => ({
  Event: {
    System: {
      Provider: { '#attributes': { Name: 'Microsoft-Windows-Sysmon' } },
      EventID: 1,
      TimeCreated: { '#attributes': { SystemTime: '2026-01-02T03:04:05.646624Z' } },
      Channel: 'Microsoft-Windows-Sysmon/Operational',
      Computer: 'ws1',
    },
    EventData: { Image: image, CommandLine: 'x' },
  },
})

async function scan(...paths: string[]) {
  const matches: SigmaMatch[] = []
  const notes: string[] = []
  const summary = await sigmaScan({
    paths,
    ruleFolders: [join(folder, 'rules')],
    onMatch: (match) => void matches.push(match),
    onNote: (note) => notes.push(note),
  })
  return { matches, notes, summary }
}

it('reads logs of any known format below a folder, and names what it leaves out', async () => {
  const logs = join(folder, 'logs')
  await writeFile(
    join(logs, 'eve.json'),
    `${http('/', '01')}\n\n${http('/uploads/a.php?c=id', '02')}\n${http('/uploads/a.php?c=ls', '03')}`,
  )
  await writeFile(
    join(logs, 'deep', 'events.json'),
    [sysmon('C:\\Windows\\explorer.exe'), sysmon('C:\\Windows\\System32\\CMD.EXE')]
      .map((event) => JSON.stringify(event, null, 2))
      .join('\n'),
  )
  await writeFile(join(logs, 'old.json.gz'), gzipSync(`${http('/x.php?c=1', '04')}\n`))
  await writeFile(join(logs, 'picture.png'), Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 1]))
  const { matches, notes, summary } = await scan(logs)
  expect(matches).toEqual([
    {
      rule: 'cmd',
      title: 'Command shell',
      level: 'high',
      file: join(logs, 'deep', 'events.json'),
      record: 2,
      time: '2026-01-02T03:04:05.646624Z',
    },
    {
      rule: 'shell',
      title: 'Shell in an upload folder',
      level: 'informational',
      file: join(logs, 'eve.json'),
      record: 3,
      time: '2026-01-02T03:04:02.000Z',
    },
    {
      rule: 'shell',
      title: 'Shell in an upload folder',
      level: 'informational',
      file: join(logs, 'eve.json'),
      record: 4,
      time: '2026-01-02T03:04:03.000Z',
    },
    {
      rule: 'shell',
      title: 'Shell in an upload folder',
      level: 'informational',
      file: join(logs, 'old.json.gz'),
      record: 1,
      time: '2026-01-02T03:04:04.000Z',
    },
  ])
  expect(summary).toMatchObject({ rules: 2, failed: 0, files: 3, skipped: 1, matches: 4, rejected: 0, ok: true })
  expect(notes[0]).toBe('2 rules loaded, 0 failed')
  expect(notes.find((note) => note.includes('picture.png'))).toContain('skipped')
})

it('is not all right where a rule or a path fails, and goes on', async () => {
  await writeFile(join(folder, 'rules', 'bad.yml'), 'title: x')
  await writeFile(join(folder, 'eve.json'), `${http('/a.php?c=1', '01')}\nnot json\n`)
  const { matches, notes, summary } = await scan(join(folder, 'nowhere'), join(folder, 'eve.json'))
  expect(matches).toHaveLength(1)
  expect(summary).toMatchObject({ failed: 1, rejected: 1, ok: false })
  expect(notes.find((note) => note.startsWith(join(folder, 'nowhere')))).toBeDefined()
  expect(notes.find((note) => note.includes('bad.yml:1:1'))).toBeDefined()
  expect(notes.find((note) => note.startsWith(`${join(folder, 'eve.json')}:2: `))).toBeDefined()
  expect(notes).toContain(`${join(folder, 'eve.json')}: records that could not be read: 1`)
})

it('says of how many records the time is that of reading them', async () => {
  const timeless = JSON.stringify({ ...(JSON.parse(http('/a.php?c=1', '01')) as object), timestamp: 'once' })
  await writeFile(join(folder, 'eve.json'), `${http('/a.php?c=1', '01')}\n${timeless}\n`)
  const { notes, summary } = await scan(join(folder, 'eve.json'))
  expect(summary).toMatchObject({ records: 2, matches: 2, ok: true })
  expect(notes).toContain(
    `${join(folder, 'eve.json')}: records without a time that can be read, which have that of reading them: 1`,
  )
})

it('explains one rule, record by record', async () => {
  const log = join(folder, 'logs', 'sysmon.json')
  await writeFile(
    join(folder, 'rules', 'two.yml'),
    'title: Two\nid: two\nlogsource:\n  category: process_creation\n  product: windows\ndetection:\n  shell:\n    Image|endswith: \\cmd.exe\n  quiet:\n    CommandLine: y\n  condition: shell and not quiet\n',
  )
  await writeFile(log, [sysmon('C:\\cmd.exe'), sysmon('C:\\x.exe')].map((event) => JSON.stringify(event)).join('\n'))
  await writeFile(join(folder, 'logs', 'eve.json'), http('/x', '05'))
  const explained: ExplainedRecord[] = []
  const scanned = async (rule: string) =>
    sigmaScan({
      paths: [log, join(folder, 'logs', 'eve.json')],
      ruleFolders: [join(folder, 'rules')],
      onMatch: () => expect.unreachable(),
      onNote: () => undefined,
      explain: { rule, onRecord: (record) => void explained.push(record) },
    })
  expect(await scanned('two')).toMatchObject({ records: 3, matches: 1, ok: true })
  expect(explained.map(({ record, matches, logsource, searches }) => ({ record, matches, logsource, searches }))).toEqual([
    { record: 1, matches: true, logsource: true, searches: { shell: true, quiet: false } },
    { record: 2, matches: false, logsource: true, searches: { shell: false, quiet: false } },
    { record: 1, matches: false, logsource: false, searches: {} },
  ])
  expect(await scanned('nobody')).toMatchObject({ records: 0, ok: false })
})

it('fills placeholders from files, and says which it cannot read', async () => {
  await writeFile(
    join(folder, 'rules', 'path.yml'),
    'title: A path of the list\nid: path\nlogsource:\n  category: webserver\ndetection:\n  selection:\n    cs-uri-query|contains|expand: "/%paths%?"\n  condition: selection\n',
  )
  const log = join(folder, 'logs', 'eve.json')
  await writeFile(log, `${http('/b/x.html?q', '05')}\n${http('/c/z.html?q', '06')}\n`)
  await writeFile(join(folder, 'paths.txt'), 'y.html\r\nx.*\r\n')
  const run = async (lists: Readonly<Record<string, string>>) => {
    const matches: number[] = []
    const notes: string[] = []
    const { ok } = await sigmaScan({
      paths: [log],
      ruleFolders: [join(folder, 'rules')],
      lists,
      onMatch: ({ record }) => void matches.push(record),
      onNote: (note) => notes.push(note),
    })
    return { ok, matches, notes: notes.join('\n') }
  }
  expect(await run({ paths: join(folder, 'paths.txt') })).toMatchObject({ ok: true, matches: [1] })
  const without = await run({})
  expect(without).toMatchObject({ ok: true, matches: [] })
  expect(without.notes).toContain('path.yml:7:35: there is no list paths; this value matches nothing')
  const missing = await run({ paths: join(folder, 'none.txt') })
  expect(missing.ok).toBe(false)
  expect(missing.notes).toContain('list paths: ')
})
