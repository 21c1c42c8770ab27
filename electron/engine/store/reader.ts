/**
 * Runs searches on one thread, several at a time: each goes on for a slice, then the next one has its turn. What is new comes
 * first, so that a short question passes a long one. Between slices messages are read, so that a search can be cancelled.
 */
import { randomUUID } from 'node:crypto'
import { fail } from '../../../shared/model/result.ts'
import type { Result } from '../../../shared/model/result.ts'
import { GoneError } from './damage.ts'
import { isBusy } from './database.ts'
import { alertAround, alertCounts, alertEvents, getAlert, pickAlerts, searchAlerts } from './queries/alerts.ts'
import type { DeskScope } from './queries/alerts.ts'
import { Desk } from './queries/desk.ts'
import { eventOrigin, getEvent } from './queries/events-by-id.ts'
import { eventFields, eventHistogram, eventStats, searchEvents, tailEvents } from './queries/events.ts'
import type { Search, Step } from './queries/events.ts'
import { firstValues } from './queries/first-values.ts'
import { DamagedPartition, Library } from './queries/library.ts'
import type { Shelf } from './partition-files.ts'
import { alertStanding, otherTargets, unverified, verifications } from './queries/impact.ts'
import { citedRows, pinnedEvents } from './queries/incident-cites.ts'
import { incidentLedger } from './queries/incident-ledger.ts'
import { incidentsOfEnds } from './queries/incidents-of-ends.ts'
import { offeredAlerts, suggestIncidents } from './queries/incident-story.ts'
import { incidentTimeline } from './queries/incident-timeline.ts'
import { carvedFlows, evidenceCustody, incidentCarves, uncarvedAlerts } from './queries/incident-evidence.ts'
import {
  getIncident,
  incidentAlerts,
  incidentDraft,
  incidentParts,
  listIncidents,
  unproposedIncidents,
} from './queries/incidents.ts'
import { overviewNumbers, rejectedRecords } from './queries/overview.ts'
import { listTunings, ownReasons, previewTuning, similarAlerts } from './queries/triage.ts'
import { explainAlert, scenarioState } from './queries/scenarios.ts'

const now = <I, O>(answer: (input: I, scope: DeskScope) => Result<O>) =>
  function* (input: I, scope: DeskScope): Search<O> {
    return answer(input, scope)
  }

/** Every question a reader answers, by name. */
export const QUESTIONS = {
  'alerts.search': searchAlerts,
  'alerts.get': getAlert,
  'alerts.events': alertEvents,
  'alerts.around': alertAround,
  'alerts.counts': alertCounts,
  'alerts.pick': pickAlerts,
  'events.search': searchEvents,
  'events.get': now(getEvent),
  'events.histogram': eventHistogram,
  'events.fields': eventFields,
  'events.stats': eventStats,
  'events.tail': tailEvents,
  'scenarios.explain': explainAlert,
  'scenarios.state': scenarioState,
  'triage.similar': now(similarAlerts),
  'tuning.list': now(listTunings),
  'triage.reasons': now(ownReasons),
  'tuning.preview': previewTuning,
  'impact.get': now(verifications),
  'impact.unverified': now(unverified),
  'impact.alert': now(alertStanding),
  'impact.others': now(otherTargets),
  'impact.origin': now(eventOrigin),
  'impact.firsts': firstValues,
  'incidents.list': listIncidents,
  'incidents.get': now(getIncident),
  'incidents.parts': now(incidentParts),
  'incidents.timeline': incidentTimeline,
  'incidents.alerts': incidentAlerts,
  'incidents.offered': offeredAlerts,
  'incidents.suggest': suggestIncidents,
  'incidents.ofEnds': incidentsOfEnds,
  'incidents.ledger': incidentLedger,
  'incidents.draft': now(incidentDraft),
  'incidents.carves': now(incidentCarves),
  'incidents.custody': now(evidenceCustody),
  'incidents.uncarved': now(uncarvedAlerts),
  'incidents.unproposed': now(unproposedIncidents),
  'incidents.carvedFlows': now(carvedFlows),
  'incidents.pinned': now(pinnedEvents),
  'incidents.cited': now(citedRows),
  overview: now(overviewNumbers),
  rejected: now(rejectedRecords),
} as const
export type Question = keyof typeof QUESTIONS
export type QuestionInput<Q extends Question> = Parameters<(typeof QUESTIONS)[Q]>[0]
export type Answer<Q extends Question> = (typeof QUESTIONS)[Q] extends (
  input: never,
  scope: DeskScope,
) => Generator<Step, infer R, void>
  ? R
  : never

const FRESH_SLICE_MS = 20
const SLICE_MS = 6
const SLOW_MS = 500

export interface ReaderEvents {
  done(id: number, result: Result<unknown>): void
  /** A partition turned out damaged while it was read. */
  damaged(day: number, known: number): void
}

