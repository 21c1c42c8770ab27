/** A flow's bytes in order, in parts and into a file; see facts/follow-flow.ts. */
import { createHash } from 'node:crypto'
import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import type { StreamPiece } from '../../../../shared/model/capture.ts'
import { followFlow, type FlowPacket } from '../facts/follow-flow.ts'
import { flowPacket } from './flow-packet.ts'
import type { OpenCapture } from './open-capture.ts'
import { packetsOfFlow } from './packets-of-flow.ts'

/** Milliseconds of work between two looks at what else there is to do. */
const SLICE = 15

/** The packets of a flow, with their payload. Ends early where it is aborted. */
async function* payloads(capture: OpenCapture, flow: number, signal: AbortSignal): AsyncGenerator<FlowPacket> {
  let turn = performance.now()
  for (const packet of packetsOfFlow(capture.index, flow)) {
    const found = flowPacket(capture, packet)
    if (found !== null) yield found
    if (performance.now() - turn < SLICE) continue
    await new Promise((resolve) => setImmediate(resolve))
    if (signal.aborted) return
    turn = performance.now()
  }
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
export async function followPart(
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
  for await (const { direction, packet, bytes, missing } of followFlow(
    payloads(capture, flow, signal),
    row?.transport === 'tcp' ? 'tcp' : 'udp',
  )) {
    if (missing > 0) {
      if (position >= from && position < end) pieces.push({ direction, packet, bytes: '', missing })
      continue
    }
    bytesOf[direction] += bytes.length
    const begin = Math.max(0, from - position)
    const stop = Math.min(bytes.length, end - position)
    position += bytes.length
    if (begin < stop)
      pieces.push({ direction, packet, bytes: Buffer.from(bytes.subarray(begin, stop)).toString('base64'), missing: 0 })
  }
  if (signal.aborted) return null
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
    const transport = capture.flow(flow)?.transport === 'tcp' ? 'tcp' : 'udp'
    for await (const piece of followFlow(payloads(capture, flow, signal), transport)) {
      if (direction !== null && piece.direction !== direction) continue
      hash.update(piece.bytes)
      for (let at = 0; at < piece.bytes.length;) at += writeSync(fd, piece.bytes, at)
      written += piece.bytes.length
    }
    whole = !signal.aborted
  } finally {
    closeSync(fd)
    if (!whole) rmSync(part, { force: true })
  }
  if (!whole) return null
  renameSync(part, path)
  return { path, bytes: written, sha256: hash.digest('hex') }
}
