/** Changed playbooks through their reader, and those that it takes through runs: whatever comes in, a value comes out. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isMap, isScalar, isSeq, parseDocument, visit } from 'yaml'
import { readPlaybook } from '../../electron/engine/incidents/playbooks/read-playbook.ts'
import { applyAction, startRun } from '../../electron/engine/incidents/playbooks/run.ts'
import { viewRun } from '../../electron/engine/incidents/playbooks/run-view.ts'
import { Playbook } from '../../shared/model/playbook.ts'
import { PlaybookRun, type RunAction } from '../../shared/model/playbook-run.ts'
import { mutate, Random } from './random.ts'

export interface PlaybookCounts {
  inputs: number
  read: number
  refused: number
  problems: number
  actions: number
}

const folder = join(import.meta.dirname, '..', '..', 'resources', 'playbooks')
const TOO_SLOW = 3000
const MOST_STEPS = 200
const VALUES: readonly unknown[] = [
  null, true, 0, -1, 1e308, '', ' ', [], {}, [[]], '__proto__', 'constructor', 'PT0S', 'P1Y', 'PT5M', '99:99Z', '08:00Z', 'impact >= likely',
  'alerts.open = 0', 'and', '(((', '<target>', '\ud800', '\u202e', 'x'.repeat(5000), 'check', 'wait', 'decide', { en: 'x', ko: 'x' },
] // prettier-ignore

/** A playbook with some values and keys of its tree exchanged, as a person might get them wrong. */
function deform(text: string, random: Random): string {
  const document = parseDocument(text)
  const ids = [...text.matchAll(/^ {2}- id: (\S+)/gm)].map(([, id]) => id!)
  const places: (() => void)[] = []
  visit(document, {
    Pair(_, pair, path) {
      const map = path.at(-1)
      places.push(
        () =>
          (pair.value = document.createNode(
            random.pick([random.pick(VALUES), random.pick(ids), [random.pick(ids), random.pick(ids)]]),
          )),
      )
      if (isMap(map)) places.push(() => map.items.splice(map.items.indexOf(pair), 1))
      if (isScalar(pair.key))
        places.push(() => (pair.key = document.createNode(random.pick(['next', 'needs', 'until', 'x', 'on_failure']))))
    },
    Seq(_, seq) {
      if (!isSeq(seq) || seq.items.length < 2) return
      places.push(() => seq.items.reverse())
      places.push(() => seq.items.splice(random.below(seq.items.length), 1))
      places.push(() => seq.items.push(seq.items[random.below(seq.items.length)]!))
    },
  })
  for (let changes = random.below(3); changes >= 0; changes--) random.pick(places)()
  return document.toString()
}

/** Reads `count` changed playbooks; throws with the seed and the input where one goes wrong. */
export function fuzzPlaybooks(
  count: number,
  seed: number,
  progress?: (counts: Readonly<PlaybookCounts>) => void,
): PlaybookCounts {
  const random = new Random(seed)
  const texts = readdirSync(folder).filter((name) => name.endsWith('.yml')).sort().map((name) => readFileSync(join(folder, name), 'utf8')) // prettier-ignore
  const counts: PlaybookCounts = { inputs: 0, read: 0, refused: 0, problems: 0, actions: 0 }
  for (; counts.inputs < count; counts.inputs++) {
    if (counts.inputs % 2000 === 1999) progress?.(counts)
    const base = random.pick(texts)
    const input = random.below(2) === 0 ? mutate(base, random, texts) : deform(base, random)
    const began = performance.now()
    try {
      const found = readPlaybook(input)
      if (found.ok) {
        counts.read++
        Playbook.parse(found.value)
        carryOut(found.value, random, counts)
      } else {
        counts.refused++
        counts.problems += found.error.length
        if (found.error.length === 0) throw new Error('refused without a problem')
        for (const { line, column, message } of found.error)
          if (!(line >= 1 && column >= 1) || message === '') throw new Error(`problem at ${line}:${column} ${message}`)
      }
      const took = performance.now() - began
      if (took > TOO_SLOW) throw new Error(`took ${took} ms`)
    } catch (error) {
      throw new Error(`seed ${seed}, input ${counts.inputs}: ${JSON.stringify(input)}`, { cause: error })
    }
  }
  return counts
}

/** Random actions, until it ends or enough were tried; a run that has not ended always has something to do. */
function carryOut(playbook: Playbook, random: Random, counts: PlaybookCounts): void {
  let now = Date.UTC(2026, 0, 2)
  let { run } = startRun(playbook, new Date(now).toISOString(), 'kim')
  for (let tried = 0; tried < MOST_STEPS && run.ended === null; tried++) {
    now += random.below(7_200_000)
    const at = new Date(now).toISOString()
    const { steps } = viewRun(run, at)
    const able = steps.filter(({ state }) => state === 'ready' || state === 'waiting' || state === 'started')
    if (able.length === 0) throw new Error('stands still')
    const { id } = random.below(4) === 0 ? random.pick(steps) : random.pick(able)
    const step = playbook.steps.find((other) => other.id === id)!
    const of = { step: id, at, by: 'kim' }
    const choice = step.kind === 'decide' ? random.pick(step.choices).id : 'none'
    const action = random.pick<RunAction>([
      { kind: 'done', ...of, outcome: random.pick(['success', 'failure']), note: null, evidence: [] },
      { kind: 'answer', ...of, choice, note: null },
      { kind: 'skip', ...of, reason: 'why' },
      { kind: 'reopen', ...of, reason: null },
      { kind: 'start', ...of },
      { kind: 'tick', at, facts: { impact: random.pick(['failed', 'likely']), 'alerts.quiet_minutes': random.below(100_000) } },
    ])
    const applied = applyAction(run, action)
    if (!applied.ok) continue
    counts.actions++
    run = applied.value.run
  }
  PlaybookRun.parse(JSON.parse(JSON.stringify(run)))
}
