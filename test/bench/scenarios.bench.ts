/**
 * Scenarios: a million open groups and what they cost in memory and time, and a rule over ten million stored events. Prints one JSON
 * object. `SCENARIO_GROUPS` and `SCENARIO_EVENTS` say how many.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { shippedLogSources } from '../../electron/engine/sigma/logsources/table.ts'
import { rulesOfText } from '../../electron/engine/sigma/parse-rules.ts'
import { resolveScenarios } from '../../electron/engine/sigma/scenarios/resolve.ts'
import { withSteps } from '../../electron/engine/sigma/scenarios/step-rules.ts'
import { openStoreWith } from '../../electron/engine/store/client.ts'
import { openForWriting } from '../../electron/engine/store/database.ts'
import { migrate } from '../../electron/engine/store/migrations/migrate.ts'
import { ScenarioState } from '../../electron/engine/store/scenarios/state.ts'
import engine from '../../scripts/launch/engine-process.json' with { type: 'json' }
import { fill } from './fill-store.ts'

const GROUPS = Number(process.env['SCENARIO_GROUPS'] ?? 1_000_000)
const EVENTS = Number(process.env['SCENARIO_EVENTS'] ?? 10_000_000)
const round = (value: number, digits = 1): number => Number(value.toFixed(digits))
const megabytes = (): number => process.memoryUsage.rss() / 1e6

const TEXT = `title: Many names asked for
id: many
correlation:
  type: event_count
  rules: [asked]
  group-by: [src_ip, user]
  timespan: 1h
  condition: { gte: 5 }
---
title: A name asked for
id: asked
name: asked
logsource: { category: dns }
detection:
  selection: { query|contains: 'evil-domain' }
  condition: selection
`

function load(text: string) {
  const read = [...rulesOfText({ file: 'bench.yml', folder: '/', text })]
  const rules = read.flatMap(({ rule }) => (rule === null ? [] : [rule]))
  const scenarios = read.flatMap(({ scenario }) => (scenario === null ? [] : [scenario]))
  const resolved = resolveScenarios(rules, scenarios, () => true)
  return { rules: withSteps(rules, resolved.stepRules, () => true), plans: resolved.plans }
}

/** Groups that each have two of five events, as after a spraying that is under way. */
function groups(dir: string): Record<string, unknown> {
  const { plans } = load(TEXT)
  const path = join(dir, 'scenarios.db')
  const db = openForWriting(path, 'scenarios')
  migrate(db, 'scenarios')
  const now = Date.now() * 1000
  const state = new ScenarioState({ db, lastTold: 0, now: () => now, partiesOf: () => undefined })
  state.setPlans(plans)
  globalThis.gc?.()
  const before = megabytes()
  const nobody = { ip: null, port: null, name: null }
  const parties = { source: nobody, destination: nobody, asset: 'host', user: null }
  const began = performance.now()
  let most = before
  let seq = 0
  const BATCH = 4000
  for (let pass = 0; pass < 2; pass++)
    for (let from = 0; from < GROUPS; from += BATCH) {
      const events = Array.from({ length: Math.min(BATCH, GROUPS - from) }, (_, i) => {
        // Scattered, as users and addresses are.
        const n = ((from + i) * 7919) % GROUPS
        return {
          row: i,
          time: now - (GROUPS - from - i) * 1000 + pass,
          values: [`10.${n % 250}.${n % 199}.${n % 241}`, `user${n}`],
          parties,
        }
      })
      state.apply(20_000, [{ seq: ++seq, base: seq * BATCH, steps: [{ rule: 'asked', fields: ['src_ip', 'user'], events }] }])
      most = Math.max(most, megabytes())
    }
  const seconds = (performance.now() - began) / 1000
  const open = db.prepare('SELECT count(*) FROM grp').pluck().get() as number
  state.close()
  return {
    open,
    eventsPerSecond: Math.round((2 * GROUPS) / seconds),
    memoryMegabytes: round(most),
    grownMegabytes: round(most - before),
    fileMegabytes: round(statSync(path).size / 1e6),
  }
}

async function history(dir: string): Promise<Record<string, unknown>> {
  const opened = await openStoreWith(dir, { checkAfter: 86_400_000 })
  if (!opened.ok) throw new Error(opened.error.message)
  const store = opened.value
  try {
    await fill(store, EVENTS)
    const runs: Record<string, unknown> = {}
    const texts: readonly [string, string][] = [
      // Sensors tell no user.
      ['scenario', TEXT.replace('[src_ip, user]', '[src_ip]')],
      [
        'keywords',
        "title: k\nid: k\nlogsource: { product: suricata }\ndetection:\n  keywords: ['powershell -enc']\n  condition: keywords\n",
      ],
      // Every fifth event matches.
      [
        'common',
        "title: c\nid: c\nlogsource: { category: dns }\ndetection:\n  selection: { query|contains: '.example.' }\n  condition: selection\n",
      ],
      // There is no text that could be looked for: all rows are made, and looked at.
      [
        'networks',
        'title: n\nid: n\nlogsource: { product: suricata }\ndetection:\n  selection: { src_ip|cidr: 10.3.0.0/16 }\n  condition: selection\n',
      ],
    ]
    for (const [name, text] of texts) {
      const { rules, plans } = load(text)
      let told = 0
      const began = performance.now()
      const done = await store.history(
        { rules, plans, sources: shippedLogSources().sources, texts: {}, from: null, to: null, samples: 20, raise: false },
        () => void told++,
        new AbortController().signal,
      )
      if (!done.ok) throw new Error(done.error.message)
      const seconds = (performance.now() - began) / 1000
      runs[name] = {
        events: done.value.scanned,
        seconds: round(seconds),
        microsPerEvent: round((seconds / done.value.scanned) * 1e6, 2),
        matches: done.value.finds.reduce((sum, { matches }) => sum + matches, 0),
        progressTold: told,
      }
    }
    return runs
  } finally {
    await store.close()
  }
}

// The groups in a process as the engine's is started, so that its memory is that of the engine.
if (process.argv[2] === 'groups') {
  console.log(JSON.stringify(groups(process.argv[3]!)))
  process.exit(0)
}
const dir = mkdtempSync(join(tmpdir(), 'watchfloor-scenarios-'))
try {
  const child = spawnSync(process.execPath, [...engine.flags, '--expose-gc', fileURLToPath(import.meta.url), 'groups', dir], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...engine.environment },
  })
  const one = JSON.parse(child.stdout) as Record<string, unknown>
  process.stderr.write(`${JSON.stringify(one)}\n`)
  rmSync(join(dir, 'scenarios.db'), { force: true })
  console.log(JSON.stringify({ groups: one, history: await history(join(dir, 'desk')) }))
} finally {
  rmSync(dir, { recursive: true })
}
