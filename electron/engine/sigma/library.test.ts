import { access, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { contract } from '../../../shared/contract.ts'
import { fail, ok } from '../../../shared/model/result.ts'
import { ruleHandlers } from '../handlers/rules.ts'
import type { Store } from '../store/types.ts'
import { RuleLibrary } from './library.ts'
import { OwnLogSources } from './logsources/own-log-sources.ts'
import { OwnLists } from './placeholders/own-lists.ts'
import { RuleSchedules } from './schedule/rule-schedules.ts'
import { ScheduledRuns } from './schedule/scheduled-runs.ts'

class RuleSettings {
  disabled: string[] = []
  enabled: string[] = []
  kept: readonly string[] = []
  readonly rules: Store['rules'] = {
    settings: async () => ({ disabled: this.disabled, enabled: this.enabled, folders: this.kept }),
    enable: async (ids, enabled) => {
      this.enabled = enabled ? [...this.enabled, ...ids] : this.enabled.filter((id) => !ids.includes(id))
      this.disabled = enabled ? this.disabled.filter((id) => !ids.includes(id)) : [...this.disabled, ...ids]
      return ok(undefined)
    },
    folders: async (folders) => {
      this.kept = folders
      return ok(undefined)
    },
    schedules: async () => [],
    schedule: async () => ok(undefined),
    scheduledRun: async () => ok(undefined),
    versions: async () => [],
    addVersion: async () => ok(undefined),
    statistics: async () => ({ alerts: 0, open: 0, events: 0, verdicts: {} }),
    counts: async () => ({ shipped: { alerts: 3, last: '2026-01-02T03:04:05.000Z' } }),
  }
}

const rule = (id: string, more = '') =>
  `title: Rule ${id}\nid: ${id}\n${more}logsource:\n  category: webserver\ndetection:\n  selection:\n    cs-method: GET\n  condition: selection\n`

let builtin = ''
let own = ''
let settings: RuleSettings
let library: RuleLibrary
beforeEach(async () => {
  builtin = await mkdtemp(join(tmpdir(), 'watchfloor-builtin-'))
  own = await mkdtemp(join(tmpdir(), 'watchfloor-own-'))
  await writeFile(join(builtin, 'a.yml'), rule('shipped', 'level: high\n'))
  await writeFile(join(own, 'b.yml'), rule('mine'))
  settings = new RuleSettings()
  library = new RuleLibrary({ store: settings, builtin, watch: { quietMs: 20, pollMs: 100 } })
  await library.start()
})
afterEach(async () => {
  library.close()
  await rm(builtin, { recursive: true, force: true })
  await rm(own, { recursive: true, force: true })
})

const changed = (): Promise<void> => new Promise((resolve) => library.onChange(resolve))
const ids = () => library.rules.map(({ id }) => id)
const caller = { id: 'local', name: 'local', permissions: new Set([]) }
const handlers = () => {
  const schedules = new RuleSchedules(settings)
  const history = async () => fail({ code: 'cancelled', message: 'Nothing is stored.' } as const)
  return ruleHandlers(library, schedules, new ScheduledRuns({ history }, library, schedules))
}
const context = () => ({ caller, signal: new AbortController().signal })

describe('the rule library', () => {
  it('has rules that are deprecated or unsupported off until somebody switches them on', async () => {
    const loaded = changed()
    await writeFile(join(builtin, 'old.yml'), rule('old', 'status: deprecated\n'))
    await loaded
    expect((await library.list()).rules.map(({ id, enabled }) => [id, enabled])).toEqual([
      ['shipped', true],
      ['old', false],
    ])
    expect(ids()).toEqual(['shipped'])
    await library.enable(['old'], true)
    expect(ids()).toEqual(['shipped', 'old'])
    await library.enable(['old', 'shipped'], false)
    expect(ids()).toEqual([])
    await library.enable(['shipped'], true)
    const again = new RuleLibrary({ store: settings, builtin })
    await again.start()
    expect(again.rules.map(({ id }) => id)).toEqual(['shipped'])
    again.close()
  })

  it('compiles anew where a list or a log source changed, and only then', async () => {
    await writeFile(join(builtin, 'a.yml'), rule('shipped').replace('cs-method: GET', 'cs-method|expand: "%methods%"'))
    const logSources = new OwnLogSources(join(own, 'logsources'))
    const lists = new OwnLists(join(own, 'lists'))
    const of = new RuleLibrary({ store: settings, builtin, logSources, lists, watch: { quietMs: 20, pollMs: 100_000 } })
    await of.start()
    const detection = () => JSON.stringify(of.rules[0]!.detection)
    expect((await of.list()).problems.map(({ line, message }) => [line, message])).toEqual([
      [7, 'there is no list methods; this value matches nothing'],
    ])
    expect(of.revision).toBe(1)

    await lists.save('methods', 'GET\nPUT')
    await of.reload()
    expect(of.revision).toBe(2)
    expect(detection()).toContain('PUT')
    expect((await of.list()).problems).toEqual([])
    await lists.save('methods', 'GET\nPUT')
    await of.reload()
    await of.reload()
    // The same values again may be filled again, but no more than once.
    expect(of.revision).toBeLessThanOrEqual(3)

    const before = of.revision
    const { text } = of.logSources.entries.find(({ id }) => id === 'webserver')!
    expect(await logSources.save('webserver', `# ours\n${text}`)).toMatchObject({ ok: true })
    await of.reload()
    expect(of.revision).toBe(before + 1)
    expect(of.logSources.entries.find(({ id }) => id === 'webserver')?.changed).toBe(true)
    await logSources.reset('webserver')
    await of.reload()
    expect(of.revision).toBe(before + 2)
    of.close()
  })

  it('lists what the contract says', async () => {
    const { 'rules.list': list, 'rules.get': get } = handlers()
    const listed = await list({}, context())
    expect(listed.ok && contract['rules.list'].output.parse(listed.value)).toEqual({
      rules: [
        {
          id: 'shipped',
          kind: 'rule',
          title: 'Rule shipped',
          level: 'high',
          status: '',
          logsource: 'webserver',
          reachable: true,
          attack: [],
          file: join(builtin, 'a.yml'),
          folder: builtin,
          enabled: true,
          schedule: null,
          cost: null,
          slow: null,
          alerts: 3,
          lastAlert: '2026-01-02T03:04:05.000Z',
        },
      ],
      folders: [{ path: builtin, kind: 'shipped', rules: 1, failed: 0 }],
      problems: [],
    })
    const got = await get({ id: 'shipped' }, context())
    expect(got.ok && contract['rules.get'].output.parse(got.value).text).toContain('title: Rule shipped\n')
    expect(await get({ id: '__proto__' }, context())).toMatchObject({ ok: false, error: { code: 'not_found' } })
  })

  it('adds a folder, with its problems, and takes it away', async () => {
    await writeFile(join(own, 'broken.yml'), 'title: [')
    const { 'rules.addFolder': add, 'rules.removeFolder': remove } = handlers()
    const added = await add({ path: own }, context())
    expect(added).toMatchObject({ ok: true, value: { folder: { path: own, kind: 'added', rules: 1, failed: 1 } } })
    expect(added.ok && added.value.problems[0]!.file).toBe(join(own, 'broken.yml'))
    expect(ids()).toEqual(['shipped', 'mine'])
    expect(settings.kept).toEqual([own])
    expect(await add({ path: own }, context())).toMatchObject({ ok: false, error: { code: 'conflict' } })
    expect(await add({ path: join(own, 'nowhere') }, context())).toMatchObject({ ok: false, error: { code: 'invalid_input' } })
    expect(await remove({ path: builtin }, context())).toMatchObject({ ok: false, error: { code: 'conflict' } })
    expect(await remove({ path: own }, context())).toMatchObject({ ok: true })
    expect(await remove({ path: own }, context())).toMatchObject({ ok: false, error: { code: 'not_found' } })
    expect(ids()).toEqual(['shipped'])
  })

  it('switches rules off and on, and keeps that', async () => {
    expect(await library.enable(['shipped'], false)).toMatchObject({ ok: true })
    expect(ids()).toEqual([])
    expect((await library.list()).rules[0]!.enabled).toBe(false)
    const again = new RuleLibrary({ store: settings, builtin })
    await again.start()
    expect(again.rules).toEqual([])
    again.close()
    expect(await library.enable(['shipped'], true)).toMatchObject({ ok: true })
    expect(ids()).toEqual(['shipped'])
    expect(await library.enable(['nobody'], true)).toMatchObject({ ok: false, error: { code: 'not_found' } })
  })

  it('loads again when a file changes, comes or goes', async () => {
    await library.addFolder(own)
    let next = changed()
    await writeFile(join(own, 'c.yml'), rule('new'))
    await next
    expect(ids()).toEqual(['shipped', 'mine', 'new'])
    next = changed()
    await rm(join(own, 'b.yml'))
    await next
    expect(ids()).toEqual(['shipped', 'new'])
  })

  it('does not bother anyone where nothing changed', async () => {
    const before = library.rules
    let told = 0
    library.onChange(() => told++)
    await utimes(join(builtin, 'a.yml'), 1, 1)
    await library.addFolder(own)
    await library.removeFolder(own)
    expect(told).toBe(2)
    expect(library.rules[0]).toBe(before[0])
  })

  it('takes rules that were parsed before from its file, and parses those that changed since', async () => {
    const cacheFile = join(builtin, 'rules.cache')
    for (let n = 0; n < 220; n++) await writeFile(join(own, `many-${n}.yml`), rule(`many-${n}`))
    settings.kept = [own]
    const begin = async (): Promise<RuleLibrary> => {
      const begun = new RuleLibrary({ store: settings, builtin, cacheFile })
      await begun.start()
      return begun
    }
    const titles = ({ rules }: RuleLibrary): string[] => rules.map(({ title }) => title)
    const first = await begin()
    await vi.waitFor(() => access(cacheFile), { timeout: 10_000 })
    first.close()
    // What only the file says shows where a title came from.
    await writeFile(cacheFile, (await readFile(cacheFile, 'utf8')).replaceAll('Rule many-', 'Kept many-'))
    await writeFile(join(own, 'many-7.yml'), `${rule('many-7')}# changed\n`)
    const again = await begin()
    expect(titles(again)).toContain('Kept many-8')
    expect(titles(again)).toContain('Rule many-7')
    expect(titles(again)).not.toContain('Kept many-7')
    again.close()
  })

  it('tells watchers at once and after each change, until they leave', async () => {
    const { 'rules.watch': watch } = handlers()
    const leave = new AbortController()
    const seen: { revision: number; rules: number }[] = []
    let wake = (): void => undefined
    const more = () => new Promise<void>((resolve) => (wake = resolve))
    let arrived = more()
    const watching = watch(
      {},
      async (value) => {
        seen.push(value)
        wake()
      },
      { caller, signal: leave.signal },
    )
    await arrived
    arrived = more()
    await library.enable(['shipped'], false)
    await arrived
    leave.abort()
    expect(await watching).toEqual({ ok: true, value: undefined })
    expect(seen.map(({ rules }) => rules)).toEqual([1, 0])
    expect(seen[1]!.revision).toBeGreaterThan(seen[0]!.revision)
  })
})
