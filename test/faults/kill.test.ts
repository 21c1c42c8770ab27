/**
 * SIGKILL at random moments while importing and following: after a restart every record is there exactly once, and alerts count
 * exactly the events they were raised for. `WATCHFLOOR_KILLS` says how often (default 10; the long form 200).
 */
import { appendFileSync, copyFileSync, mkdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, describe, expect, test } from 'vitest'
import { addSource, record, run, start, storedNumbers, temporary, upTo, wrongIn } from './engine.ts'

const KILLS = Number(process.env['WATCHFLOOR_KILLS'] ?? 10)
const folders: string[] = []
const folder = (name: string): string => {
  const path = temporary(name)
  folders.push(path)
  return path
}
afterAll(() => {
  for (const path of folders) rmSync(path, { recursive: true, force: true })
})
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Events that all alerts of a desk count. */
function counted(dataDir: string): number {
  const desk = new Database(join(dataDir, 'desk.db'), { readonly: true })
  try {
    return (desk.prepare("SELECT coalesce(sum(count), 0) AS n FROM alert WHERE kind <> 'scn'").get() as { n: number }).n
  } finally {
    desk.close()
  }
}
const alertsOf = (n: number): number => Math.ceil(n / 5)

/** A scenario over the alerts of the records. */
const SCENARIO = `title: Alerts in a row
id: in-a-row
correlation: { type: event_count, rules: [any], group-by: [src_ip], timespan: 1h, condition: { gte: 3 } }
---
title: Any alert
id: any
name: any
logsource: { product: suricata, service: alert }
detection:
  selection: { event_type: alert }
  condition: selection
`

/** What that scenario found, and what its alerts count. */
function foundBy(dataDir: string): { readonly matches: unknown[]; readonly alerts: unknown[] } {
  const state = new Database(join(dataDir, 'scenarios.db'), { readonly: true })
  const desk = new Database(join(dataDir, 'desk.db'), { readonly: true })
  try {
    return {
      matches: state
        .prepare(
          "SELECT g.key, m.first, m.last, m.fulfilled, m.count FROM match m JOIN grp g ON g.id = m.grp JOIN scenario s ON s.num = g.scenario WHERE s.id = 'in-a-row' ORDER BY g.key, m.first",
        )
        .all(),
      alerts: desk.prepare("SELECT key, first, last, count FROM alert WHERE detection = 'in-a-row' ORDER BY key, first").all(),
    }
  } finally {
    state.close()
    desk.close()
  }
}

describe('killed while importing', () => {
  test('every record exactly once', async () => {
    const base = folder('import')
    const records = 60_000
    const file = join(base, 'input.json')
    writeFileSync(
      file,
      upTo(records)
        .map((n) => `${record(n)}\n`)
        .join(''),
    )
    const rules = join(base, 'rules')
    mkdirSync(rules)
    writeFileSync(join(rules, 'scenario.yml'), SCENARIO)
    const wanted = Math.ceil(KILLS / 2)
    let killed = 0
    let desks = 0
    // How long it takes when nobody kills it: the moments are spread over that.
    const began = Date.now()
    expect((await run(['import', file, '--data', join(base, 'first'), '--rules', rules, '--json'])).code).toBe(0)
    const found = foundBy(join(base, 'first'))
    expect(found.matches.length).toBeGreaterThan(0)
    expect(found.alerts.length).toBeGreaterThan(0)
    const whole = Date.now() - began
    // An import that gets through is looked at, and another desk begun, until there were kills enough.
    do {
      const data = join(base, `desk-${++desks}`)
      let finished = false
      while (killed < wanted && !finished) {
        const importing = start(['import', file, '--data', data, '--rules', rules, '--json'])
        const done = importing.ended.then(() => 'done' as const)
        finished = (await Promise.race([done, pause(whole * (0.2 + Math.random()))])) === 'done'
        if (!finished) {
          await importing.kill()
          killed++
        }
      }
      if (!finished) expect((await run(['import', file, '--data', data, '--rules', rules, '--json'])).code).toBe(0)
      expect(await storedNumbers(data)).toEqual(upTo(records))
      // Alerts are brought up to date when the desk is opened.
      const again = await run(['import', file, '--data', data, '--rules', rules, '--json'])
      expect(JSON.parse(again.stdout)).toMatchObject({ records: 0, events: 0 })
      expect(counted(data)).toBe(alertsOf(records))
      // Scenarios have seen each of them once too, wherever they were cut off.
      expect(foundBy(data)).toEqual(found)
      rmSync(data, { recursive: true })
    } while (killed < wanted)
    console.log(`import: killed ${killed} times over ${desks} desks, ${records} records exactly once in each`)
  }, 3_600_000)
})

describe('killed while following', () => {
  test('every record exactly once, over rotation by rename and by copy-truncate', async () => {
    const base = folder('follow')
    const data = join(base, 'desk')
    const logs = join(base, 'logs')
    mkdirSync(logs)
    const file = join(logs, 'eve.json')
    writeFileSync(file, '')
    let written = 0
    const append = (count: number): void => {
      let text = ''
      for (let i = 0; i < count; i++) text += `${record(written++)}\n`
      appendFileSync(file, text)
    }
    // The source is added once, over the contract's own store: a desk that has never been started has none.
    await addSource(data, file)
    // A source that has never read its file knows of no earlier copies of it: let it begin.
    append(1)
    const first = start(['serve', '--data', data, '--no-open'])
    while (Number((await run(['query', '*', '--data', data, '--count'])).stdout) < 1) await pause(200)
    await first.kill()
    let turns = 0
    const marks: string[] = []
    for (; turns < Math.max(3, Math.ceil(KILLS / 2)); turns++) {
      const desk = start(['serve', '--data', data, '--no-open'])
      const until = Date.now() + 700 + Math.random() * 900
      while (Date.now() < until) {
        append(Math.ceil(Math.random() * 200))
        await pause(Math.random() * 20)
      }
      marks.push(`turn ${turns} at ${written}`)
      if (turns % 3 === 1) {
        renameSync(file, `${file}.${turns}`)
        append(50)
      } else if (turns % 3 === 2) {
        // What copy-truncate does: what is copied may already have been read, or not.
        copyFileSync(file, `${file}.${turns}`)
        truncateSync(file, 0)
        append(50)
      }
      await desk.kill()
      append(20)
    }
    const desk = start(['serve', '--data', data, '--no-open'])
    for (let second = 0; second < 60; second++) {
      await pause(1000)
      if (Number((await run(['query', '*', '--data', data, '--count'])).stdout) >= written) break
    }
    await pause(500)
    desk.child.kill('SIGTERM')
    await desk.ended
    expect({ wrong: wrongIn(await storedNumbers(data), written), marks }).toEqual({ wrong: [], marks })
    expect(counted(data)).toBe(alertsOf(written))
    console.log(`follow: killed ${turns} times, ${written} records exactly once`)
  }, 600_000)
})
