/** Proposals of incidents: made when their alerts or what verification says of them change, and when somebody asks. */
import { randomUUID } from 'node:crypto'
import type { AssetAnswer } from '../../assets/assets.ts'
import type { ProposalCounts } from '../../../../shared/incident-proposal-contract.ts'
import type { Alert } from '../../../../shared/model/alert.ts'
import { IMPACTS } from '../../../../shared/model/impact.ts'
import type { IncidentNumber } from '../../../../shared/model/incident.ts'
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import { severityRank } from '../../../../shared/model/severity.ts'
import { PROPOSER } from '../../store/incidents/proposal-edits.ts'
import type { Store } from '../../store/types.ts'
import { has } from './define.ts'
import type { Material, MaterialAlert, MaterialHost } from './material.ts'
import { proposing } from './propose.ts'

/** What a proposal is made of at most: the rest is counted. */
const MOST_ALERTS = 500
const MOST_WEAKNESSES = 20
const AT_ONCE = 4
export interface ProposalWaits {
  /** After a change of an incident, and after a failure. Milliseconds. */
  readonly settled: number
  readonly failed: number
}
const WAITS: ProposalWaits = { settled: 1_500, failed: 30_000 }
/** Nobody is there to be proposed to, or nobody wants it any more. */
const OVER: readonly string[] = ['conflict', 'not_found', 'cancelled']

export interface ProposalAssets {
  byAddress(address: string): AssetAnswer | null
  byName(name: string): AssetAnswer | null
  isOurs(address: string): boolean
}
type ProposalStore = Pick<Store, 'incidents' | 'impact' | 'alerts' | 'onIncidentsChanged'>

const broken = (error: unknown): Result<never> => fail({ code: 'internal', message: String(error), correlationId: randomUUID() })
const CANCELLED = { code: 'cancelled', message: 'The proposal was cancelled.' } as const
/** Milliseconds of work before others have their turn. */
const TURN = 15

async function inTurns<T>(making: Generator<undefined, T>, signal: AbortSignal): Promise<T | null> {
  for (let since = performance.now(); ;) {
    const { done, value } = making.next()
    if (done) return value
    if (performance.now() - since < TURN) continue
    await new Promise((resolve) => setImmediate(resolve))
    if (signal.aborted) return null
    since = performance.now()
  }
}

export class IncidentProposals {
  readonly #store: ProposalStore
  readonly #assets: ProposalAssets
  readonly #waits: ProposalWaits
  readonly #ending = new AbortController()
  /** Those that wait, also for others before them: what changes meanwhile is in what they read then. */
  readonly #due = new Map<IncidentNumber, NodeJS.Timeout>()
  #working: Promise<void> = Promise.resolve()
  #stop: (() => void) | null = null

  constructor(store: ProposalStore, assets: ProposalAssets, waits = WAITS) {
    this.#store = store
    this.#assets = assets
    this.#waits = waits
  }

