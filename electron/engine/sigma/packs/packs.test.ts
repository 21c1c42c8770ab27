/** Packs over a rule library: exported, imported, replaced, removed; whole or not at all. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ok, type Result } from '../../../../shared/model/result.ts'
import type { Store } from '../../store/types.ts'
import { RuleLibrary } from '../library.ts'
import { OwnLists } from '../placeholders/own-lists.ts'
import { Manifest } from './manifest.ts'
import { Pace } from './pace.ts'
import { sha256 } from './pack-file.ts'
import { Packs } from './packs.ts'
import { PackPlaces, type Step } from './place-pack.ts'
import { Provenance } from './provenance.ts'
import { filesOfArchive } from './read-archive.ts'
import { writeZip } from './write-zip.ts'

const store: Pick<Store, 'rules'> = {
  rules: {
    settings: async () => ({ disabled: [], enabled: [], folders: [] }),
    enable: async () => ok(undefined),
    folders: async () => ok(undefined),
    schedules: async () => [],
    schedule: async () => ok(undefined),
    scheduledRun: async () => ok(undefined),
    versions: async () => [],
    addVersion: async () => ok(undefined),
    statistics: async () => ({ alerts: 0, open: 0, events: 0, verdicts: {} }),
    counts: async () => ({}),
  },
}
const rule = (id: string, { title = `Rule ${id}`, field = 'cs-method', value = 'GET', more = '' } = {}): string =>
  `title: ${title}\nid: ${id}\n${more}logsource:\n  category: webserver\ndetection:\n  selection:\n    ${field}: ${value}\n  condition: selection\n`
const scenario = (id: string, rules: string): string =>
  `title: Scenario ${id}\nid: ${id}\ncorrelation:\n  type: event_count\n  rules: ${rules}\n  timespan: 5m\n  condition:\n    gte: 3\n`
const filter = (id: string, rules: string): string =>
  `title: Filter ${id}\nid: ${id}\nlogsource:\n  category: webserver\nfilter:\n  rules: ${rules}\n  selection:\n    c-ip: 10.0.0.1\n  condition: not selection\n`
const ABOUT = { name: 'Web rules', description: 'What we watch', author: 'SOC', license: 'DRL 1.1', steps: true }

let folder = ''
const opened: RuleLibrary[] = []
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'watchfloor-packs-'))))
afterEach(() => {
  vi.useRealTimers()
  for (const library of opened.splice(0)) library.close()
  rmSync(folder, { recursive: true, force: true })
})

interface TestDesk {
  readonly dir: string
  readonly library: RuleLibrary
  readonly packs: Packs
  write(file: string, text: string): Promise<void>
  texts(): Map<string, string>
}
async function openDesk(name: string, step?: (step: Step) => Promise<void>): Promise<TestDesk> {
  const dir = join(folder, name)
  const own = join(dir, 'rules')
  const builtin = join(folder, 'builtin')
  for (const path of [own, builtin]) mkdirSync(path, { recursive: true })
  const places = new PackPlaces(dir, step)
  await places.recover()
  const library = new RuleLibrary({ store, builtin, own, packs: places.folder, lists: new OwnLists(join(dir, 'lists')) })
  opened.push(library)
  await library.start()
  return {
    dir,
    library,
    packs: new Packs({ places, desk: library, own, builtin }),
    async write(file, text) {
      mkdirSync(dirname(join(dir, file)), { recursive: true })
      writeFileSync(join(dir, file), text)
      await library.reload()
    },
    texts: () => new Map([...library.known.rules, ...library.known.scenarios].map(({ id, text }) => [id, text])),
  }
}
const valueOf = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}
const errorOf = (result: Result<unknown>): string => (result.ok ? 'ok' : `${result.error.code} ${result.error.message}`)
async function importFrom(desk: TestDesk, path: string): Promise<string> {
  const { sha256: sum } = valueOf(await desk.packs.read(path))
  return valueOf(await desk.packs.import(path, sum, 'kim'))
}
async function zipOf(path: string, files: Readonly<Record<string, string>>): Promise<string> {
  const list = Object.entries(files).map(([name, text]) => ({ name, bytes: Buffer.from(text) }))
  writeFileSync(path, await writeZip(list, new Pace()))
  return path
}

describe('a pack', () => {
  it.each(['pack.zip', 'pack'])('that was exported as %s and imported gives the same texts and ids', async (name) => {
    const from = await openDesk('from')
    await from.write('rules/a.yml', `# beside it\r\n${rule('r1').replaceAll('\n', '\r\n')}---\r\n${rule('r2')}`)
    await from.write('rules/b.yaml', rule('r3', { title: '한국어 규칙' }))
    await from.write('rules/s.yml', scenario('s1', '[r3]'))
    await from.write('rules/f.yml', filter('f1', '[r1]'))
    await from.write('rules/c.yml', rule('not-asked-for'))
    const path = join(folder, name)
    const done = valueOf(await from.packs.export(path, { ...ABOUT, ids: ['r1', 's1'] }, 'lee'))
    expect(done).toMatchObject({ path, files: 4, rules: 4, steps: 2, filters: 1, lists: [] })

    const to = await openDesk('to')
    const seen = valueOf(await to.packs.read(path))
    expect(seen.manifest).toMatchObject({ description: 'What we watch', author: 'SOC', license: 'DRL 1.1', made: { by: 'lee' } })
    expect(seen.documents.map(({ id, kind, status, problems }) => [id, kind, status, problems])).toEqual([
      ['r1', 'rule', 'new', []],
      ['r2', 'rule', 'new', []],
      ['r3', 'rule', 'new', []],
      ['f1', 'filter', 'new', []],
      ['s1', 'scenario', 'new', []],
    ])
    expect(valueOf(await to.packs.import(path, seen.sha256, 'kim'))).toBe('Web rules')
    const expected = from.texts()
    expected.delete('not-asked-for')
    expect(to.texts()).toEqual(expected)
    expect(readFileSync(join(to.dir, 'packs', 'Web rules', 'rules', 'a.yml'))).toEqual(
      readFileSync(join(from.dir, 'rules', 'a.yml')),
    )
    expect(await to.packs.list()).toMatchObject([
      {
        id: 'Web rules',
        from: path,
        sha256: seen.sha256,
        by: 'kim',
        rules: 4,
        failed: 0,
        author: 'SOC',
        made: { by: 'lee' },
        changed: [],
        before: [],
      },
    ])
    const again = valueOf(await to.packs.read(path))
    expect(again.documents.every(({ status, other }) => status === 'same' && other?.used === 'this')).toBe(true)
    expect(again.replaces).toMatchObject({ id: 'Web rules', sha256: seen.sha256 })
    expect((await to.library.list()).folders.map(({ path: one }) => one)).not.toContain(join(to.dir, 'packs', 'Web rules'))
  })

  it('gives whatever texts it was made of', async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 }).map((value) => JSON.stringify(value))
    let run = 0
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(text, { minLength: 1, maxLength: 6 }), fc.boolean(), async (values, zip) => {
        const from = await openDesk(`from${++run}`)
        for (const [i, value] of values.entries())
          await from.write(`rules/${i}.yml`, rule(`r${i}`, { value, more: i % 2 === 0 ? '# note\n' : '' }))
        const path = join(folder, zip ? `${run}.zip` : `${run}`)
        const ids = [...from.texts().keys()]
        if (ids.length === 0) return
        valueOf(await from.packs.export(path, { ...ABOUT, ids }, 'lee'))
        const to = await openDesk(`to${run}`)
        await importFrom(to, path)
        expect(to.texts()).toEqual(from.texts())
        for (const library of opened.splice(0)) library.close()
      }),
      { numRuns: 15 },
    )
  })

  it('of the same rules has the same bytes but for who made it and when; files of one name get different ones', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1e12 })
    const made = async (name: string, by: string): Promise<{ zip: Uint8Array; manifest: Manifest }> => {
      const desk = await openDesk(name)
      const other = join(desk.dir, 'packs', 'other', 'deep')
      mkdirSync(other, { recursive: true })
      writeFileSync(join(other, 'A.yml'), rule('r2'))
      await desk.write('rules/a.yml', rule('r1'))
      const path = join(folder, `${name}.zip`)
      valueOf(await desk.packs.export(path, { ...ABOUT, ids: name === 'one' ? ['r2', 'r1'] : ['r1', 'r2'] }, by))
      const zip = readFileSync(path)
      const { files, manifest } = valueOf(await filesOfArchive(zip, '', new Pace()))
      expect(files.map((file) => file.name)).toEqual(['rules/A.yml', 'rules/a-2.yml'])
      return { zip, manifest: Manifest.parse(JSON.parse(Buffer.from(manifest!).toString())) }
    }
    const one = await made('one', 'lee')
    expect(Buffer.compare((await made('two', 'lee')).zip, one.zip)).toBe(0)
    vi.setSystemTime(2e12)
    const { manifest } = await made('three', 'kim')
    expect(manifest.made).toMatchObject({ by: 'kim', at: '2033-05-18T03:33:20.000Z' })
    expect({ ...manifest, made: one.manifest.made }).toEqual(one.manifest)
    expect(manifest.files.map(({ rules }) => rules[0]?.from)).toEqual([
      { origin: 'pack', name: 'other', modified: false },
      { origin: 'own', name: '', modified: false },
    ])
    expect(manifest.logSources).toContain('webserver')
  })

  it('names lists and does not take them along; the preview says which the desk lacks, and which log sources', async () => {
    const from = await openDesk('from')
    await from.write('lists/Admins.txt', 'secret-admin\n')
    await from.write('rules/a.yml', rule('r1', { field: 'cs-user|expand', value: "'%Admins%'" }))
    await from.write('rules/b.yml', rule('r2').replace('category: webserver', 'product: acme\n  service: badge'))
    const path = join(folder, 'x.zip')
    expect(valueOf(await from.packs.export(path, { ...ABOUT, ids: ['r1', 'r2'] }, 'lee')).lists).toEqual(['Admins'])
    expect(readFileSync(path).includes('secret-admin')).toBe(false)
    const to = await openDesk('to')
    expect(valueOf(await to.packs.read(path))).toMatchObject({ lists: ['Admins'], logSources: ['acme / badge'] })
    expect(valueOf(await from.packs.read(path))).toMatchObject({ lists: [] })
  })

  it('without what scenarios correlate, where that is not wanted', async () => {
    const from = await openDesk('from')
    await from.write('rules/r.yml', rule('r1'))
    await from.write('rules/s.yml', scenario('s1', '[r1]'))
    const path = join(folder, 'x.zip')
    valueOf(await from.packs.export(path, { ...ABOUT, ids: ['s1'], steps: false }, 'lee'))
    const to = await openDesk('to')
    const { documents } = valueOf(await to.packs.read(path))
    expect(documents).toMatchObject([{ id: 's1', status: 'failing', problems: [{ line: 5, message: 'there is no rule r1' }] }])
  })

  it('is not exported where a file changed since it was loaded, something is in its place, or a rule is gone', async () => {
    const desk = await openDesk('desk')
    await desk.write('rules/r.yml', rule('r1'))
    const path = join(folder, 'x')
    mkdirSync(path)
    expect(errorOf(await desk.packs.export(path, { ...ABOUT, ids: ['r1'] }, 'lee'))).toMatch(/^conflict .*x is there already/)
    writeFileSync(`${path}.zip`, 'mine')
    expect(errorOf(await desk.packs.export(`${path}.zip`, { ...ABOUT, ids: ['r1'] }, 'lee'))).toMatch(/^conflict/)
    expect(readFileSync(`${path}.zip`, 'utf8')).toBe('mine')
    expect(errorOf(await desk.packs.export(join(folder, 'no', 'y.zip'), { ...ABOUT, ids: ['r1'] }, 'lee'))).toMatch(/^not_found/)
    expect(errorOf(await desk.packs.export(join(folder, 'y'), { ...ABOUT, ids: ['r9'] }, 'lee'))).toMatch(/^not_found .*r9/)
    writeFileSync(join(desk.dir, 'rules', 'r.yml'), rule('r1', { value: 'POST' }))
    expect(errorOf(await desk.packs.export(join(folder, 'y'), { ...ABOUT, ids: ['r1'] }, 'lee'))).toMatch(/^conflict .*r\.yml/)
    expect(errorOf(await desk.packs.export(join(desk.dir, 'packs', 'y'), { ...ABOUT, ids: ['r1'] }, 'lee'))).toMatch(
      /^invalid_input/,
    )
    expect(readdirSync(folder).sort()).toEqual(['builtin', 'desk', 'x', 'x.zip'])
  })
})

describe('an import', () => {
  it('says which rule is used where the desk has one with its id, and keeps to it', async () => {
    const desk = await openDesk('desk')
    writeFileSync(join(folder, 'builtin', 's.yml'), rule('shipped'))
    await desk.write('rules/o.yml', rule('own'))
    const path = await zipOf(join(folder, 'mine.zip'), {
      'a.yml': rule('shipped', { value: 'POST' }),
      'b.yml': rule('own'),
      'c.yml': rule('fresh'),
      'd.yml': `${rule('fresh')}---\ntitle: [\n`,
    })
    const { documents, name } = valueOf(await desk.packs.read(path))
    expect(name).toBe('mine')
    const builtin = join(folder, 'builtin', 's.yml')
    expect(documents.map(({ id, status, other, file }) => [file, id, status, other])).toEqual([
      ['a.yml', 'shipped', 'differs', { used: 'other', file: builtin }],
      ['b.yml', 'own', 'same', { used: 'other', file: join(desk.dir, 'rules', 'o.yml') }],
      ['c.yml', 'fresh', 'new', null],
      ['d.yml', 'fresh', 'failing', null],
      ['d.yml', '', 'failing', null],
    ])
    expect(documents[4]?.problems[0]).toMatchObject({ line: 11 })
    await importFrom(desk, path)
    expect(desk.library.known.rules.find(({ id }) => id === 'shipped')?.file).toBe(builtin)
    expect(desk.texts().has('fresh')).toBe(true)
    expect(await desk.packs.list()).toMatchObject([{ id: 'mine', rules: 1, failed: 3, made: null }])
  })

  it('takes what was seen, and refuses what changed meanwhile', async () => {
    const desk = await openDesk('desk')
    const source = join(folder, 'source')
    mkdirSync(source)
    writeFileSync(join(source, 'a.yml'), rule('r1'))
    const seen = valueOf(await desk.packs.read(source))
    writeFileSync(join(source, 'a.yml'), rule('r1', { value: 'POST' }))
    expect(errorOf(await desk.packs.import(source, seen.sha256, 'kim'))).toMatch(/^conflict/)
    expect(await desk.packs.list()).toEqual([])
  })

  it('leaves out what is no rule, with its reason, and follows no link', async () => {
    const desk = await openDesk('desk')
    const source = join(folder, 'source')
    mkdirSync(join(source, '.git'), { recursive: true })
    const secret = join(folder, 'secret')
    mkdirSync(secret)
    writeFileSync(join(secret, 'x.yml'), rule('secret'))
    writeFileSync(join(source, 'a.yml'), rule('r1'))
    writeFileSync(join(source, 'a.examples.yml'), 'x: 1')
    writeFileSync(join(source, 'README.md'), 'x')
    writeFileSync(join(source, 'settings.yml'), 'x: 1')
    symlinkSync(secret, join(source, 'folder'))
    symlinkSync(join(secret, 'x.yml'), join(source, 'link.yml'))
    const { left, documents } = valueOf(await desk.packs.read(source))
    expect(left).toEqual([
      { file: '.git', why: 'hidden' },
      { file: 'README.md', why: 'no_rule_file' },
      { file: 'a.examples.yml', why: 'examples' },
      { file: 'folder', why: 'link' },
      { file: 'link.yml', why: 'link' },
      { file: 'settings.yml', why: 'no_rule' },
    ])
    expect(documents.map(({ id }) => id)).toEqual(['r1'])
    await importFrom(desk, source)
    expect(readdirSync(join(desk.dir, 'packs', 'source')).sort()).toEqual(['a.yml', 'provenance.json'])
  })

  it('is refused where files are not as the manifest says: which, is said', async () => {
    const desk = await openDesk('desk')
    await desk.write('rules/a.yml', rule('r1'))
    await desk.write('rules/b.yml', rule('r2'))
    const source = join(folder, 'source')
    valueOf(await desk.packs.export(source, { ...ABOUT, ids: ['r1', 'r2'] }, 'lee'))
    writeFileSync(join(source, 'rules', 'a.yml'), rule('r1', { value: 'POST' }))
    rmSync(join(source, 'rules', 'b.yml'))
    writeFileSync(join(source, 'rules', 'c.yml'), rule('r3'))
    const seen = valueOf(await desk.packs.read(source))
    expect(seen.disagree).toEqual([
      { file: 'rules/a.yml', how: 'differs' },
      { file: 'rules/b.yml', how: 'missing' },
    ])
    expect(seen.left).toEqual([{ file: 'rules/c.yml', why: 'unlisted' }])
    expect(errorOf(await desk.packs.import(source, seen.sha256, 'kim'))).toMatch(/^invalid_input rules\/a\.yml: /)
    for (const [text, message] of [
      ['{', 'is no JSON'],
      ['{"watchfloorPack":2}', 'watchfloorPack'],
    ] as const) {
      writeFileSync(join(source, 'pack.json'), text)
      expect(errorOf(await desk.packs.read(source))).toMatch(new RegExp(`^invalid_input pack.json: .*${message}`))
    }
  })

  it('of what is neither zip nor folder, or not there, is refused; so is one without rules', async () => {
    const desk = await openDesk('desk')
    writeFileSync(join(folder, 'a.yml'), rule('r1'))
    expect(errorOf(await desk.packs.read(join(folder, 'a.yml')))).toMatch(/^unsupported_format/)
    expect(errorOf(await desk.packs.read(join(folder, 'none')))).toMatch(/^not_found/)
    mkdirSync(join(folder, 'empty'))
    const { sha256: sum } = valueOf(await desk.packs.read(join(folder, 'empty')))
    expect(errorOf(await desk.packs.import(join(folder, 'empty'), sum, 'kim'))).toMatch(/there is no rule in it/)
  })

  it('takes off the one folder that a zip of a folder has', async () => {
    const desk = await openDesk('desk')
    await desk.write('rules/a.yml', rule('r1'))
    const source = join(folder, 'source')
    valueOf(await desk.packs.export(source, { ...ABOUT, ids: ['r1'] }, 'lee'))
    const path = await zipOf(join(folder, 'x.zip'), {
      'source/pack.json': readFileSync(join(source, 'pack.json'), 'utf8'),
      'source/rules/a.yml': rule('r1'),
      '__MACOSX/._a.yml': 'x',
    })
    expect(valueOf(await desk.packs.read(path))).toMatchObject({
      name: 'Web rules',
      disagree: [],
      documents: [{ file: 'rules/a.yml' }],
    })
  })
})

describe('a pack that is there', () => {
  it('is replaced by one of its name, however that is written, and its former provenance stays', async () => {
    const desk = await openDesk('desk')
    const one = await zipOf(join(folder, 'Mine.zip'), { 'a.yml': rule('r1'), 'b.yml': rule('r2') })
    await importFrom(desk, one)
    mkdirSync(join(folder, 'two'))
    const two = await zipOf(join(folder, 'two', 'mine.zip'), { 'a.yml': rule('r1', { value: 'POST' }) })
    const first = (await desk.packs.list())[0]!
    expect(valueOf(await desk.packs.read(two)).documents).toMatchObject([
      { id: 'r1', status: 'differs', other: { used: 'this' } },
    ])
    await importFrom(desk, two)
    const packs = await desk.packs.list()
    expect(packs.map(({ id }) => id)).toEqual(['mine'])
    expect(packs[0]?.before).toEqual([{ from: one, sha256: first.sha256, imported: first.imported, by: 'kim' }])
    expect([...desk.texts().keys()]).toEqual(['r1'])
    expect(desk.texts().get('r1')).toContain('POST')
    expect(Provenance.parse(JSON.parse(readFileSync(join(desk.dir, 'packs', 'mine', 'provenance.json'), 'utf8'))).files).toEqual([
      { path: 'a.yml', sha256: sha256(Buffer.from(rule('r1', { value: 'POST' }))) },
    ])
    expect(existsSync(join(desk.dir, 'packs.work', 'old'))).toBe(false)
  })

  it('says which of its files are not those that were imported', async () => {
    const desk = await openDesk('desk')
    await importFrom(
      desk,
      await zipOf(join(folder, 'mine.zip'), { 'a.yml': rule('r1'), 'b.yml': rule('r2'), 'c.yml': rule('r3') }),
    )
    expect((await desk.packs.list())[0]?.changed).toEqual([])
    const inside = join(desk.dir, 'packs', 'mine')
    writeFileSync(join(inside, 'a.yml'), rule('r1', { value: 'POST' }))
    rmSync(join(inside, 'b.yml'))
    mkdirSync(join(inside, 'deep'))
    writeFileSync(join(inside, 'deep', 'd.yml'), rule('r4'))
    expect((await desk.packs.list())[0]?.changed).toEqual([
      { file: 'a.yml', how: 'changed' },
      { file: 'b.yml', how: 'missing' },
      { file: 'deep/d.yml', how: 'added' },
    ])
    await desk.library.reload()
    const path = join(folder, 'again.zip')
    valueOf(await desk.packs.export(path, { ...ABOUT, ids: ['r1', 'r3'] }, 'lee'))
    const { manifest } = valueOf(await filesOfArchive(readFileSync(path), '', new Pace()))
    const { files } = Manifest.parse(JSON.parse(Buffer.from(manifest!).toString()))
    expect(files.map(({ rules }) => rules[0]?.from.modified)).toEqual([true, false])
  })

  it('whose folder somebody put there is listed without provenance', async () => {
    const desk = await openDesk('desk')
    await desk.write('packs/by hand/a.yml', rule('r1'))
    expect(await desk.packs.list()).toMatchObject([
      { id: 'by hand', rules: 1, from: null, sha256: null, imported: null, changed: [] },
    ])
  })

  it('is removed with its rules', async () => {
    const desk = await openDesk('desk')
    await importFrom(desk, await zipOf(join(folder, 'mine.zip'), { 'a.yml': rule('r1') }))
    expect([...desk.texts().keys()]).toEqual(['r1'])
    for (const id of ['other', '..', '', 'mine/..']) expect(errorOf(await desk.packs.remove(id))).toMatch(/^not_found/)
    valueOf(await desk.packs.remove('mine'))
    expect(desk.texts().size).toBe(0)
    expect(await desk.packs.list()).toEqual([])
  })

  it.each([
    ['written', 'r1'],
    ['aside', 'r1'],
    ['placed', 'r2'],
  ] as const)('is there whole after a crash when the new one was %s', async (when, expected) => {
    const desk = await openDesk('desk')
    await importFrom(desk, await zipOf(join(folder, 'mine.zip'), { 'a.yml': rule('r1') }))
    let reached = (): void => undefined
    const there = new Promise<void>((resolve) => (reached = resolve))
    // It never comes back from there, as after a power cut.
    const crashing = await openDesk('desk', (step) =>
      step === when ? (reached(), new Promise(() => undefined)) : Promise.resolve(),
    )
    mkdirSync(join(folder, 'two'))
    const path = await zipOf(join(folder, 'two', 'mine.zip'), { 'b.yml': rule('r2') })
    const { sha256: sum } = valueOf(await crashing.packs.read(path))
    void crashing.packs.import(path, sum, 'kim')
    await there
    const after = await openDesk('desk')
    expect([...after.texts().keys()]).toEqual([expected])
    expect(await after.packs.list()).toMatchObject([{ id: 'mine', changed: [] }])
    expect(existsSync(join(after.dir, 'packs.work'))).toBe(false)
  })

  it('stays where the new one cannot be put in its place', async () => {
    const desk = await openDesk('desk')
    await importFrom(desk, await zipOf(join(folder, 'mine.zip'), { 'a.yml': rule('r1') }))
    const failing = await openDesk('desk', async (step) => {
      // Something is in the way of the new one.
      if (step === 'aside') {
        mkdirSync(join(folder, 'desk', 'packs', 'mine'))
        writeFileSync(join(folder, 'desk', 'packs', 'mine', 'in-the-way'), '')
      }
    })
    mkdirSync(join(folder, 'two'))
    const path = await zipOf(join(folder, 'two', 'mine.zip'), { 'b.yml': rule('r2') })
    const { sha256: sum } = valueOf(await failing.packs.read(path))
    expect(errorOf(await failing.packs.import(path, sum, 'kim'))).toMatch(/^conflict/)
    rmSync(join(folder, 'desk', 'packs', 'mine'), { recursive: true })
    const after = await openDesk('desk')
    expect([...after.texts().keys()]).toEqual(['r1'])
  })
})
