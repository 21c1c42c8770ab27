/**
 * What was transferred in a capture: put together from its flows by the decoders, hashed, and laid beside the index below neutral
 * names. Nothing is opened and nothing can be executed; names that were sent are shown only.
 */
import { createHash } from 'node:crypto'
import { constants, copyFileSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ExportObject } from '../../../../shared/model/capture.ts'
import { decodeHeaders } from '../decode/decode.ts'
import { Fragments } from '../decode/fragments.ts'
import { Packet } from '../decode/packet.ts'
import { dispatch, protocolNumber } from '../decode/registry.ts'
import { MessageReader } from '../facts/message-reader.ts'
import { CHUNK, SIGN } from '../index/columns.ts'
import type { OpenCapture } from '../bench/open-capture.ts'
import { packetsOfFlow } from '../bench/packets-of-flow.ts'

const MOST_OBJECTS = 20_000
const MOST_BYTES = 4 * 1024 ** 3
/** Protocols whose flows carry objects. */
const CARRIERS = ['http', 'smb', 'smb2', 'tftp', 'ftp', 'ftp-data', 'smtp', 'imf', 'pop', 'imap']

export interface FoundObjects {
  readonly objects: ExportObject[]
  /** There were more than are kept. */
  readonly truncated: boolean
}

/** Flows that may carry objects, by number. */
function carriers({ index: { columns, stacks, flows } }: OpenCapture): Uint8Array {
  const of = new Uint8Array(65_536)
  for (const name of CARRIERS) {
    const number = protocolNumber(name)
    if (number < 0) continue
    for (const [stack, has] of stacks.containing(number).entries()) if (has === 1) of[stack] = 1
  }
  const found = new Uint8Array(flows.length)
  for (let chunk = 0; chunk < columns.chunks; chunk++) {
    const stack = columns.column(chunk, 'stack')
    const flow = columns.column(chunk, 'flow')
    const length = columns.lengthOf(chunk)
    for (let row = 0; row < length; row++) if (of[stack[row]!] === 1 && flow[row]! > 0) found[flow[row]! - 1] = 1
  }
  return found
}

/** Packets of flows that may carry objects, in order. */
function* packetsOfCarriers(capture: OpenCapture): Generator<number> {
  const { columns } = capture.index
  const wanted = carriers(capture)
  const flows = new Uint32Array(CHUNK)
  for (let chunk = 0; chunk < columns.chunks; chunk++) {
    // A copy: the column's array is used again while the caller does other things.
    flows.set(columns.column(chunk, 'flow'))
    const length = columns.lengthOf(chunk)
    for (let row = 0; row < length; row++) if (flows[row]! > 0 && wanted[flows[row]! - 1] === 1) yield chunk * CHUNK + row
  }
}

/** Of one flow, or of all. Aborted, it gives what was found so far. */
export async function findObjects(
  capture: OpenCapture,
  only: number | null,
  progress: (scanned: number, found: number) => void,
  signal: AbortSignal,
): Promise<FoundObjects> {
  const { index } = capture
  const { columns } = index
  const folder = join(capture.folder, 'objects')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const objects: ExportObject[] = []
  const state = { bytes: 0, truncated: false }
  const reader = new MessageReader(
    ({ packet, flow, objects: found }) => {
      for (const { kind, host, name, type, bytes: content, complete } of found) {
        if (objects.length >= MOST_OBJECTS || state.bytes + content.length > MOST_BYTES) {
          state.truncated = true
          return
        }
        const sha256 = createHash('sha256').update(content).digest('hex')
        const file = join(folder, sha256)
        if (!existsSync(file)) {
          // What is there is taken for whole, also after the program was killed.
          writeFileSync(`${file}.part`, content, { mode: 0o600 })
          renameSync(`${file}.part`, file)
          state.bytes += content.length
        }
        objects.push({
          id: `${packet + 1}-${objects.length}-${sha256.slice(0, 16)}`,
          kind,
          packet: packet + 1,
          flow: flow < 0 ? null : flow,
          host: host.slice(0, 256),
          name: name.slice(0, 1024),
          type: type.slice(0, 128),
          size: content.length,
          sha256,
          complete,
        })
      }
    },
    { wantsObjects: true },
  )
  const p = new Packet(dispatch, new Fragments())
  let told = performance.now()
  for (const packet of only === null ? packetsOfCarriers(capture) : packetsOfFlow(index, only)) {
    if (state.truncated) break
    const chunk = columns.chunk(Math.floor(packet / CHUNK))
    const row = packet % CHUNK
    const data = capture.bytes.read(packet)
    p.seconds = chunk.seconds[row]!
    p.nanos = chunk.nanos[row]!
    const linkType = index.known.interfaces[chunk.iface[row]!]?.linkType ?? 0xffff
    p.begin(data, new DataView(data.buffer, data.byteOffset, data.length), 0, data.length, chunk.wire[row]!, linkType)
    decodeHeaders(p)
    reader.read(p, packet, chunk.flow[row]! - 1, chunk.signs[row]! & SIGN.fromServer ? 1 : 0)
    if (performance.now() - told > 20) {
      if (signal.aborted) return { objects, truncated: true }
      progress(packet, objects.length)
      await new Promise((resolve) => setImmediate(resolve))
      told = performance.now()
    }
  }
  reader.end()
  return { objects, truncated: state.truncated }
}

/** Copies objects to a folder, below names made of the packet and the hash. Throws the file system's error. */
export function saveObjects(
  capture: OpenCapture,
  objects: readonly ExportObject[],
  folder: string,
): { id: string; path: string; sha256: string; size: number }[] {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return objects.map(({ id, packet, sha256, size, kind }) => {
    const path = join(folder, `packet-${packet}-${kind}-${sha256.slice(0, 16)}.bin`)
    // Nobody sees half an object; a link that lies there is replaced, not followed.
    const part = `${path}.part`
    rmSync(part, { force: true })
    copyFileSync(join(capture.folder, 'objects', sha256), part, constants.COPYFILE_EXCL)
    renameSync(part, path)
    return { id, path, sha256, size }
  })
}
