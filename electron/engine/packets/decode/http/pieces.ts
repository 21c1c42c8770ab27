/**
 * A chunked body that is read piece by piece. What its head says is told with its last piece, as Wireshark does; earlier where it
 * goes on for long, as answers do that are a stream of news.
 */
import { HttpHead } from './head.ts'
import { readBody, readHead, readObject } from './message.ts'
import { Unplaced } from './unplaced.ts'
import type { Facts, Message } from '../define.ts'
import type { Chunked, HttpFlow } from './framing.ts'

/** Raw bytes of one body that are held for its object. */
const MOST_HELD = 64 << 20
/** Bytes and seconds after which the head is told, though the body goes on. */
const LONG_BYTES = 1 << 20
const LONG_SECONDS = 10
/** Bytes of the body that tell what it is. */
const BEGINNING = 64

/** The first piece, with its head. */
export function firstPiece(m: Message, head: HttpHead, going: Chunked, wantsObjects: boolean): void {
  const { data, from, to, seconds } = m
  going.head = data.slice(from, Math.min(to, head.end + BEGINNING))
  going.since = seconds
  if (!wantsObjects) return
  going.pieces.push(data.slice(head.end, to))
  going.held = to - head.end
}

/** Another piece. */
export function nextPiece(m: Message, flow: HttpFlow, going: Chunked, last: boolean, out: Facts): void {
  const { data, from, to, seconds, direction } = m
  going.passed += to - from
  if (out.wantsObjects && going.held + to - from <= MOST_HELD) {
    going.pieces.push(data.slice(from, to))
    going.held += to - from
  }
  if (!going.told && (last || going.passed > LONG_BYTES || seconds - going.since > LONG_SECONDS)) tell(flow, going, out)
  else if (last) out.layer('http')
  if (!last) return
  flow.chunked[direction] = null
  if (!out.wantsObjects || going.head === null || going.of === null) return
  const head = new HttpHead()
  head.read(going.head, 0, going.head.length)
  readObject(
    head,
    going.head,
    Buffer.concat(going.pieces),
    going.held === going.passed + (going.pieces[0]?.length ?? 0),
    going.of,
    out,
  )
}

/** What the head says. */
export function tell(flow: HttpFlow, going: Chunked, out: Facts): void {
  const { head: kept } = going
  going.told = true
  if (kept === null) return
  const unplaced = new Unplaced(out)
  const head = new HttpHead()
  if (head.read(kept, 0, kept.length) <= 0) return
  going.of = readHead(head, kept, flow.waiting, unplaced)
  readBody(head, kept, head.end, kept.length, unplaced)
}