  start(): void {
    this.#stop = this.#store.onIncidentsChanged((changed) => {
      for (const { number, parts } of changed) if (parts.includes('alerts')) this.#later(number, this.#waits.settled)
    })
    this.#working = this.#takeUp()
  }
  async close(): Promise<void> {
    this.#stop?.()
    for (const timer of this.#due.values()) clearTimeout(timer)
    this.#due.clear()
    this.#ending.abort()
    await this.#working
  }

  /** Errors: `not_found`, `conflict` where the incident is closed or merged, `cancelled`. */
  async propose({ number }: { readonly number: IncidentNumber }, asked: AbortSignal): Promise<Result<ProposalCounts>> {
    const signal = AbortSignal.any([asked, this.#ending.signal])
    const found = await this.#store.incidents.alerts({ number }, signal)
    if (!found.ok) return found
    const alerts = [...found.value.alerts].sort(worstFirst).slice(0, MOST_ALERTS)
    const read = await this.#read(alerts, signal)
    if (!read.ok) return read
    const proposal = await inTurns(proposing(this.#material(read.value)), signal)
    if (proposal === null) return fail(CANCELLED)
    const put = await this.#store.incidents.putProposal({ number, proposal }, PROPOSER)
    return put.ok ? ok({ ...put.value, alertsLeftOut: found.value.alerts.length - alerts.length }) : put
  }

  /** Those whose alerts joined after their last proposal: what was due when the engine ended. */
  async #takeUp(): Promise<void> {
    const { signal } = this.#ending
    const found = await this.#store.incidents.unproposed(signal)
    if (found.ok) for (const number of found.value.numbers) this.#later(number, this.#waits.settled)
    else if (!OVER.includes(found.error.code)) process.stderr.write(`incidents: no proposals taken up: ${found.error.message}\n`)
  }

  #later(number: IncidentNumber, wait: number): void {
    if (this.#due.has(number) || this.#ending.signal.aborted) return
    const timer = setTimeout(() => {
      this.#working = this.#working.then(() => this.#dueNow(number))
    }, wait).unref()
    this.#due.set(number, timer)
  }

  async #dueNow(number: IncidentNumber): Promise<void> {
    this.#due.delete(number)
    const { signal } = this.#ending
    if (signal.aborted) return
    const done = await this.propose({ number }, signal).catch(broken)
    if (done.ok || OVER.includes(done.error.code)) return
    process.stderr.write(`incidents: no proposal for ${number}: ${done.error.message}\n`)
    this.#later(number, this.#waits.failed)
  }

  /** A few questions at a time: others ask the same readers. */
  async #read(alerts: readonly Alert[], signal: AbortSignal): Promise<Result<readonly MaterialAlert[]>> {
    const read: MaterialAlert[] = []
    for (let at = 0; at < alerts.length; at += AT_ONCE) {
      if (signal.aborted) return fail(CANCELLED)
      const some = await Promise.all(alerts.slice(at, at + AT_ONCE).map((alert) => this.#materialOf(alert, signal)))
      for (const one of some) {
        if (!one.ok) return one
        read.push(one.value)
      }
    }
    return ok(read)
  }

  async #materialOf(alert: Alert, signal: AbortSignal): Promise<Result<MaterialAlert>> {
    const { id, kind, title, attack, source, destination, asset, user, first, last } = alert
    const verified = await this.#store.impact.get({ alert: id }, signal)
    if (!verified.ok) return verified
    let login: MaterialAlert['login'] = null
    if (has(attack, 'TA0008', 'T1021', 'T1078', 'T1550')) {
      const events = await this.#store.alerts.events({ id, limit: 1, after: null }, PROPOSER, signal)
      if (!events.ok) return events
      const event = events.value.events[0]
      // Windows 4624: an account was successfully logged on.
      const name = event?.fields['target.user'] ?? event?.fields['user.name']
      if (event?.type === '4624' && typeof name === 'string')
        login = { event: event.id, user: name.slice(0, 256), accepted: true }
    }
    const standing = verified.value.verifications[0]
    const verification = standing
      ? {
          result: standing.result,
          confidence: standing.confidence,
          findings: standing.findings.map(({ test, result, confidence, reason, cites }) => ({ test, result, confidence, reason, cites })),
        } // prettier-ignore
      : null
    return ok({ id, kind, title, attack, source, destination, asset, user, first, last, verification, login })
  }

  #material(alerts: readonly MaterialAlert[]): Material {
    const hosts = new Map<string, MaterialHost>()
    const ours = new Set<string>()
    for (const { source, destination, asset } of alerts)
      for (const [ip, name] of [[source.ip, source.name], [destination.ip, destination.name], [null, asset]] as const) {
        if (ip !== null && this.#assets.isOurs(ip)) ours.add(ip)
        const found = (ip === null ? null : this.#assets.byAddress(ip)) ?? (name === null ? null : this.#assets.byName(name) ?? this.#assets.byAddress(name))
        if (found !== null && !hosts.has(found.asset.id)) {
          const host = hostOf(found)
          hosts.set(found.asset.id, host)
          for (const address of host.addresses) if (this.#assets.isOurs(address)) ours.add(address)
        }
      } // prettier-ignore
    return { alerts, hosts: [...hosts.values()].filter(({ addresses }) => addresses.length === 0 || addresses.some((one) => ours.has(one))), ours: [...ours] } // prettier-ignore
  }
}

const impactRank = ({ impact }: Alert): number => (impact === null ? -1 : IMPACTS.indexOf(impact.result))
/** Those that worked are the route; then the most severe, then the oldest. */
const worstFirst = (a: Alert, b: Alert): number =>
  impactRank(b) - impactRank(a) || severityRank(b.severity) - severityRank(a.severity) || Number(a.id) - Number(b.id)

const hostOf = ({ asset, weaknesses }: AssetAnswer): MaterialHost => ({
  asset: asset.id,
  name: asset.name,
  names: [...asset.otherNames, ...asset.seen.names],
  addresses: [...new Set([...asset.addresses, ...asset.seen.addresses])],
  zone: asset.zone.slice(0, 100),
  weaknesses: weaknesses
    .filter(({ state }) => state === 'affected')
    .slice(0, MOST_WEAKNESSES)
    .map(({ cve, score, exploited, epss, remedy }) => ({ cve, score, exploited: exploited !== null, epss, remedy })),
})
