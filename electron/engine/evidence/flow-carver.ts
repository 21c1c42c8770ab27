/** Flows as evidence: carved out of their captures to pcapng, sealed, each once for an incident. */
import { rm } from 'node:fs/promises'
import { basename } from 'node:path'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import type { Flow } from '../../../shared/model/capture.ts'
import type { PacketBench } from '../packets/bench/bench.ts'
import type { Carved, NewItem } from '../store/incidents/evidence-edits.ts'
import type { Store } from '../store/types.ts'
import type { FindReason, FlowFinder, FoundFlow } from './flow-finder.ts'
import { flowName } from './flow-finder.ts'
import { failedBy } from './failed-by.ts'
import type { EvidenceVault } from './vault.ts'

/** Of one flow. Bytes of the new file. */
export const MOST_FLOW_BYTES = 20 * 1024 * 1024

export interface CarveDone {
  readonly ids: string[]
  readonly reason: FindReason
}

export class FlowCarver {
  readonly #store: Pick<Store, 'incidents'>
  readonly #bench: PacketBench
  readonly #vault: EvidenceVault
  readonly #finder: FlowFinder
  readonly #most: number
  /** One after the other: two that carve the same flow must meet. */
  #working: Promise<unknown> = Promise.resolve()
  readonly #ending = new AbortController()

  constructor(
    store: Pick<Store, 'incidents'>,
    bench: PacketBench,
    vault: EvidenceVault,
    finder: FlowFinder,
    most = MOST_FLOW_BYTES,
  ) {
    this.#store = store
    this.#bench = bench
    this.#vault = vault
    this.#finder = finder
    this.#most = most
  }

  get busy(): boolean {
    return this.#finder.busy
  }

  /** `mostFlows`: of the incident, after which none is carved. What came of it is kept with the alert, a failure too. Errors: of the incident, `cancelled`; then nothing is kept. */
  alert(number: string, alert: string, by: string, asked: AbortSignal, mostFlows = Infinity): Promise<Result<CarveDone>> {
    const signal = AbortSignal.any([asked, this.#ending.signal])
    return this.#next(async () => {
      const outcome = (state: Carved['state'], reason: string, flows: readonly string[] = []): Carved => ({
        alert,
        state,
        reason,
        flows,
      })
      if (mostFlows < Infinity) {
        const known = await this.#store.incidents.carvedFlows(number, signal)
        if (!known.ok) return known
        if (known.value.flows.length >= mostFlows) return this.#keep(number, [], outcome('none', 'enough'), by, 'enough')
      }
      const found = await this.#finder.ofAlert(alert, by, signal)
      if (signal.aborted) return cancelled
      if (!found.ok) return this.#failed(number, outcome('failed', found.error.message), by, found)
      const { flows, reason } = found.value
      if (flows.length === 0) return this.#keep(number, [], outcome('none', reason), by, reason)
      const carved = await this.#carve(number, flows, [{ kind: 'alert', alert }], signal)
      if (signal.aborted) return cancelled
      if (!carved.ok) return this.#failed(number, outcome('failed', carved.error.message), by, carved)
      const { items, names } = carved.value
      return this.#keep(number, items, outcome('done', reason, names), by, reason)
    })
  }

  /** One flow of an open capture. */
  flow(number: string, capture: string, flow: number, by: string, asked: AbortSignal): Promise<Result<CarveDone>> {
    const signal = AbortSignal.any([asked, this.#ending.signal])
    return this.#next(async () => {
      const thread = this.#bench.thread(capture)
      if (!thread.ok) return thread
      const found = await thread.value.call('flow', { packet: null, flow }, signal)
      if (!found.ok) return found
      const path = thread.value.capture?.files[0]?.path ?? ''
      const carved = await this.#carve(number, [{ capture, path, flow: found.value, event: null }], [], signal)
      if (!carved.ok) return carved
      const { items, names } = carved.value
      return this.#keep(number, items, { alert: null, state: 'done', reason: '', flows: names }, by, '')
    })
  }

