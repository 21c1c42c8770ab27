/** Ways between alerts, events and packets. */
import type { PacketPlace } from '../../../../shared/model/capture.ts'
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import { isoFromMicros, microsFromIso } from '../../../../shared/model/time.ts'
import type { packetContract } from '../../../../shared/packet-contract.ts'
import type { z } from 'zod'
import type { Store } from '../../store/types.ts'
import type { PacketBench } from '../bench/bench.ts'
import type { LocateAsked } from '../bench/locate-flow.ts'
import { summaryOf } from './event-summary.ts'

type Contract = typeof packetContract
type Input<N extends keyof Contract> = Contract[N] extends { input: infer I extends z.ZodType } ? z.output<I> : never
type Output<N extends keyof Contract> = Contract[N] extends { output: infer O extends z.ZodType } ? z.input<O> : never

/** Files of the library that are opened for one question. */
const MOST_OPENED = 3
const MOST_EVENTS = 100
const MOST_ALERTS = 500
const WHO = 'packets'

/** Captures that hold packets of hosts at a time, without opening them; from the capture library. */
export interface FindsCaptures {
  find(asked: {
    readonly hosts: readonly string[]
    readonly communityId: string | null
    readonly from: number
    readonly to: number
  }): Promise<{ readonly paths: readonly string[]; readonly notIndexed: number }>
  /** Those of this time, the newest first, whoever is in them. */
  ofTime(from: number, to: number): Promise<readonly string[]>
}

export class PacketLinks {
  readonly #bench: PacketBench
  readonly #store: Store
  readonly #library: FindsCaptures

  constructor(bench: PacketBench, store: Store, library: FindsCaptures) {
    this.#bench = bench
    this.#store = store
    this.#library = library
  }

  async locate(input: Input<'packets.locate'>, signal: AbortSignal): Promise<Result<Output<'packets.locate'>>> {
    const asked = await this.#askedFor(input, signal)
    if (!asked.ok) return asked
    const { value } = asked
    if (value.source === null && value.destination === null && value.communityId === null)
      return ok({ places: [], note: 'no_address' })
    const places: PacketPlace[] = []
    const look = async (ids: readonly string[]): Promise<void> => {
      for (const id of ids) {
        const thread = this.#bench.thread(id)
        if (!thread.ok) continue
        const found = await thread.value.call('locate', value, signal)
        if (!found.ok) continue
        const path = thread.value.capture?.files[0]?.path ?? ''
        for (const one of found.value) places.push({ ...one, capture: id, path, window: input.window, matched: [...one.matched] })
      }
    }
    const opened = this.#bench.open.map(({ id }) => id)
    await look(opened)
    let note: Output<'packets.locate'>['note'] = ''
    if (!places.some(({ by }) => by === 'community_id' || by === 'tuple')) {
      const hosts = [value.source, value.destination].filter((one) => one !== null)
      const { time, window, communityId } = value
      const { paths, notIndexed } = await this.#library.find({ hosts, communityId, from: time - window, to: time + window })
      const more: string[] = []
      const open = async (found: readonly string[]): Promise<void> => {
        const fresh: string[] = []
        for (const path of found.slice(0, MOST_OPENED)) {
          const result = await this.#bench.openFiles([path])
          if (result.ok && !opened.includes(result.value.id) && !more.includes(result.value.id)) fresh.push(result.value.id)
        }
        more.push(...fresh)
        await look(fresh)
      }
      await open(paths)
      // A capture that is being written to has more than the library has seen.
      if (places.length === 0) await open(await this.#library.ofTime(time - window, time + window))
      if (places.length === 0)
        note = notIndexed > 0 ? 'not_indexed' : opened.length + more.length === 0 ? 'no_capture' : 'not_found'
    }
    const rank = { community_id: 0, tuple: 1, pair: 2, time: 3 } as const
    places.sort((a, b) => rank[a.by] - rank[b.by] || Number(a.translated) - Number(b.translated) || a.apart - b.apart)
    return ok({ places: places.slice(0, 50), note })
  }

  async #askedFor(input: Input<'packets.locate'>, signal: AbortSignal): Promise<Result<LocateAsked>> {
    let id = input.event
    const matched: string[] = []
    if (input.alert !== null) {
      const alert = await this.#store.alerts.get({ id: input.alert }, WHO, signal)
      if (!alert.ok) return alert
      id = alert.value.event
      for (const { value, start, end } of alert.value.marks) matched.push(value.slice(start, end), value)
    }
    if (id === null) return fail({ code: 'invalid_input', message: 'An alert or an event is wanted.', path: 'alert' })
    const event = await this.#store.events.get({ id }, signal)
    if (!event.ok) return event
    const { fields, time } = event.value
    const telling: string[] = []
    for (const name of ['http.url', 'dns.query', 'tls.sni', 'file.name']) {
      const value = fields[name]
      if (typeof value === 'string') telling.push(value)
    }
    const text = (name: string): string | null => {
      const value = fields[name]
      return typeof value === 'string' && value !== '' ? value : null
    }
    const port = (name: string): number | null => {
      const value = fields[name]
      return typeof value === 'number' ? value : null
    }
    const transport = text('net.transport')
    return ok({
      communityId: text('net.community_id'),
      source: text('src.ip'),
      destination: text('dst.ip'),
      sourcePort: port('src.port'),
      destinationPort: port('dst.port'),
      transport: transport === 'tcp' || transport === 'udp' || transport === 'sctp' ? transport : null,
      time: (microsFromIso(time) ?? 0) / 1e6,
      window: input.window,
      matched: [...new Set(matched)],
      telling: [...new Set(telling)],
    })
  }

