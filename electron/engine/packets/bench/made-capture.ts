/** A small capture with conversations of several kinds, for tests of what is asked of one; what it holds is known without reading it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { everyMs, MadeConversation, madeDatagram, madePcapng, type MadeEnds, type MadePacket } from '../capture/made-packets.ts'
import { dnsAnswer, dnsQuestion } from '../events/made-capture.ts'
import { captureHandlers, type CallName, type CaptureCalls } from './capture-calls.ts'
import { OpenCapture } from './open-capture.ts'
import type { Result } from '../../../../shared/model/result.ts'

/** A packet, and which of the flows below it is of; -1 where of none. */
export interface KnownPacket extends MadePacket {
  readonly flow: number
  readonly by: 0 | 1
}

export const FLOWS: readonly (MadeEnds & { readonly transport: 'tcp' | 'udp'; readonly app: string })[] = [
  { client: 1, server: 53, clientPort: 40_000, serverPort: 53, transport: 'udp', app: 'dns' },
  { client: 1, server: 10, clientPort: 50_001, serverPort: 80, transport: 'tcp', app: 'http' },
  { client: 2, server: 10, clientPort: 50_002, serverPort: 80, transport: 'tcp', app: 'http' },
  { client: 3, server: 53, clientPort: 40_001, serverPort: 53, transport: 'udp', app: 'dns' },
  { client: 2, server: 20, clientPort: 50_003, serverPort: 9999, transport: 'tcp', app: '' },
]
const PAGE = `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 24\r\n\r\n<html>Grüße, alle</html>`
export const REQUEST = 'GET /first HTTP/1.1\r\nHost: www.example.com\r\n\r\n'

function laid(): KnownPacket[] {
  const packets: { bytes: Buffer; flow: number; by: 0 | 1 }[] = []
  const add = (flow: number, ...list: (readonly [0 | 1, Buffer])[]): void => {
    for (const [by, bytes] of list) packets.push({ bytes, flow, by })
  }
  const shake = (flow: number, of: MadeConversation): void => {
    const [a, b, c] = of.open()
    add(flow, [0, a!], [1, b!], [0, c!])
  }
  const end = (flow: number, of: MadeConversation): void => {
    const [a, b, c] = of.close()
    add(flow, [0, a!], [1, b!], [0, c!])
  }
  const [dns, first, second, other, bulk] = FLOWS
  add(0, [0, madeDatagram(0, dnsQuestion(1, 'www.example.com'), dns)])
  add(0, [1, madeDatagram(1, dnsAnswer(1, 'www.example.com', 10), dns)])
  const one = new MadeConversation(first)
  shake(1, one)
  add(1, [0, one.send(0, REQUEST)])
  const two = new MadeConversation(second)
  shake(2, two)
  add(1, [1, one.send(1, PAGE)])
  add(2, [0, two.send(0, 'GET /second HTTP/1.1\r\nHost: other.example.com\r\n\r\n')])
  add(3, [0, madeDatagram(0, dnsQuestion(2, 'no.example.com'), other)])
  add(2, [1, two.send(1, 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n')])
  end(1, one)
  const three = new MadeConversation(bulk)
  shake(4, three)
  add(4, [0, three.send(0, Buffer.from('deadbeef00ff', 'hex'))])
  add(4, [1, three.send(1, 'one ')])
  three.lose(1, 5)
  add(4, [1, three.send(1, 'three')])
  end(4, three)
  // Nothing that has addresses of IP.
  packets.push({ bytes: Buffer.from('ffffffffffff0200000000010806000108000604000102000000000100000000000000000000c0000201', 'hex'), flow: -1, by: 0 }) // prettier-ignore
  return everyMs(250, packets.map(({ bytes }) => bytes)).map((packet, i) => ({ ...packet, flow: packets[i]!.flow, by: packets[i]!.by })) // prettier-ignore
}
export const PACKETS = laid()

export interface Asker {
  readonly capture: OpenCapture
  call<N extends CallName>(name: N, input: CaptureCalls[N][0]): Promise<Result<CaptureCalls[N][1]>>
  /** Its value; throws where it is none. */
  ask<N extends CallName>(name: N, input: CaptureCalls[N][0]): Promise<CaptureCalls[N][1]>
  /** A view of the packets that a filter lets through. */
  filter(filter: string): Promise<number>
}

export class MadeFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'watchfloor-bench-'))
  #files = 0

  write(bytes: Uint8Array, name = `made-${++this.#files}.pcapng`): string {
    const path = join(this.path, name)
    writeFileSync(path, bytes)
    return path
  }
  folder(name: string): string {
    const path = join(this.path, name)
    mkdirSync(path, { recursive: true })
    return path
  }
  remove(): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}

export function asker(capture: OpenCapture): Asker {
  const handlers = captureHandlers(capture)
  const call: Asker['call'] = async (name, input) => handlers[name](input, () => undefined, new AbortController().signal)
  const ask: Asker['ask'] = async (name, input) => {
    const result = await call(name, input)
    if (!result.ok) throw new Error(`${name}: ${result.error.message}`)
    return result.value
  }
  return {
    capture,
    call,
    ask,
    filter: async (filter) => (await ask('filter', { filter, span: { from: null, to: null }, dissected: [] })).view,
  }
}

/** Opened and read. */
export async function opened(index: string, paths: readonly string[]): Promise<Asker> {
  const capture = await OpenCapture.open('0'.repeat(32), index, paths, () => undefined)
  if (!capture.ok) throw new Error(capture.error.message)
  await capture.value.read()
  return asker(capture.value)
}

export const knownCapture = (): Uint8Array => madePcapng(PACKETS)
