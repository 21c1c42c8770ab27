/** The intrusion of the demonstration is one match of one scenario, told by four sources; an ordinary day is none. */
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resourcesDir } from '../paths.ts'
import { loadRules } from '../sigma/load-rules.ts'
import { sigmaScan, type ScenarioMatch } from '../sigma/scan.ts'
import { Demonstration } from './generate.ts'
import type { Manifest } from './manifest.ts'
import { DEFAULT_START, writeDemo } from './write-demo.ts'
import { byFile } from './writers/piece.ts'
import { zeekHeader } from './writers/zeek.ts'

const rules = join(resourcesDir(), 'rules')
let folder: string
let manifest: Manifest
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'demo-'))
  manifest = await writeDemo(join(folder, 'intrusion'), { seed: 7, minutes: 12, start: DEFAULT_START })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** By the scenario's name. */
async function found(path: string): Promise<Map<string, ScenarioMatch[]>> {
  const { scenarios } = await loadRules([{ path: rules, builtin: true }])
  const names = new Map(scenarios.map(({ id, name }) => [id, name ?? id]))
  const all = new Map<string, ScenarioMatch[]>()
  const summary = await sigmaScan({
    paths: [path],
    ruleFolders: [rules],
    onNote: () => undefined,
    onMatch: () => undefined,
    onScenario: (match) => {
      const name = names.get(match.scenario)!
      all.set(name, [...(all.get(name) ?? []), match])
    },
  })
  expect(summary.ok).toBe(true)
  expect(summary.files).toBeGreaterThan(5)
  return all
}

/** Everything of the demonstration but the intrusion and the capture. */
async function writeQuiet(to: string, seed: number, minutes: number): Promise<void> {
  const demonstration = new Demonstration({ seed, start: DEFAULT_START, minutes, capture: false, intrusion: null })
  const files = new Map<string, Awaited<ReturnType<typeof open>>>()
  for await (const pieces of demonstration.minutes())
    for (const [file, { bytes }] of byFile(pieces)) {
      const path = join(to, file)
      let handle = files.get(file)
      if (handle === undefined) {
        await mkdir(dirname(path), { recursive: true })
        files.set(file, (handle = await open(path, 'w')))
        if (file.startsWith('zeek/')) await handle.write(`${zeekHeader(file, DEFAULT_START).join('\n')}\n`)
      }
      await handle.writeFile(bytes)
    }
  await Promise.all([...files.values()].map((handle) => handle.close()))
}

describe('the scenarios of the pack over the demonstration', () => {
  it('make one match of the whole intrusion, of the IDS, Zeek, syslog and Windows', async () => {
    const all = await found(join(folder, 'intrusion'))
    const whole = all.get('intrusion_carried_home') ?? []
    expect(whole).toHaveLength(1)
    const [{ group, events, count, first, last, level }] = whole as [ScenarioMatch]
    expect(level).toBe('critical')
    expect(group).toEqual({ host: manifest.exfiltrated.source.ip })
    const files = new Set(events.map(({ file }) => relative(join(folder, 'intrusion'), file).replaceAll('\\', '/')))
    expect([...files].sort()).toEqual(['eve.json', 'syslog.log', 'windows.jsonl', 'zeek/smb_files.log'])
    expect(events).toHaveLength(count)
    const stage = (id: string) => manifest.stages.find((one) => one.id === id)!
    expect(first >= stage('exploitation').from && first <= stage('exploitation').to).toBe(true)
    expect(last >= stage('exfiltration').from).toBe(true)
    // Its parts are no alerts of their own; what else is found are other views of the same story.
    expect([...all.keys()].sort()).toEqual([
      'intrusion_carried_home',
      'packed_then_sent',
      'regular_calls_to_unproven_server',
      'service_after_ids_hit',
      'web_shell_uploaded_and_used',
    ])
    for (const [name, matches] of all) expect([name, matches.length]).toEqual([name, 1])
  })

  it.each([
    [3, 30],
    [8, 10],
  ])('find nothing of an intrusion in ordinary traffic (seed %i, %i minutes)', async (seed, minutes) => {
    const to = join(folder, `quiet-${seed}`)
    await writeQuiet(to, seed, minutes)
    const all = await found(to)
    // The one who is in two countries at once is a story of the ordinary day, and is meant to be seen.
    expect([...all.keys()].filter((name) => name !== 'impossible_travel')).toEqual([])
    for (const match of all.get('impossible_travel') ?? []) expect(match.group).toEqual({ account: 'k.moon' })
  })
})
