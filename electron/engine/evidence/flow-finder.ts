/** The flows that an alert's events belong to, in open captures, the captures that the events were read from, and the library's. */
import type { EventRow } from '../../../shared/model/event.ts'
import type { Flow } from '../../../shared/model/capture.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import { microsFromIso } from '../../../shared/model/time.ts'
import type { PacketBench } from '../packets/bench/bench.ts'
import type { LocateAsked } from '../packets/bench/locate-flow.ts'
import type { FindsCaptures } from '../packets/links/packet-links.ts'
import type { Store } from '../store/types.ts'
import { askedOf } from '../verify/gather/streams.ts'

/** Seconds around an event's time in which its flow is looked for: clocks differ. The same as on the way from an alert to its packets. */
const WINDOW = 120
/** Captures that are opened for one event. */
const MOST_OPENED = 3
/** Captures that are open at once before the next one waits: the others belong to whoever looks at them. */
const MOST_BUSY = 5
const MOST_EVENTS = 50
export const MOST_FLOWS = 10

export interface FoundFlow {
  readonly capture: string
  /** Of the capture's first file. */
  readonly path: string
  readonly flow: Flow
  readonly event: string
}
/** Why there are no flows, or not all; codes that the screen has words for, '' where there is nothing to say. */
export type FindReason = '' | 'no_address' | 'no_capture' | 'not_indexed' | 'not_found' | 'more_flows' | 'enough'
export interface Found {
  readonly flows: readonly FoundFlow[]
  readonly reason: FindReason
}

/** What a flow is known by in whatever capture it is. */
export const flowName = ({ transport, client, server, first }: Flow): string =>
  `${transport} ${client.ip}:${client.port ?? ''} ${server.ip}:${server.port ?? ''} ${first ?? ''}`

export class FlowFinder {
  readonly #bench: PacketBench
  readonly #store: Pick<Store, 'alerts' | 'events'>
  readonly #library: FindsCaptures

  constructor(bench: PacketBench, store: Pick<Store, 'alerts' | 'events'>, library: FindsCaptures) {
    this.#bench = bench
    this.#store = store
    this.#library = library
  }

  /** Nothing more can be opened without closing what somebody looks at. */
  get busy(): boolean {
    return this.#bench.open.length >= MOST_BUSY
  }

  async ofAlert(alert: string, who: string, signal: AbortSignal): Promise<Result<Found>> {
    const page = await this.#store.alerts.events({ id: alert, limit: MOST_EVENTS, after: null }, who, signal)
    if (!page.ok) return page
    const flows = new Map<string, FoundFlow>()
    const tried = new Set<string>()
    let reason: FindReason = page.value.after === null ? '' : 'more_flows'
    let why: FindReason = 'no_address'
    for (const event of page.value.events) {
      if (signal.aborted) return cancelled
      const asked = askedOf({ ...event, time: microsFromIso(event.time) ?? 0 })
      if (asked === null) continue
      const key = [asked.communityId, asked.source, asked.sourcePort, asked.destination, asked.destinationPort].join(' ')
      if (tried.has(key)) continue
      if (flows.size >= MOST_FLOWS) {
        reason = 'more_flows'
        break
      }
      tried.add(key)
      const found = await this.#ofEvent(event, { ...asked, window: WINDOW }, signal)
      if (typeof found === 'string') why = found
      else flows.set(flowName(found.flow), found)
    }
    return ok({ flows: [...flows.values()], reason: flows.size === 0 ? why : reason })
  }

  async #ofEvent(event: EventRow, asked: LocateAsked, signal: AbortSignal): Promise<FoundFlow | FindReason> {
    const looked = new Set<string>()
    for (const { id } of this.#bench.open) {
      looked.add(id)
      const found = await this.#in(id, event, asked, signal)
      if (found !== null) return found
    }
    const from = (asked.time - WINDOW) | 0
    const span = { from, to: from + 2 * WINDOW + 1 }
    let [notIndexed, opened] = [0, looked.size]
    const inLibrary = async (): Promise<readonly string[]> => {
      const hosts = [asked.source, asked.destination].filter((one) => one !== null)
      const found = await this.#library.find({ hosts, communityId: asked.communityId, ...span })
      notIndexed = found.notIndexed
      return found.paths
    }
    const places = [
      async () => {
        const detail = event.format === 'capture' ? await this.#store.events.get({ id: event.id }, signal) : null
        return detail?.ok ? [detail.value.place.origin] : []
      },
      inLibrary,
      // A capture that is being written to has more than the library has seen.
      () => this.#library.ofTime(span.from, span.to),
    ]
    for (const paths of places)
      for (const path of (await paths()).slice(0, MOST_OPENED)) {
        if (signal.aborted) return 'not_found'
        const capture = await this.#bench.openFiles([path])
        if (!capture.ok || looked.has(capture.value.id)) continue
        looked.add(capture.value.id)
        opened++
        const found = await this.#in(capture.value.id, event, asked, signal)
        if (found !== null) return found
      }
    return notIndexed > 0 ? 'not_indexed' : opened === 0 ? 'no_capture' : 'not_found'
  }

  async #in(id: string, event: EventRow, asked: LocateAsked, signal: AbortSignal): Promise<FoundFlow | null> {
    const thread = this.#bench.thread(id)
    if (!thread.ok) return null
    const located = await thread.value.call('locate', asked, signal)
    if (!located.ok) return null
    const [best] = located.value
      .filter(({ by, translated }) => !translated && (by === 'community_id' || by === 'tuple'))
      .sort((a, b) => a.apart - b.apart)
    if (best === undefined || best.flow === null) return null
    const flow = await thread.value.call('flow', { packet: null, flow: best.flow }, signal)
    const path = thread.value.capture?.files[0]?.path ?? ''
    return flow.ok ? { capture: id, path, flow: flow.value, event: event.id } : null
  }
}

const cancelled: Result<never> = fail({ code: 'cancelled', message: 'Cancelled.' })