interface Task {
  readonly id: number
  readonly question: Question
  readonly input: unknown
  run: Generator<Step, Result<unknown>, void> | null
  readonly began: number
  busy: number
  steps: number
  scanned: number
  retried: boolean
}

export class Reader {
  readonly #library: Library
  readonly #dataDir: string
  #desk: Desk | null = null
  readonly #aliases: ReadonlyMap<string, readonly string[]>
  readonly #events: ReaderEvents
  readonly #fresh: Task[] = []
  readonly #long: Task[] = []
  #scheduled = false
  /** How many partitions were set aside, as far as this reader was told. */
  #known: number

  /** `keptRows`: see {@link Library}. */
  constructor(
    dataDir: string,
    shelf: Shelf,
    aliases: ReadonlyMap<string, readonly string[]>,
    events: ReaderEvents,
    keptRows = 0,
  ) {
    this.#library = new Library(dataDir, keptRows)
    this.#library.setDays(shelf.days)
    this.#known = shelf.setAside
    this.#dataDir = dataDir
    this.#aliases = aliases
    this.#events = events
  }

  setShelf(shelf: Shelf): void {
    this.#library.setDays(shelf.days)
    this.#known = shelf.setAside
  }

  ask(id: number, question: Question, input: unknown): void {
    this.#fresh.push({ id, question, input, run: null, began: performance.now(), busy: 0, steps: 0, scanned: 0, retried: false })
    this.#schedule()
  }

  #begin(question: Question, input: unknown): Generator<Step, Result<unknown>, void> {
    // Opened when it is first asked: where that fails (no room for its shared memory), the question fails and not the thread.
    const scope: DeskScope = {
      dataDir: this.#dataDir,
      library: this.#library,
      desk: (this.#desk ??= new Desk(this.#dataDir)),
      aliases: (name) => this.#aliases.get(name) ?? [],
      now: Date.now() * 1000,
    }
    return (QUESTIONS[question] as (input: unknown, scope: DeskScope) => Generator<Step, Result<unknown>, void>)(input, scope)
  }

  cancel(id: number): void {
    for (const list of [this.#fresh, this.#long]) {
      const at = list.findIndex((task) => task.id === id)
      if (at >= 0) list.splice(at, 1)
    }
    this.#events.done(id, fail({ code: 'cancelled', message: 'Cancelled.' }))
  }

  #schedule(): void {
    if (this.#scheduled || this.#fresh.length + this.#long.length === 0) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      const fresh = this.#fresh.shift()
      const task = fresh ?? this.#long.shift()
      if (task && !this.#slice(task, fresh ? FRESH_SLICE_MS : SLICE_MS)) this.#long.push(task)
      this.#schedule()
    })
  }

  /** True when the task is done. */
  #slice(task: Task, budget: number): boolean {
    const began = performance.now()
    try {
      const run = (task.run ??= this.#begin(task.question, task.input))
      for (;;) {
        const step = run.next()
        const spent = performance.now() - began
        if (step.done) {
          task.busy += spent
          this.#log(task)
          this.#events.done(task.id, step.value)
          return true
        }
        task.steps++
        task.scanned = step.value.scanned
        if (spent >= budget) {
          task.busy += spent
          return false
        }
      }
    } catch (error) {
      return this.#failed(task, error)
    }
  }

  #failed(task: Task, error: unknown): boolean {
    const again = (error instanceof GoneError || error instanceof DamagedPartition || isBusy(error)) && !task.retried
    if (error instanceof DamagedPartition) {
      this.#library.setDays(this.#library.days.filter((day) => day !== error.day))
      this.#events.damaged(error.day, this.#known)
    }
    if (again) {
      task.retried = true
      task.run = null
      return false
    }
    if (error instanceof GoneError || isBusy(error))
      this.#events.done(task.id, fail({ code: 'store_busy', message: 'What was searched has changed meanwhile. Try again.' }))
    else {
      const correlationId = randomUUID()
      process.stderr.write(
        `store: ${correlationId} ${task.question}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
      )
      this.#events.done(task.id, fail({ code: 'internal', message: 'The search failed.', correlationId }))
    }
    return true
  }

  #log({ question, input, began, busy, steps, scanned }: Task): void {
    const took = performance.now() - began
    if (took >= SLOW_MS)
      process.stderr.write(
        `store: slow ${question} took ${took.toFixed(0)} ms (${busy.toFixed(0)} ms of work, ${steps} blocks, ${scanned} events): ${JSON.stringify(input).slice(0, 600)}\n`,
      )
  }

  /** What is still asked is cancelled. */
  close(): void {
    for (const { id } of [...this.#fresh, ...this.#long]) this.cancel(id)
    this.#library.close()
    this.#desk?.close()
  }
}
