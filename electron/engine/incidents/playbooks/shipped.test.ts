/** Every shipped playbook: reads, is whole in both languages, and every way through it comes to an end. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Facts } from '../../../../shared/model/playbook-facts.ts'
import type { Bilingual } from '../../../../shared/model/impact.ts'
import { PLAYBOOK_PHASES, Playbook, type PlaybookStep } from '../../../../shared/model/playbook.ts'
import type { RunAction } from '../../../../shared/model/playbook-run.ts'
import { Random } from '../../../../test/fuzz/random.ts'
import type { CommandDefinition } from '../../commands/define.ts'
import { endingsOf } from './graph.ts'
import { loadPlaybooks } from './load-playbooks.ts'
import { proposePlaybooks } from './propose.ts'
import { viewRun } from './run-view.ts'
import { applyAction, startRun } from './run.ts'

const resources = join(import.meta.dirname, '..', '..', '..', '..', 'resources')
const { playbooks: loaded, problems } = await loadPlaybooks([{ path: join(resources, 'playbooks'), origin: 'shipped' }])
const playbooks = loaded.map(({ playbook }) => playbook)
const HOUR = 3_600_000

/** Texts of a playbook with where they stand. */
function textsOf(playbook: Playbook): [string, Bilingual][] {
  const of = (step: PlaybookStep): [string, Bilingual][] => [
    [`${step.id} title`, step.title],
    [`${step.id} text`, step.text],
    ...step.evidence.map((text): [string, Bilingual] => [`${step.id} evidence`, text]),
    ...(step.kind === 'decide' ? step.choices.map(({ id, title }): [string, Bilingual] => [`${step.id} ${id}`, title]) : []),
    ...(step.kind === 'notify' && step.message !== null ? [[`${step.id} message`, step.message] as [string, Bilingual]] : []),
  ]
  return [['title', playbook.title], ['description', playbook.description], ...playbook.steps.flatMap(of)]
}

/** Carries one out to its end, choosing at random; gives the ways that steps ended, and what phases were reached. */
function simulate(playbook: Playbook, random: Random): { endings: Set<string>; phases: Set<string> } {
  let now = Date.UTC(2026, 10, 19, 18)
  const time = (): string => new Date(now).toISOString()
  let { run } = startRun(playbook, time(), 'kim')
  const endings = new Set<string>()
  const act = (action: RunAction): void => {
    const applied = applyAction(run, action)
    if (!applied.ok) throw new Error(`${playbook.id}: ${applied.error.message}`)
    run = applied.value.run
  }
  for (let actions = 0; run.ended === null; actions++) {
    if (actions > 3000) throw new Error(`${playbook.id} does not end`)
    const ready = viewRun(run, time()).steps.filter(({ state }) => state === 'ready' || state === 'waiting')
    if (ready.length === 0) throw new Error(`${playbook.id} stands still`)
    const { id, state, waitsUntil } = random.pick(ready)
    const step = playbook.steps.find((other) => other.id === id)!
    const of = { step: id, at: time(), by: 'kim' }
    if (state === 'waiting') {
      const facts: Facts = random.below(2) === 0 ? { 'alerts.quiet_minutes': 100_000 } : {}
      now = waitsUntil === null ? now + HOUR : Math.max(now, Date.parse(waitsUntil))
      act({ kind: 'tick', at: time(), facts: facts as Record<string, number> })
      continue
    }
    now += 60_000
    if (step.kind === 'decide') {
      const choice = random.pick(step.choices)
      endings.add(`${id} ${choice.next.join()}`)
      act({ kind: 'answer', ...of, choice: choice.id, note: null })
    } else {
      const outcome = random.below(2) === 0 ? 'success' : 'failure'
      endings.add(`${id} ${(outcome === 'success' ? step.onSuccess : step.onFailure).join()}`)
      act({ kind: 'done', ...of, outcome, note: null, evidence: [] })
    }
  }
  return { endings, phases: new Set(PLAYBOOK_PHASES.filter((phase) => run.phases[phase] !== null)) }
}

