/** What flows carried, out of the captures that the desk knows: opened ones, those that events came from, and the library's. */
import { microsFromIso } from '../../../../shared/model/time.ts'
import type { Flow } from '../../../../shared/model/capture.ts'
import type { PacketBench } from '../../packets/bench/bench.ts'
import type { LocateAsked } from '../../packets/bench/locate-flow.ts'
import type { FindsCaptures } from '../../packets/links/packet-links.ts'
import type { CaseEvent, Conversation } from '../case.ts'
import type { Octets } from '../octets.ts'

/** Of each direction of a flow. */
const MOST_BYTES = 262_144
/** Seconds around an event's time in which its flow is looked for: clocks differ. */
const WINDOW = 5
/** Captures that stay open beside this work belong to whoever looks at them. */
const MOST_BUSY = 4
const MOST_TRIED = 3
/** Milliseconds after which a capture that could not be opened is tried again. */
const TRIED_AGAIN = 300_000

export interface ReadsStreams {
  /** The conversation of a flow; null where no capture that is at hand has it. `origin`: the capture that its event came from. */
  conversation(asked: LocateAsked, origin: string | null, signal: AbortSignal): Promise<FoundStream | null>
}
export interface FoundStream {
  readonly conversation: Conversation
  /** Capture and flow, so that a flow is read once. */
  readonly key: string
  /** Microseconds. */
  readonly first: number
}

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)
const port = (value: unknown): number | null => (typeof value === 'number' ? value : null)

export class CaptureStreams implements ReadsStreams {
  readonly #bench: PacketBench
  readonly #library: FindsCaptures
  /** Captures that could not be opened → when: they are not tried for every alert, and not given up, for their disk may be back. */
  readonly #failed = new Map<string, number>()

  constructor(bench: PacketBench, library: FindsCaptures) {
    this.#bench = bench
    this.#library = library
  }

  async conversation(asked: LocateAsked, origin: string | null, signal: AbortSignal): Promise<FoundStream | null> {
    for (const id of this.#bench.open.map((capture) => capture.id)) {
      const found = await this.#in(id, asked, signal)
      if (found !== null) return found
    }
    for (const path of await this.#paths(asked, origin)) {
      if (signal.aborted || this.#bench.open.length >= MOST_BUSY) return null
      if (performance.now() - (this.#failed.get(path) ?? -Infinity) < TRIED_AGAIN) continue
      const opened = await this.#bench.openFiles([path])
      if (!opened.ok) {
        if (this.#failed.size > 1000) this.#failed.clear()
        this.#failed.set(path, performance.now())
        continue
      }
      const found = await this.#in(opened.value.id, asked, signal)
      if (found !== null) return found
    }
    return null
  }

  async #paths(asked: LocateAsked, origin: string | null): Promise<readonly string[]> {
    if (origin !== null) return [origin]
    const { paths } = await this.#library.find({
      hosts: [asked.source, asked.destination].filter((one) => one !== null),
      communityId: asked.communityId,
      from: asked.time - WINDOW,
      to: asked.time + WINDOW,
    })
    return paths.slice(0, MOST_TRIED)
  }

  async #in(id: string, asked: LocateAsked, signal: AbortSignal): Promise<FoundStream | null> {
    const thread = this.#bench.thread(id)
    if (!thread.ok) return null
    const located = await thread.value.call('locate', asked, signal)
    if (!located.ok) return null
    const exact = located.value.find(
      ({ by, flow, translated }) => flow !== null && !translated && (by === 'community_id' || by === 'tuple'),
    )
    if (exact === undefined || exact.flow === null) return null
    const read = await thread.value.call('octets', { flow: exact.flow, most: MOST_BYTES }, signal)
    if (!read.ok) return null
    const capture = thread.value.capture?.files[0]?.path ?? ''
    const { sent, answered, flow } = read.value
    const octets = ({ text: bytes, pieces, cut }: typeof sent): Octets => ({
      text: bytes,
      place: { kind: 'packets', capture, pieces },
      decoded: false,
      cut,
    })
    return {
      key: `${id}:${exact.flow}`,
      first: flow.first === null ? event0(asked) : (microsFromIso(flow.first) ?? event0(asked)),
      conversation: {
        client: endOf(flow.client),
        server: endOf(flow.server),
        transport: flow.transport,
        state: flow.state,
        sent: octets(sent),
        answered: octets(answered),
      },
    }
  }
}

const event0 = ({ time }: LocateAsked): number => Math.round(time * 1e6)
const endOf = ({ ip, port: number }: Flow['client']) => ({ ip, port: number, name: null })

/** Null where the record does not say enough to know its flow by. */
export function askedOf({ fields, time }: CaseEvent): LocateAsked | null {
  const transport = text(fields['net.transport'])
  const asked: LocateAsked = {
    communityId: text(fields['net.community_id']),
    source: text(fields['src.ip']),
    destination: text(fields['dst.ip']),
    sourcePort: port(fields['src.port']),
    destinationPort: port(fields['dst.port']),
    transport: transport === 'tcp' || transport === 'udp' || transport === 'sctp' ? transport : null,
    time: time / 1e6,
    window: WINDOW,
    matched: [],
    telling: [],
  }
  if (asked.communityId === null && (asked.sourcePort === null || asked.destinationPort === null)) return null
  return asked.source === null && asked.destination === null && asked.communityId === null ? null : asked
}
