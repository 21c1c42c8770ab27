/** What can be asked of a capture's thread, and the answers. Packets are numbers from 1 here, as in the contract. */
import type { z } from 'zod'
import { readFileSync, statSync } from 'node:fs'
import type { Capture, ExportObject, Flow, PacketRow } from '../../../../shared/model/capture.ts'
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import type { packetContract } from '../../../../shared/packet-contract.ts'
import { reasonOf } from '../../ingest/read-problem.ts'
import { carve, type Carved } from '../carve/carve.ts'
import { chosenPackets, wordsFor, type Choice } from '../carve/choice.ts'
import type { PacketContext } from '../dissect/requests.ts'
import type { SlicePacket } from '../dissect/slice.ts'
import { followPart, streamBytes } from './follow.ts'
import { CHUNK } from '../index/columns.ts'
import { flowOctets, type PlacedBytes } from './flow-octets.ts'
import { findObjects, saveObjects } from '../objects/find-objects.ts'
import type { Conversation } from './flow-of.ts'
import type { ConversationsAsked } from './conversations.ts'
import { FilterTask, type DecidedAsked, type FilterAsked, type FilterDone, type UndecidedStretch } from './filter-task.ts'
import { findPacket, type FindAsked, type FoundPacket } from './find-packet.ts'
import type { Located, LocateAsked } from './locate-flow.ts'
import type { OpenCapture } from './open-capture.ts'
import { flowSlice, neighbourhood, slicePacket } from './slices.ts'
import { endpoints, type Endpoints } from './endpoints.ts'
import { graph, hierarchy, type Graph, type HierarchyRow } from './statistics.ts'
import type { Sequence } from './sequence.ts'

type Contract = typeof packetContract
type Output<N extends keyof Contract> = Contract[N] extends { output: infer O extends z.ZodType } ? z.input<O> : never

/** A key log is text; a larger file is none. */
const MOST_KEY_LOG = 64 << 20
/** What the dissectors are given of a flow to follow. */
const MOST_FOLLOWED = 256 << 20

export interface CaptureCalls {
  summary: [object, Capture]
  stop: [object, Capture]
  keys: [{ path: string | null }, Capture]
  rows: [{ view: number | null; from: number; count: number; fields: readonly string[] }, { rows: PacketRow[]; total: number }]
  place: [{ view: number | null; packet: number }, Output<'packets.place'>]
  at: [{ seconds: number }, Output<'packets.at'>]
  bytes: [{ packet: number }, Output<'packets.bytes'>]
  mark: [{ packets: readonly number[]; marked: boolean }, Output<'packets.mark'>]
  nextMark: [{ after: number; backwards: boolean }, Output<'packets.nextMark'>]
  comment: [{ packet: number; text: string }, object]
  flow: [{ packet: number | null; flow: number | null }, Flow]
  conversations: [ConversationsAsked & { view: number | null }, { flows: Conversation[]; total: number }]
  endpoints: [{ view: number | null; ports: boolean; limit: number }, Endpoints]
  hierarchy: [{ view: number | null }, { protocols: HierarchyRow[]; packets: number; bytes: number }]
  graph: [{ view: number | null; span: { from: number | null; to: number | null }; slots: number }, Graph]
  sequence: [{ view: number | null; flow: number | null; limit: number }, Sequence]
  follow: [{ flow: number; from: number; bytes: number }, Output<'packets.follow'>]
  /** Up to `most` bytes of each direction, with the packets that carried them. */
  octets: [{ flow: number; most: number }, { sent: PlacedBytes; answered: PlacedBytes; flow: Flow }]
  saveStream: [{ flow: number; direction: 0 | 1 | null; path: string }, Output<'packets.saveStream'>]
  /** The next packet of a view behind `after`, or before it, that is in the view `within` too. */
  nextOf: [{ view: number; within: number | null; after: number; backwards: boolean }, { packet: number | null }]
  secrets: [object, { secrets: string | null }]
  find: [FindAsked & { view: number | null }, FoundPacket]
  filter: [FilterAsked, FilterDone]
  /** The next packets that the index could not decide, after the packet `after`; null at the end. */
  undecided: [{ view: number; after: number; most: number }, UndecidedStretch | null]
  /** What the full dissection says of them. */
  decided: [DecidedAsked, { matched: number }]
  objects: [{ flow: number | null }, { objects: ExportObject[]; truncated: boolean }]
  /** One that was listed. */
  object: [{ id: string }, ExportObject]
  saveObjects: [{ ids: readonly string[]; folder: string }, Output<'packets.saveObjects'>['files']]
  /** `most`: bytes, null for all. */
  carve: [Choice & { path: string; most?: number | null }, Carved]
  neighbourhood: [{ packet: number }, { packets: SlicePacket[]; context: PacketContext; secrets: string | null }]
  flowPackets: [{ flow: number }, { packets: SlicePacket[]; truncated: boolean; secrets: string | null }]
  /** Where packets of a flow are: for the way from an alert. */
  locate: [LocateAsked, Located[]]
  /** Flows of the capture between these hosts. */
  flowOfPacket: [{ packet: number }, { flow: Flow | null; seconds: number | null }]
}
export type CallName = keyof CaptureCalls

