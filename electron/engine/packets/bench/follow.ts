/** A flow's bytes in order, read from its packets; see flows/stream-assembler.ts. */
import { createHash } from 'node:crypto'
import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import type { StreamPiece } from '../../../../shared/model/capture.ts'
import { StreamAssembler, type StreamSink } from '../flows/stream-assembler.ts'
import { CHUNK, SIGN } from '../index/columns.ts'
import type { OpenCapture } from './open-capture.ts'
import { packetsOfFlow } from './packets-of-flow.ts'

type Piece = (direction: 0 | 1, packet: number, bytes: Uint8Array | null, missing: number) => boolean
const ACK = 16
const SYN = 2
const FIN = 1
const RST = 4

/** Calls `piece` for each stretch of bytes (packet: index from 0), until it gives false. False where it was aborted. */
async function eachPiece(capture: OpenCapture, flow: number, piece: Piece, signal: AbortSignal): Promise<boolean> {
  const { index, rows } = capture
  let go = true
  const sinkOf = (direction: 0 | 1): StreamSink => ({
    bytes: (data, _, from, to, packet) => {
      go = go && piece(direction, packet, data.subarray(from, to), 0)
    },
    gap: (missing, _, packet) => {
      go = go && piece(direction, packet, null, missing)
    },
    end: () => undefined,
  })
  const streams = [new StreamAssembler(sinkOf(0)), new StreamAssembler(sinkOf(1))] as const
  let turn = performance.now()
  for (const packet of packetsOfFlow(index, flow)) {
    if (!go) return true
    const p = rows.decoded(packet)
    const chunk = index.columns.chunk(Math.floor(packet / CHUNK))
    const direction = chunk.signs[packet % CHUNK]! & SIGN.fromServer ? 1 : 0
    if (p.payloadAt >= 0) {
      const to = p.payloadAt + p.payloadLength
      if (p.transport !== 6) {
        if (p.payloadLength > 0) go = piece(direction, packet, p.data.subarray(p.payloadAt, to), 0)
        if (p.payloadStated > p.payloadLength) go = go && piece(direction, packet, null, p.payloadStated - p.payloadLength)
      } else {
        const own = streams[direction]
        const other = streams[direction === 0 ? 1 : 0]
        const seq = p.flags & SYN ? (p.seq + 1) >>> 0 : p.seq
        if (p.flags & SYN) own.begin(seq)
        if (p.flags & ACK) other.acknowledge(p.ack)
        own.add(seq, p.data, p.view, p.payloadAt, to, p.payloadStated, packet, p.seconds)
        if (p.flags & FIN) own.fin(seq, p.payloadStated, packet, p.seconds)
        if (p.flags & RST) for (const one of streams) one.reset(packet, p.seconds)
      }
    }
    if (performance.now() - turn > 15) {
      await new Promise((resolve) => setImmediate(resolve))
      if (signal.aborted) return false
      turn = performance.now()
    }
  }
  for (const one of streams) one.flush()
  return true
}

export interface FollowedPart {
  readonly client: string
  readonly server: string
  readonly pieces: StreamPiece[]
  readonly clientBytes: number
  readonly serverBytes: number
  readonly next: number | null
}

/** Bytes `from` to `from + most` of both directions together, in order of time. Null where it was aborted. */
export async function followFlow(
  capture: OpenCapture,
  flow: number,
  from: number,
  most: number,
  signal: AbortSignal,
): Promise<FollowedPart | null> {
  const row = capture.flow(flow)
  const pieces: StreamPiece[] = []
  const bytesOf: [number, number] = [0, 0]
  let position = 0
  const end = from + most
  let gathered: { direction: 0 | 1; packet: number; parts: Uint8Array[] } | null = null
  const put = (): void => {
    if (gathered !== null)
      pieces.push({
        direction: gathered.direction,
        packet: gathered.packet + 1,
        bytes: Buffer.concat(gathered.parts).toString('base64'),
        missing: 0,
      })
    gathered = null
  }
  const whole = await eachPiece(
    capture,
    flow,
    (direction, packet, bytes, missing) => {
      if (bytes === null) {
        if (position >= from && position < end) {
          put()
          pieces.push({ direction, packet: packet + 1, bytes: '', missing })
        }
        return true
      }
      bytesOf[direction] += bytes.length
      const begin = Math.max(0, from - position)
      const stop = Math.min(bytes.length, end - position)
      position += bytes.length
      if (begin >= stop) return true
      const part = bytes.slice(begin, stop)
      put()
      gathered = { direction, packet, parts: [part] }
      return true
    },
    signal,
  )
  if (!whole) return null
  put()
  const text = (endpoint: { ip: string; port: number | null } | undefined): string =>
    endpoint === undefined
      ? ''
      : endpoint.port === null
        ? endpoint.ip
        : endpoint.ip.includes(':')
          ? `[${endpoint.ip}]:${endpoint.port}`
          : `${endpoint.ip}:${endpoint.port}`
  return {
    client: text(row?.client),
    server: text(row?.server),
    pieces,
    clientBytes: bytesOf[0],
    serverBytes: bytesOf[1],
    next: position > end ? end : null,
  }
}

/** Writes one direction, or both in order, to `path`. Null where it was aborted. Throws the file system's error. */
export async function streamBytes(
  capture: OpenCapture,
  flow: number,
  direction: 0 | 1 | null,
  path: string,
  signal: AbortSignal,
): Promise<{ path: string; bytes: number; sha256: string } | null> {
  const part = `${path}.part`
  const fd = openSync(part, 'wx', 0o600)
  const hash = createHash('sha256')
  let written = 0
  let whole = false
  try {
    whole = await eachPiece(
      capture,
      flow,
      (from, _, bytes) => {
        if (bytes === null || (direction !== null && from !== direction)) return true
        hash.update(bytes)
        for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at)
        written += bytes.length
        return true
      },
      signal,
    )
  } finally {
    closeSync(fd)
    if (!whole) rmSync(part, { force: true })
  }
  if (!whole) return null
  renameSync(part, path)
  return { path, bytes: written, sha256: hash.digest('hex') }
}
