/** Incidents as the main thread calls them: questions go to readers, changes to the writer, each by the name of its method. */
import type { Tlp } from '../../../shared/model/incident.ts'
import type { Playbook } from '../../../shared/model/playbook.ts'
import type { ReportLanguage, ReportSignature } from '../../../shared/model/report.ts'
import { fail, type Result } from '../../../shared/model/result.ts'
import type { Proposal } from '../incidents/proposal/material.ts'
import type { CopyState } from '../evidence/vault.ts'
import type { Acting, DeskIncidents, EvidenceDeed, PinnedEvent } from './incidents/desk-incidents.ts'
import type { Addition, Checked } from './incidents/evidence-edits.ts'
import type { Ends } from './queries/incidents-of-ends.ts'
import type { Answer, Question, QuestionInput } from './reader.ts'
import type { InputOf, OutputOf } from './types.ts'

/** Contract methods of the area that only read. */
const QUESTIONS = [
  'list',
  'get',
  'parts',
  'timeline',
  'alerts',
  'offered',
  'suggest',
  'ledger',
  'cited',
  'carves',
  'custody',
] as const
/** Those that change something, but for `addEvents`: its events are looked up first. */
const CHANGES = [
  'create',
  'edit',
  'reach',
  'reopen',
  'addAlerts',
  'removeAlerts',
  'save',
  'remove',
  'link',
  'merge',
  'undo',
  'keepDraft',
  'act',
  'confirm',
  'noteEvidence',
] as const
type Asked = (typeof QUESTIONS)[number]
type Changed = (typeof CHANGES)[number]
export type IncidentCall =
  | Changed
  | 'addEvents'
  | 'startPlaybook'
  | 'putProposal'
  | 'exportCase'
  | 'addEvidence'
  | 'markChecked'
  | 'tellEvidence'
  | 'reportWritten'
export interface PinInput extends Pick<InputOf<'incidents.addEvents'>, 'number' | 'group'> {
  readonly events: readonly PinnedEvent[]
}

/** What the ledger keeps of a report. */
export interface ReportWritten {
  readonly number: string
  readonly language: ReportLanguage
  readonly version: 'internal' | 'customer'
  readonly tlp: Tlp | null
  readonly masked: boolean
  /** SHA-256 of what it says. */
  readonly document: string
  readonly files: ReportSignature['files']
}

export type IncidentStore = {
  readonly [K in Asked]: (input: InputOf<`incidents.${K}`>, signal: AbortSignal) => Promise<Result<OutputOf<`incidents.${K}`>>>
} & {
  readonly [K in Changed]: (input: InputOf<`incidents.${K}`>, by: string) => Promise<Result<OutputOf<`incidents.${K}`>>>
} & {
  startPlaybook(
    input: { readonly number: string; readonly playbook: Playbook },
    by: string,
  ): Promise<Result<OutputOf<'incidents.startPlaybook'>>>
  putProposal(
    input: { readonly number: string; readonly proposal: Proposal },
    by: string,
  ): Promise<Result<Omit<OutputOf<'incidents.propose'>, 'alertsLeftOut'>>>
  /** `conflict` where it was merged into another. */
  reportWritten(input: ReportWritten, by: string): Promise<Result<null>>
  /** Items whose copies are sealed, and what came of an alert's packets, in one change. */
  addEvidence(addition: Addition, by: string): Promise<Result<{ readonly ids: string[] }>>
  /** What a check found of copies, by their hash. */
  markChecked(
    input: { readonly number: string; readonly copies: readonly (readonly [string, CopyState])[] },
    by: string,
  ): Promise<Result<Checked>>
  tellEvidence(deed: EvidenceDeed, by: string): Promise<Result<null>>
  /** Alerts, of any incident, whose packets were not looked for yet. */
  uncarved(limit: number, signal: AbortSignal): Promise<Answer<'incidents.uncarved'>>
  /** Open incidents that alerts joined since their last proposal. */
  unproposed(signal: AbortSignal): Promise<Answer<'incidents.unproposed'>>
  carvedFlows(number: string, signal: AbortSignal): Promise<Answer<'incidents.carvedFlows'>>
  ofEnds(ends: Ends, signal: AbortSignal): Promise<Answer<'incidents.ofEnds'>>
  draft(input: InputOf<'incidents.draft'>, by: string, signal: AbortSignal): Promise<Result<OutputOf<'incidents.draft'>>>
  /** `not_found` where one of the events is not there. */
  addEvents(
    input: InputOf<'incidents.addEvents'>,
    by: string,
    signal: AbortSignal,
  ): Promise<Result<OutputOf<'incidents.addEvents'>>>
}

/** On the writer thread. The input was made by the method of this name, so its shape is known. */
export function answerIncidents(desk: DeskIncidents, call: IncidentCall, input: unknown, acting: Acting): Result<unknown> {
  if (call === 'addEvents') {
    const { number, events, group } = input as PinInput
    return desk.addEvents(number, events, group, acting)
  }
  return (desk[call] as (input: unknown, acting: Acting) => Result<unknown>).call(desk, input, acting)
}

/** On the main thread. */
export function incidentStore(
  ask: <Q extends Question>(question: Q, input: QuestionInput<Q>, signal: AbortSignal) => Promise<Answer<Q>>,
  change: (call: IncidentCall, input: unknown, by: string) => Promise<Result<unknown>>,
): IncidentStore {
  const asked = QUESTIONS.map((name) => [
    name,
    (input: never, signal: AbortSignal) => ask(`incidents.${name}` as Question, input, signal),
  ])
  const changed = CHANGES.map((name) => [name, (input: unknown, by: string) => change(name, input, by)])
  const named = Object.fromEntries([...asked, ...changed]) as Pick<IncidentStore, Asked | Changed>
  return {
    ...named,
    startPlaybook: (input, by) => change('startPlaybook', input, by) as Promise<Result<OutputOf<'incidents.startPlaybook'>>>,
    putProposal: (input, by) =>
      change('putProposal', input, by) as Promise<Result<Omit<OutputOf<'incidents.propose'>, 'alertsLeftOut'>>>,
    reportWritten: (input, by) => change('reportWritten', input, by) as Promise<Result<null>>,
    addEvidence: (addition, by) => change('addEvidence', addition, by) as Promise<Result<{ readonly ids: string[] }>>,
    markChecked: (input, by) => change('markChecked', input, by) as Promise<Result<Checked>>,
    tellEvidence: (deed, by) => change('tellEvidence', deed, by) as Promise<Result<null>>,
    uncarved: (limit, signal) => ask('incidents.uncarved', { limit }, signal),
    unproposed: (signal) => ask('incidents.unproposed', {}, signal),
    ofEnds: (ends, signal) => ask('incidents.ofEnds', ends, signal),
    carvedFlows: (number, signal) => ask('incidents.carvedFlows', { number }, signal),
    draft: (input, by, signal) => ask('incidents.draft', { ...input, by }, signal),
    async addEvents({ number, events, group }, by, signal) {
      const found = await ask('incidents.pinned', { events }, signal)
      if (!found.ok) return found
      const there = new Set(found.value.map(({ event }) => event))
      const missing = events.find((event) => !there.has(event))
      if (missing !== undefined) return fail({ code: 'not_found', message: `There is no event ${missing}.` })
      const pinned = await change('addEvents', { number, group, events: found.value } satisfies PinInput, by)
      return pinned as Result<OutputOf<'incidents.addEvents'>>
    },
  }
}