  async related(input: Input<'packets.related'>, signal: AbortSignal): Promise<Result<Output<'packets.related'>>> {
    const thread = this.#bench.thread(input.capture)
    if (!thread.ok) return thread
    const found = await thread.value.call('flowOfPacket', { packet: input.packet }, signal)
    if (!found.ok) return found
    const { flow } = found.value
    if (flow === null || flow.first === null || flow.last === null) return ok({ alerts: [], events: [], window: input.window })
    const around = {
      from: isoFromMicros((microsFromIso(flow.first) ?? 0) - input.window * 1e6),
      to: isoFromMicros((microsFromIso(flow.last) ?? 0) + input.window * 1e6 + 1),
    }
    const both = (a: string, b: string): string => `(src.ip:"${a}" and dst.ip:"${b}")`
    const { client, server } = flow
    const pair = `(${both(client.ip, server.ip)} or ${both(server.ip, client.ip)})`
    const ports =
      client.port === null || server.port === null
        ? ''
        : ` and ((src.port:${client.port} and dst.port:${server.port}) or (src.port:${server.port} and dst.port:${client.port}))`
    const where = `${flow.communityId === '' ? '' : `net.community_id:"${flow.communityId}" or `}(${pair}${ports})`
    const events = await this.#store.events.search(
      { where, window: around, order: 'oldest', limit: MOST_EVENTS, fields: [], after: null },
      signal,
    )
    if (!events.ok) return events
    const alerts = await this.#alertsBetween(pair, around, signal)
    if (!alerts.ok) return alerts
    return ok({
      alerts: alerts.value.map(({ id, title, severity, last }) => ({ id, title, severity, time: last })),
      events: events.value.events.map((event) => ({
        id: event.id,
        time: event.time,
        type: event.type,
        format: event.format,
        summary: summaryOf(event),
      })),
      window: input.window,
    })
  }

  async #alertsBetween(where: string, window: { from: string; to: string }, signal: AbortSignal) {
    const found = await this.#store.alerts.search(
      {
        where,
        states: ['open', 'snoozed', 'decided'],
        window: { from: window.from, to: null },
        order: 'newest',
        limit: MOST_ALERTS,
        after: null,
      },
      WHO,
      signal,
    )
    if (!found.ok) return found
    return ok(found.value.alerts.filter(({ first, last }) => first <= window.to && last >= window.from))
  }

  /** Alerts of the capture's time whose flow is in it, with the packet they lead to. */
  async alerts({ capture }: Input<'packets.alerts'>, signal: AbortSignal): Promise<Result<Output<'packets.alerts'>>> {
    const thread = this.#bench.thread(capture)
    if (!thread.ok) return thread
    const known = thread.value.capture
    if (known === null || known.first === null || known.last === null) return ok({ alerts: [], truncated: false })
    const found = await this.#alertsBetween('', { from: known.first, to: known.last }, signal)
    if (!found.ok) return found
    const alerts: Output<'packets.alerts'>['alerts'] = []
    for (const { id, title, severity, first, source, destination } of found.value) {
      if (source.ip === null || destination.ip === null) continue
      const located = await thread.value.call(
        'locate',
        {
          communityId: null,
          source: source.ip,
          destination: destination.ip,
          sourcePort: source.port,
          destinationPort: destination.port,
          transport: null,
          time: (microsFromIso(first) ?? 0) / 1e6,
          window: 120,
          matched: [],
          telling: [],
        },
        signal,
      )
      if (!located.ok) return located
      const [best] = located.value
      if (best !== undefined) alerts.push({ id, title, severity, time: first, packet: best.packet, flow: best.flow })
    }
    return ok({ alerts, truncated: found.value.length >= MOST_ALERTS })
  }
}