describe('shipped playbooks', () => {
  it('load without a problem, at least fifteen of them', () => {
    expect(problems).toEqual([])
    expect(playbooks.length).toBeGreaterThanOrEqual(15)
    for (const { playbook, file } of loaded) expect(file.endsWith(`${playbook.id}.yml`)).toBe(true)
    expect(new Set(playbooks.map(({ title }) => title.en)).size).toBe(playbooks.length)
  })

  it('name only playbooks that are there', () => {
    const titles = playbooks.map(({ title }) => title)
    const isTitle = (language: 'en' | 'ko', name: string): boolean => titles.some((title) => title[language] === name)
    for (const playbook of playbooks)
      for (const [where, { en, ko }] of textsOf(playbook)) {
        const named = [...en.matchAll(/"([A-Z][^"]{8,})"/g)].map(([, name]) => name!).filter((name) => name !== 'Failed password')
        const korean = [...ko.matchAll(/"([^"]*[가-힣][^"]*)"/g)].map(([, name]) => name!)
        for (const name of named)
          expect([playbook.id, where, name, isTitle('en', name)]).toEqual([playbook.id, where, name, true])
        for (const name of korean)
          expect([playbook.id, where, name, isTitle('ko', name)]).toEqual([playbook.id, where, name, true])
        expect([playbook.id, where, korean.length]).toEqual([playbook.id, where, named.length])
      }
  })

  it('name commands of watchfloor that are there', () => {
    const found = import.meta.glob<CommandDefinition>('../../commands/*.command.ts', { eager: true, import: 'default' })
    const commands = new Map(Object.values(found).map((command) => [command.name, command]))
    for (const { id, steps } of playbooks)
      for (const { on, run } of steps.flatMap((step) => step.commands)) {
        if (on !== 'watchfloor') continue
        const [program, name, ...rest] = run.split(' ')
        const options = rest.filter((word) => word.startsWith('--')).map((word) => word.slice(2))
        expect([id, program]).toEqual([id, 'watchfloor'])
        expect([id, name, Object.keys(commands.get(name ?? '')?.options ?? {})]).toEqual([
          id,
          name,
          expect.arrayContaining(options),
        ])
        expect([id, name, commands.has(name ?? '')]).toEqual([id, name, true])
      }
  })

  describe.each(playbooks.map((playbook) => [playbook.id, playbook] as const))('%s', (_, playbook) => {
    it('is whole in both languages', () => {
      expect(Playbook.parse(playbook)).toEqual(playbook)
      for (const [where, { en, ko }] of textsOf(playbook)) {
        expect([where, /[가-힣]/.test(en), /[가-힣]/.test(ko)]).toEqual([where, false, true])
        const placeholders = (text: string): string[] => [...text.matchAll(/<[a-z]+>/g)].map(([name]) => name).sort()
        expect([where, placeholders(ko)]).toEqual([where, placeholders(en)])
        // A text that was cut short in one language would be a good deal shorter; Korean needs fewer characters.
        if (en.length > 80) expect([where, ko.length > en.length / 4]).toEqual([where, true])
      }
    })

    it('says who does what until when, tells the customer, and brings the incident through its phases', () => {
      const { steps } = playbook
      expect(steps.length).toBeGreaterThanOrEqual(8)
      for (const phase of PLAYBOOK_PHASES) expect(steps.some((step) => step.phase === phase)).toBe(true)
      for (const step of steps) if (step.kind !== 'wait') expect([step.id, step.role]).not.toEqual([step.id, null])
      expect(steps.filter(({ due }) => due !== null).length).toBeGreaterThan(steps.length / 2)
      expect(steps.some(({ look }) => look.length > 0)).toBe(true)
      expect(steps.some(({ commands }) => commands.length > 0)).toBe(true)
      expect(steps.some(({ evidence }) => evidence.length > 0)).toBe(true)
      const told = steps.filter((step) => step.kind === 'notify')
      expect(told.some((step) => step.to.includes('customer') && step.template === 'incident_closed')).toBe(true)
      for (const step of told) expect([step.id, step.message]).not.toEqual([step.id, null])
    })

    it('asks for templates that are there', () => {
      const folder = join(resources, 'templates', 'notify')
      const names = existsSync(folder) ? readdirSync(folder) : []
      for (const step of playbook.steps)
        if (step.kind === 'notify' && step.template !== null && names.length > 0)
          for (const language of ['en', 'ko']) expect(names).toContain(`${step.template}.${language}.yml`)
    })

    it('comes to its end on every branch', () => {
      const random = new Random(11)
      const left = new Set(
        playbook.steps.flatMap((step) =>
          step.kind === 'wait' ? [] : endingsOf(step).map((next) => `${step.id} ${next.join()}`),
        ),
      )
      const reached = new Set<string>()
      for (let run = 0; run < 500 && (run < 10 || left.size > 0 || reached.size < PLAYBOOK_PHASES.length); run++) {
        const { endings, phases } = simulate(playbook, random)
        for (const ending of endings) left.delete(ending)
        for (const phase of phases) reached.add(phase)
      }
      expect([...left]).toEqual([])
      expect([...reached].sort()).toEqual([...PLAYBOOK_PHASES].sort())
    })

    it('is proposed for what it is for', () => {
      const { classes, techniques, tags, impacts, severity } = playbook.propose
      const facts = { classes: [], techniques: [], tags: [], impact: impacts[0] ?? null, severity }
      for (const part of [{ classes }, { techniques }, { tags }])
        if (Object.values(part)[0]!.length > 0)
          expect(proposePlaybooks(playbooks, { ...facts, ...part }).map((proposal) => proposal.playbook.id)).toContain(
            playbook.id,
          )
    })
  })
})
