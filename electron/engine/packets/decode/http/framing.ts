/** Where an HTTP/1 message ends (RFC 9112, section 6.3). */
import { isWord } from '../bytes-text.ts'
import { walkChunks, type ChunkWalk } from './body.ts'
import { HttpHead } from './head.ts'
import type { Waiting } from './message.ts'

/** A chunked body that is longer than this is handed on in pieces: nobody knows how long it will be. */
const PIECE = 24 << 10

/** A chunked body that is on its way. */
export interface Chunked {
  readonly walk: ChunkWalk
  /** Its head and a little of the body, copied; set when its first piece is read. */
  head: Uint8Array | null
  /** Its request; set when the head is told. */
  of: Waiting | null
  told: boolean
  /** Seconds of its first piece, and bytes of those behind it. */
  since: number
  passed: number
  /** Raw bytes of the body so far, where objects are wanted. */
  readonly pieces: Uint8Array[]
  held: number
}

export interface HttpFlow {
  /** Requests without a response, oldest first. */
  readonly waiting: Waiting[]
  /** Of each direction: a chunked body that is read piece by piece. */
  readonly chunked: [Chunked | null, Chunked | null]
  /** One that ended in a gap, and of which nothing was told. */
  lost: Chunked | null
  /** What `length` measured last of each direction: a whole message, the first piece of one, one in the middle, the last. */
  readonly piece: ['whole' | 'first' | 'middle' | 'last', 'whole' | 'first' | 'middle' | 'last']
  /** How far a chunked body was walked that comes again, longer. */
  readonly resume: [Resume | null, Resume | null]
}
interface Resume {
  readonly walk: ChunkWalk
  readonly head: number
}

export const beginHttp = (): HttpFlow => ({
  waiting: [],
  chunked: [null, null],
  lost: null,
  piece: ['whole', 'whole'],
  resume: [null, null],
})

/** One for all flows: what it holds is good until the next head is read. */
export const head = new HttpHead()
/** True where `head` holds what was measured last. */
export const fresh = { value: false }

export function httpLength(data: Uint8Array, from: number, to: number, direction: 0 | 1, flow: HttpFlow): number {
  const going = flow.chunked[direction]
  if (going !== null) {
    const length = pieceLength(data, from, to, direction, flow, going)
    if (length >= 0) return length
    // Bytes are missing: what comes may be the next message.
    flow.chunked[direction] = null
    if (!going.told) flow.lost = going
  }
  flow.piece[direction] = 'whole'
  fresh.value = false
  const end = head.read(data, from, to)
  if (end <= 0) return end
  fresh.value = true
  const headLength = end - from
  if (head.chunked && mayHaveBody(flow)) return chunkedLength(data, from, end, to, direction, flow)
  flow.resume[direction] = null
  return headLength + bodyLength(flow)
}

/** Of the message whose head was read, where it is not chunked; Infinity where its end is the connection's. */
function bodyLength(flow: HttpFlow): number {
  if (head.request) return isRpc() ? 0 : Math.max(0, head.contentLength)
  if (!mayHaveBody(flow)) return 0
  return head.contentLength >= 0 ? head.contentLength : Infinity
}

/** RPC over HTTP states the length of all it will ever send; what follows its head is RPC. */
const isRpc = (): boolean => head.data !== null && isWord(head.data, head.firstAt, head.firstEnd, 'RPC_')

function mayHaveBody({ waiting }: HttpFlow): boolean {
  if (head.request) return true
  const { code } = head
  if (code < 200 || code === 204 || code === 304) return false
  const method = waiting[0]?.method
  return method !== 'HEAD' && !(method === 'CONNECT' && code < 300)
}

function chunkedLength(data: Uint8Array, from: number, body: number, to: number, direction: 0 | 1, flow: HttpFlow): number {
  const before = flow.resume[direction]
  // The same message, longer; a gap may have put another in its place.
  const walk =
    before !== null && before.head === body - from && body + before.walk.at <= to ? before.walk : { at: 0, last: false }
  const end = walkChunks(data, body, to, walk)
  flow.resume[direction] = null
  if (end > 0) return end - from
  if (end === 0 && to - from < PIECE) {
    flow.resume[direction] = { walk, head: body - from }
    return 0
  }
  // Not chunks, whatever the head says: as much as is there.
  if (end < 0) return to - from
  const stop = Math.min(to, body + walk.at)
  walk.at -= stop - body
  flow.chunked[direction] = { walk, head: null, of: null, told: false, since: 0, passed: 0, pieces: [], held: 0 }
  flow.piece[direction] = 'first'
  return stop - from
}

function pieceLength(data: Uint8Array, from: number, to: number, direction: 0 | 1, flow: HttpFlow, going: Chunked): number {
  const end = walkChunks(data, from, to, going.walk)
  if (end < 0) return -1
  if (end > 0) {
    flow.piece[direction] = 'last'
    return end - from
  }
  const stop = Math.min(to, from + going.walk.at)
  if (stop === from) return 0
  going.walk.at -= stop - from
  flow.piece[direction] = 'middle'
  return stop - from
}