export type Progress = (value: unknown) => void
type Handler<N extends CallName> = (
  input: CaptureCalls[N][0],
  progress: Progress,
  signal: AbortSignal,
) => Promise<Result<CaptureCalls[N][1]>> | Result<CaptureCalls[N][1]>

const missing = (message: string): Result<never> => fail({ code: 'not_found', message })
const cancelled: Result<never> = fail({ code: 'cancelled', message: 'Cancelled.' })

/** Objects that can be saved without being listed again: several lists of the largest size. */
const MOST_LISTED = 100_000

/** Why something could not be written. */
function unwritten(error: unknown, path?: string): Result<never> {
  if (error instanceof Error && 'code' in error && error.code === 'ENOSPC')
    return fail({ code: 'disk_full', message: 'There is no room on the disk.' })
  return fail({ code: 'invalid_input', message: reasonOf(error), ...(path === undefined ? {} : { path }) })
}

export function captureHandlers(capture: OpenCapture): { readonly [N in CallName]: Handler<N> } {
  const { index } = capture
  const filters = new FilterTask(capture)
  /** Objects that were told of, by id, the newest last: a search of one flow must not make those of all unknown. */
  const objects = new Map<string, ExportObject>()
  const exists = (packet: number): boolean => packet >= 1 && packet <= index.columns.length
  const noPacket = (packet: number): Result<never> => missing(`There is no packet ${packet}.`)

  return {
    summary: () => ok(capture.summary),
    stop: () => {
      capture.stop()
      return ok(capture.summary)
    },
    keys: ({ path }) => {
      if (path === null) capture.keyLog = null
      else {
        try {
          if (statSync(path).size > MOST_KEY_LOG)
            return fail({ code: 'unsupported_format', message: 'The file is too large for a key log.' })
          const text = readFileSync(path, 'latin1')
          if (!/^[A-Z][A-Z0-9_]+ [0-9A-Fa-f]+ [0-9A-Fa-f]+\s*$/m.test(text))
            return fail({ code: 'unsupported_format', message: 'The file holds no TLS key log.' })
          capture.keyLog = { path, text }
        } catch (error) {
          return fail({ code: 'not_found', message: reasonOf(error) })
        }
      }
      return ok(capture.summary)
    },
    rows: ({ view, from, count, fields }) => {
      const of = capture.view(view)
      return of.ok ? ok(capture.page(of.value, from, count, fields)) : of
    },
    place: ({ view, packet }) => {
      const of = capture.view(view)
      return of.ok ? ok(capture.place(of.value, packet - 1)) : of
    },
    at: ({ seconds }) => {
      const found = capture.at(seconds)
      return ok({ packet: found === null ? null : found + 1 })
    },
    bytes: ({ packet }) => {
      if (!exists(packet)) return noPacket(packet)
      const { bytes, wire } = slicePacket(capture, packet - 1)
      return ok({ bytes: Buffer.from(bytes).toString('base64'), wire })
    },
    mark: ({ packets, marked }) => {
      try {
        if (!capture.annotations.mark(packets.filter(exists), marked))
          return fail({ code: 'conflict', message: 'No more packets can be marked.' })
      } catch (error) {
        return unwritten(error)
      }
      return ok({ marked: capture.annotations.marks.size })
    },
    nextMark: ({ after, backwards }) => ok({ packet: capture.annotations.next(after, backwards) }),
    comment: ({ packet, text }) => {
      if (!exists(packet)) return noPacket(packet)
      try {
        capture.annotations.comment(packet, text)
      } catch (error) {
        return unwritten(error)
      }
      return ok({})
    },
    flow: ({ packet, flow }) => {
      if (packet !== null && !exists(packet)) return noPacket(packet)
      const number = packet === null ? flow : capture.flowNumber(packet - 1)
      const found = number === null ? null : capture.flow(number)
      return found === null ? missing('The packet is of no flow.') : ok(found)
    },
    conversations: async ({ view, ...asked }) => {
      const of = capture.view(view)
      return of.ok ? ok(await capture.list(asked, of.value)) : of
    },
    endpoints: async ({ view, ports, limit }) => {
      const of = capture.view(view)
      return of.ok ? ok(await endpoints(index, of.value, ports, limit)) : of
    },
    hierarchy: async ({ view }) => {
      const of = capture.view(view)
      return of.ok ? ok(await hierarchy(index, of.value)) : of
    },
    graph: async ({ view, span, slots }) => {
      const of = capture.view(view)
      return of.ok ? ok(await graph(index, of.value, span, slots)) : of
    },
    sequence: ({ view, flow, limit }) => {
      const of = capture.view(view)
      return of.ok ? ok(capture.sequence(of.value, flow, limit)) : of
    },
    follow: async ({ flow, from, bytes }, _, signal) => {
      if (capture.flow(flow) === null) return missing(`There is no flow ${flow}.`)
      const found = await followPart(capture, flow, from, bytes, signal)
      return found === null ? cancelled : ok(found)
    },
    octets: async ({ flow, most }, _, signal) => {
      const about = capture.flow(flow)
      if (about === null) return missing(`There is no flow ${flow}.`)
      const found = await flowOctets(capture, flow, most, signal)
      return found === null ? cancelled : ok({ ...found, flow: about })
    },
    saveStream: async ({ flow, direction, path }, _, signal) => {
      if (capture.flow(flow) === null) return missing(`There is no flow ${flow}.`)
      try {
        const saved = await streamBytes(capture, flow, direction, path, signal)
        return saved === null ? cancelled : ok(saved)
      } catch (error) {
        return unwritten(error, 'path')
      }
    },
    find: async ({ view, ...asked }, progress, signal) => {
      const of = capture.view(view)
      if (!of.ok) return of
      const found = await findPacket(capture, of.value, asked, (scanned, total) => progress({ scanned, of: total }), signal)
      if (found === null) return cancelled
      return typeof found === 'string' ? fail({ code: 'invalid_input', message: found, path: 'text' }) : ok(found)
    },
    nextOf: ({ view, within, after, backwards }) => {
      const [found, inside] = [capture.view(view), capture.view(within)]
      if (!found.ok) return found
      if (!inside.ok) return inside
      const of = found.value
      if (of === null) return ok({ packet: null })
      let at = backwards ? (after === 0 ? of.total : of.rank(after - 1)) - 1 : of.rank(after)
      for (; at >= 0 && at < of.total; at += backwards ? -1 : 1) {
        const [packet] = of.packets(at, 1)
        if (packet === undefined) break
        if (inside.value === null || inside.value.has(packet)) return ok({ packet: packet + 1 })
      }
      return ok({ packet: null })
    },
    secrets: () => ok({ secrets: capture.secrets }),
    filter: (asked, progress, signal) => filters.run(asked, progress, signal),
    undecided: ({ view, after, most }) => ok(filters.undecided(view, after, most)),
    decided: (asked, _, signal) => filters.decided(asked, signal),
    objects: async ({ flow }, progress, signal) => {
      const found = await findObjects(
        capture,
        flow,
        (scanned, count) => progress({ scanned, of: index.columns.length, found: count }),
        signal,
      )
      for (const one of found.objects) {
        objects.delete(one.id)
        objects.set(one.id, one)
      }
      for (const id of objects.keys()) {
        if (objects.size <= MOST_LISTED) break
        objects.delete(id)
      }
      return ok(found)
    },
    object: ({ id }) => {
      const found = objects.get(id)
      return found === undefined ? missing('There is no such object: list them again.') : ok(found)
    },
    saveObjects: ({ ids, folder }) => {
      const wanted = new Set(ids)
      const chosen = [...objects.values()].filter(({ id }) => wanted.has(id))
      if (chosen.length === 0) return missing('There are no such objects: list them again.')
      try {
        return ok(saveObjects(capture, chosen, folder))
      } catch (error) {
        return unwritten(error, 'folder')
      }
    },
    carve: async ({ path, most, ...choice }, progress, signal) => {
      const chosen = await chosenPackets(capture, filters, choice, signal)
      if (!chosen.ok) return chosen
      const { view, packets, total } = chosen.value
      try {
        const done = await carve(
          capture,
          packets,
          wordsFor(choice),
          path,
          (written, packet) => progress({ scanned: packet, of: total ?? view?.total ?? index.columns.length, written }),
          signal,
          most ?? Infinity,
        )
        return done === null ? cancelled : ok(done)
      } catch (error) {
        return unwritten(error, 'path')
      }
    },
    neighbourhood: ({ packet }) =>
      exists(packet) ? ok({ ...neighbourhood(capture, packet - 1), secrets: capture.secrets }) : noPacket(packet),
    flowPackets: ({ flow }) => ok({ ...flowSlice(capture, flow, MOST_FOLLOWED), secrets: capture.secrets }),
    locate: async (asked) => {
      // A flow that is not read yet cannot be found.
      await capture.indexed
      return ok(capture.locate(asked))
    },
    flowOfPacket: ({ packet }) => {
      if (!exists(packet)) return noPacket(packet)
      const number = capture.flowNumber(packet - 1)
      const chunk = index.columns.chunk(Math.floor((packet - 1) / CHUNK))
      const row = (packet - 1) % CHUNK
      const seconds = chunk.seconds[row]!
      return ok({
        flow: number === null ? null : capture.flow(number),
        seconds: Number.isNaN(seconds) ? null : seconds + chunk.nanos[row]! / 1e9,
      })
    },
  }
}
