/** Playbooks in incidents: which fit, runs as they stand, and time that passes: once a minute waits end and facts answer checks. */
import type { IncidentNumber } from '../../../../shared/model/incident.ts'
import { PlaybookRun } from '../../../../shared/model/playbook-run.ts'
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import type { InputOf, OutputOf, Store } from '../../store/types.ts'
import { factsOf, proposalFactsOf } from './incident-facts.ts'
import type { LoadedPlaybook } from './load-playbooks.ts'
import type { PlaybookLibrary } from './playbook-library.ts'
import { viewRun } from './run-view.ts'

const EVERY_MS = 60_000
/** Open incidents that are listed at once. */
const PAGE = 200
const WHO = 'watchfloor'

type Runs = OutputOf<'incidents.runs'>['runs']

export class IncidentPlaybooks {
  readonly #store: Pick<Store, 'incidents'>
  readonly #library: PlaybookLibrary
  readonly #now: () => number
  readonly #ending = new AbortController()
  #timer: NodeJS.Timeout | null = null
  #working: Promise<void> = Promise.resolve()

  constructor(store: Pick<Store, 'incidents'>, library: PlaybookLibrary, now: () => number = Date.now) {
    this.#store = store
    this.#library = library
    this.#now = now
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#working = this.#working.then(() => this.tick())
    }, EVERY_MS).unref()
  }
  async close(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#ending.abort()
    await this.#working
  }

  async offered(
    { number }: InputOf<'incidents.playbooks'>,
    signal: AbortSignal,
  ): Promise<Result<OutputOf<'incidents.playbooks'>>> {
    const incident = await this.#store.incidents.get({ number }, signal)
    if (!incident.ok) return incident
    const alerts = await this.#store.incidents.alerts({ number }, signal)
    if (!alerts.ok) return alerts
    const { playbooks, problems } = this.#library.all
    const proposed = this.#library.propose(proposalFactsOf({ incident: incident.value, alerts: alerts.value.alerts }))
    return ok({
      proposed: proposed.map(({ found, score, text }) => ({ playbook: headOf(found), score, why: { ...text } })),
      all: playbooks.map(headOf),
      problems: problems.map(({ file, line, column, message }) => ({ file, line, column, message })),
    })
  }

  async runs({ number }: InputOf<'incidents.runs'>, signal: AbortSignal): Promise<Result<{ runs: Runs }>> {
    const parts = await this.#store.incidents.parts({ number }, signal)
    if (!parts.ok) return parts
    const now = new Date(this.#now()).toISOString()
    const runs = parts.value.playbooks.flatMap(({ id, revision, run }): Runs => {
      const read = PlaybookRun.safeParse(run)
      return read.success ? [{ id, revision, run: read.data, view: viewRun(read.data, now) }] : []
    })
    return ok({ runs })
  }

  async begin(
    { number, playbook }: InputOf<'incidents.startPlaybook'>,
    by: string,
  ): Promise<Result<OutputOf<'incidents.startPlaybook'>>> {
    const found = this.#library.byId(playbook)
    if (found === undefined) return fail({ code: 'not_found', message: `There is no playbook ${playbook}.` })
    const begun = await this.#store.incidents.startPlaybook({ number, playbook: found.playbook }, by)
    // What is known answers the first checks at once.
    if (begun.ok) await this.#tick(number, this.#ending.signal)
    return begun
  }

  async act(input: InputOf<'incidents.act'>, by: string): Promise<Result<OutputOf<'incidents.act'>>> {
    if (input.action.kind === 'tick')
      return fail({ code: 'invalid_input', message: 'Time passes by itself.', path: 'action.kind' })
    return this.#store.incidents.act(input, by)
  }

  /** Time passes in all open incidents. */
  async tick(): Promise<void> {
    const { signal } = this.#ending
    let after: string | null = null
    do {
      const open: Result<OutputOf<'incidents.list'>> = await this.#open(after)
      if (!open.ok) return
      for (const { number } of open.value.incidents) {
        if (signal.aborted) return
        await this.#tick(number, signal)
      }
      after = open.value.after
    } while (after !== null)
  }

  #open(after: string | null): Promise<Result<OutputOf<'incidents.list'>>> {
    return this.#store.incidents.list(
      { text: '', status: ['open', 'contained', 'eradicated', 'recovered'], owner: null, customer: null, limit: PAGE, after },
      this.#ending.signal,
    )
  }

  async #tick(number: IncidentNumber, signal: AbortSignal): Promise<void> {
    const parts = await this.#store.incidents.parts({ number }, signal)
    if (!parts.ok || parts.value.playbooks.length === 0) return
    const [incident, alerts] = await Promise.all([
      this.#store.incidents.get({ number }, signal),
      this.#store.incidents.alerts({ number }, signal),
    ])
    if (!incident.ok || !alerts.ok) return
    const now = this.#now()
    const facts = factsOf({
      incident: incident.value,
      alerts: alerts.value.alerts,
      entities: parts.value.entities,
      evidence: parts.value.evidence.length,
      now,
    })
    for (const { id, run } of parts.value.playbooks) {
      // One that has ended waits for nothing.
      if (run['ended'] !== null) continue
      await this.#store.incidents.act(
        { number, run: id, action: { kind: 'tick', at: new Date(now).toISOString(), facts: { ...facts } } },
        WHO,
      )
    }
  }
}

const headOf = ({ playbook, origin }: LoadedPlaybook): OutputOf<'incidents.playbooks'>['all'][number] => ({
  id: playbook.id,
  version: playbook.version,
  title: playbook.title,
  description: playbook.description,
  steps: playbook.steps.length,
  own: origin === 'own',
})
