/** The demonstration as a stream: everything that happens, minute by minute, as the files that sensors and hosts write. */
import { setImmediate } from 'node:timers/promises'
import type { Micros } from '../../../shared/model/time.ts'
import { ACTIVITIES } from './activities/registry.ts'
import type { Fact, WindowsFact } from './facts.ts'
import { playIntrusion, type Intrusion } from './intrusion.ts'
import { Random } from './random.ts'
import { busyness, MINUTE } from './rhythm.ts'
import { Counters, Scene } from './scene.ts'
import { buildWorld } from './world.ts'
import { capturePieces } from './writers/capture.ts'
import { evePieces } from './writers/eve.ts'
import type { Piece } from './writers/piece.ts'
import { syslogPiece } from './writers/syslog.ts'
import { WindowsWriter } from './writers/windows.ts'
import { zeekPieces } from './writers/zeek.ts'

export interface DemoPlan {
  readonly seed: number
  /** Microseconds since 1970; whole minutes are counted from here. */
  readonly start: Micros
  /** How long it lasts; `Infinity` never ends. */
  readonly minutes: number
  /** Moment at which it is twenty to ten in the morning there; `start` unless it is said. */
  readonly anchor?: Micros
  /** First minute to give, counted from `start`, for going on where one stopped. */
  readonly fromMinute?: number
  /** When the intrusion begins and how long it takes, in microseconds; null leaves it out. */
  readonly intrusion: { readonly at: Micros; readonly span: number } | null
  /** Whether packets are given too. */
  readonly capture: boolean
  /** Packets of flows that began before are left out. */
  readonly captureFrom?: Micros
}

export interface Totals {
  flows: number
  packets: number
  /** Bytes of all frames. */
  bytes: number
}

/** Where the intrusion stands in a demonstration of `minutes`: after an eighth of it, and over before its end. */
export function intrusionWithin(start: Micros, minutes: number): { at: Micros; span: number } {
  const lead = Math.min(3, minutes / 10) * MINUTE
  return { at: start + lead, span: Math.min(24, minutes * 0.8) * MINUTE }
}

const SLICE = 12

/**
 * Gives the pieces of each minute, in order of time; minutes come in order too. What happens in a minute but is written
 * later comes with the later minute; after the last minute the rest follows. The event loop gets its turn every few
 * milliseconds.
 */
export class Demonstration {
  readonly totals: Totals = { flows: 0, packets: 0, bytes: 0 }
  #intrusion: Intrusion | null = null
  readonly #plan: DemoPlan

  constructor(plan: DemoPlan) {
    this.#plan = plan
  }

  /** Known once the minute of its beginning has been given. */
  get intrusion(): Intrusion | null {
    return this.#intrusion
  }

  async *minutes(): AsyncGenerator<readonly Piece[], void, void> {
    const plan = this.#plan
    const world = buildWorld(plan.seed)
    const windows = new WindowsWriter(world)
    const counters = new Counters()
    // Hosts number their records in order of time: they are written when their minute is whole.
    const waiting = new Map<number, (Piece | WindowsFact)[]>()
    const anchor = plan.anchor ?? plan.start
    const minuteOf = (at: Micros): number => Math.floor((at - plan.start) / MINUTE)
    let current = plan.fromMinute ?? 0

    const keep = (piece: Piece | WindowsFact): void => {
      const minute = Math.max(current, minuteOf(piece.at))
      const list = waiting.get(minute)
      if (list) list.push(piece)
      else waiting.set(minute, [piece])
    }
    const facts: Fact[] = []
    const write = (): void => {
      for (const fact of facts) {
        if (fact.kind === 'syslog') keep(syslogPiece(fact))
        else if (fact.kind === 'windows') keep(fact)
        else {
          this.totals.flows++
          this.totals.packets += fact.flow.packets.length
          for (const packet of fact.flow.packets) this.totals.bytes += packet.size
          for (const piece of evePieces(world, fact.flow)) keep(piece)
          for (const piece of zeekPieces(world, fact.flow)) keep(piece)
          if (plan.capture && fact.flow.packets[0]!.at >= (plan.captureFrom ?? -Infinity))
            for (const piece of capturePieces(world, fact.flow)) keep(piece)
        }
      }
      facts.length = 0
    }
    const scene = (key: string): Scene =>
      new Scene(world, new Random(`${plan.seed}/${key}`), plan.start, counters, (fact) => facts.push(fact))

    let breath = performance.now()
    for (; current < plan.minutes || waiting.size > 0; current++) {
      if (current < plan.minutes) {
        const from = plan.start + current * MINUTE
        for (const activity of ACTIVITIES) {
          const stage = scene(`${activity.id}/${current}`)
          const times = Array.from(
            { length: stage.random.poisson(activity.perMinute * (activity.steady ? 1 : busyness(from, anchor))) },
            () => from + stage.random.int(0, MINUTE - 1),
          )
          for (const at of times.sort((a, b) => a - b)) {
            activity.play(stage, at)
            write()
            if (performance.now() - breath > SLICE) {
              await setImmediate()
              breath = performance.now()
            }
          }
        }
        if (plan.intrusion && minuteOf(plan.intrusion.at) === current) {
          this.#intrusion = playIntrusion(scene('intrusion'), plan.intrusion.at, plan.intrusion.span)
          write()
        }
      }
      const pieces = waiting.get(current) ?? []
      waiting.delete(current)
      yield pieces.sort((a, b) => a.at - b.at).map((piece) => ('kind' in piece ? windows.piece(piece) : piece))
      breath = performance.now()
    }
  }
}