  /** What is being carved is given up; nothing of it is kept. */
  async close(): Promise<void> {
    this.#ending.abort()
    await this.#working
  }

  #next<T>(work: () => Promise<Result<T>>): Promise<Result<T>> {
    const done = this.#working.then(async () => {
      try {
        return await work()
      } catch (error) {
        return failedBy(error)
      }
    })
    // A bug is told to whoever asked, and is not in the way of the next.
    this.#working = done.catch(() => undefined)
    return done
  }

  async #failed(number: string, carved: Carved, by: string, why: Result<never>): Promise<Result<never>> {
    if (!why.ok && why.error.code !== 'cancelled') await this.#store.incidents.addEvidence({ number, items: [], carved }, by)
    return why
  }

  async #keep(
    number: string,
    items: readonly NewItem[],
    carved: Carved,
    by: string,
    reason: FindReason,
  ): Promise<Result<CarveDone>> {
    const added = await this.#store.incidents.addEvidence({ number, items, carved }, by)
    if (added.ok) return ok({ ids: added.value.ids, reason })
    if (items.length > 0 && carved.alert !== null)
      await this.#failed(number, { ...carved, state: 'failed', reason: added.error.message, flows: [] }, by, added)
    return added
  }

  async #carve(
    number: string,
    flows: readonly (Omit<FoundFlow, 'event'> & { readonly event: string | null })[],
    cites: NewItem['cites'],
    signal: AbortSignal,
  ): Promise<Result<{ items: NewItem[]; names: string[] }>> {
    const known = await this.#store.incidents.carvedFlows(number, signal)
    if (!known.ok) return known
    const there = new Set(known.value.flows.map(({ flow }) => flow))
    const items: NewItem[] = []
    const names: string[] = []
    for (const { capture, path, flow, event } of flows) {
      const name = flowName(flow)
      if (there.has(name)) continue
      const thread = this.#bench.thread(capture)
      if (!thread.ok) return thread
      const draft = await this.#vault.draftPath(number)
      try {
        const done = await thread.value.call('carve', {
          view: null,
          filter: '',
          flow: flow.flow,
          packets: null,
          span: { from: null, to: null },
          path: draft,
          most: this.#most,
        }, signal) // prettier-ignore
        if (!done.ok) return done
        const sealed = await this.#vault.copyFile(number, draft, Number.MAX_SAFE_INTEGER, signal)
        if (!sealed.ok) return sealed
        if (sealed.value.sha256 !== done.value.sha256)
          return fail({ code: 'conflict', message: 'What was carved was changed before it was sealed.' })
        items.push({
          ...sealed.value,
          kind: 'packets',
          name: nameOf(flow),
          origin: originOf(path, flow, done.value.packets, done.value.cut ? this.#most : null),
          cites: [
            ...cites,
            ...(event === null ? [] : [{ kind: 'event' as const, event }]),
            { kind: 'packet', capture: path.slice(0, 4096), packet: flow.firstPacket, offset: 0, length: 0 },
          ],
          note: '',
          internal: false,
        })
        names.push(name)
      } finally {
        await rm(draft, { force: true })
        await rm(`${draft}.part`, { force: true })
      }
    }
    return ok({ items, names })
  }
}

const cancelled: Result<never> = fail({ code: 'cancelled', message: 'Cancelled.' })
const end = ({ ip, port }: Flow['client'], mark: string): string => (port === null ? ip : `${ip}${mark}${port}`)
const nameOf = ({ client, server }: Flow): string =>
  `${end(client, '.')}-${end(server, '.')}.pcapng`.replaceAll(':', '_').slice(0, 300)
const originOf = (path: string, { transport, client, server, first }: Flow, packets: number, cut: number | null): string =>
  `${basename(path)}: ${transport} ${end(client, ':')} → ${end(server, ':')}, ${first ?? ''}, ${packets} packets${cut === null ? '' : ` (cut: the first ${cut} bytes only)`}`.slice(
    0,
    2000,
  )
