/**
 * One made case: a stage of its own addresses on which flows, requests and records are laid. What is laid goes into a capture and into
 * the records of a sensor, of firewalls and of hosts, so that all tell the same.
 */
import { gzipSync } from 'node:zlib'
import { madePcap, type MadePacket } from '../../../electron/engine/packets/capture/made-packets.ts'

/** 2026-11-18 08:00 UTC, in milliseconds; every case has ten minutes of its own. */
const FIRST = Date.UTC(2026, 10, 18, 8, 0, 0)
const APART = 600_000

export interface Ends {
  readonly client: string
  readonly clientPort: number
  readonly server: string
  readonly serverPort: number
}
export interface Request {
  readonly method?: string
  readonly url: string
  readonly host?: string
  readonly agent?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly status?: number
  readonly type?: string
  readonly answerHeaders?: Readonly<Record<string, string>>
  readonly answer?: string | Uint8Array
  /** Milliseconds until the answer. */
  readonly takes?: number
  readonly encoding?: 'gzip' | 'chunked'
  /** The server says nothing. */
  readonly unanswered?: boolean
  /** The server resets in place of an answer. */
  readonly reset?: boolean
  /** The sensor raises the alert on it; default true. */
  readonly own?: boolean
  /** Other ends than attacker and target. */
  readonly ends?: Partial<Ends>
  /** The sensor wrote of it and no capture has it. */
  readonly noPackets?: boolean
  readonly at?: number
  /** What the sensor did. */
  readonly action?: 'allowed' | 'blocked'
}

const FIN = 1
const SYN = 2
const RST = 4
const PSH = 8
const ACK = 16

export class Scene {
  readonly attacker: string
  readonly target: string
  readonly host: string
  readonly packets: MadePacket[] = []
  readonly eve: string[] = []
  readonly syslog: string[] = []
  readonly windows: string[] = []
  readonly #sid: number
  readonly #title: string
  readonly #category: string
  readonly #technique: string
  readonly #begin: number
  #now = 0
  #port = 40_000
  #flow: number

  constructor(number: number, sid: number, title: string, category: string, technique: string) {
    this.attacker = `203.0.${112 + Math.floor(number / 250)}.${1 + (number % 250)}`
    this.target = `10.${60 + Math.floor(number / 250)}.${number % 250}.10`
    this.host = `srv-${number}`
    this.#sid = sid
    this.#title = title
    this.#category = category
    this.#technique = technique
    this.#begin = FIRST + number * APART
    this.#flow = number * 1000 + 1
  }

  /** Lets seconds go by. */
  wait(seconds: number): this {
    this.#now += seconds * 1000
    return this
  }
  port(): number {
    return this.#port++
  }

  http(request: Request): this {
    const ends = this.#ends({ serverPort: 80, ...request.ends })
    const {
      method = request.body === undefined ? 'GET' : 'POST',
      url,
      host = 'www.example.com',
      status = 200,
      own = true,
    } = request
    const agent = request.agent ?? 'curl/8.5.0'
    const type = request.type ?? 'text/html; charset=utf-8'
    const head = [
      `${method} ${url} HTTP/1.1`,
      `Host: ${host}`,
      `User-Agent: ${agent}`,
      ...Object.entries(request.headers ?? {}).map(([name, value]) => `${name}: ${value}`),
      ...(request.body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(request.body)}`]),
    ]
    const plain = Buffer.from(request.answer ?? '')
    const body = request.encoding === 'gzip' ? gzipSync(plain) : plain
    const framed = request.encoding === 'chunked' ? chunked(body) : body
    const answerHead = [
      `HTTP/1.1 ${status} Answer`,
      'Server: nginx',
      `Content-Type: ${type}`,
      ...Object.entries(request.answerHeaders ?? {}).map(([name, value]) => `${name}: ${value}`),
      ...(request.encoding === 'gzip' ? ['Content-Encoding: gzip'] : []),
      request.encoding === 'chunked' ? 'Transfer-Encoding: chunked' : `Content-Length: ${framed.length}`,
    ]
    const sent = Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'utf8'), Buffer.from(request.body ?? '')])
    const answered =
      request.unanswered === true || request.reset === true
        ? Buffer.alloc(0)
        : Buffer.concat([Buffer.from(`${answerHead.join('\r\n')}\r\n\r\n`, 'utf8'), framed])
    const known = answered.length > 0
    const flow = this.#flow++
    const asked = this.#now + 2
    const metadata = {
      hostname: host,
      url,
      http_user_agent: agent,
      http_method: method,
      protocol: 'HTTP/1.1',
      ...(known ? { status, length: plain.length, http_content_type: type.split(';')[0] } : {}),
      ...(known && request.answerHeaders?.['Location'] !== undefined ? { redirect: request.answerHeaders['Location'] } : {}),
    }
    this.#lay(ends, [[0, sent], ...(known ? [[1, answered, request.takes ?? 3] as const] : [])], {
      end: request.reset === true ? 'reset' : request.unanswered === true ? 'open' : 'closed',
      hidden: request.noPackets === true,
      flow,
      app: 'http',
    })
    // A sensor writes of a request when its answer is over.
    this.#record(this.#now - 4, flow, ends, 'http', { app_proto: 'http', tx_id: 0, http: metadata })
    if (own) this.alert(ends, { app_proto: 'http', http: metadata }, asked, flow, request.action)
    return this
  }

  /** A conversation of bytes: who speaks (0 the client) and what. */
  talk(
    lines: readonly (readonly [0 | 1, string | Uint8Array, number?])[],
    ends: Partial<Ends> = {},
    {
      end = 'closed',
      app = 'failed',
      own = false,
      hidden = false,
    }: { end?: End; app?: string; own?: boolean; hidden?: boolean } = {},
  ): this {
    const all = this.#ends(ends)
    const flow = this.#flow++
    const at = this.#now
    this.#lay(
      all,
      lines.map(([by, bytes, after]) => [by, Buffer.from(bytes), after ?? 5] as const),
      { end, hidden, flow, app },
    )
    if (own) this.alert(all, { app_proto: app }, at + 2, flow)
    return this
  }
  /** A SYN that nobody answers, or that is answered by a reset. */
  knock(ends: Partial<Ends>, answer: 'none' | 'refused', { own = false }: { own?: boolean } = {}): this {
    const all = this.#ends(ends)
    const flow = this.#flow++
    const at = this.#now
    this.#packet(all, 0, SYN, 1000, 0)
    if (answer === 'refused') this.#packet(all, 1, RST | ACK, 0, 1001)
    this.#now += 10
    const packets = answer === 'refused' ? 1 : 0
    this.#flowRecord(at, flow, all, 'failed', { up: [1, 54], down: [packets, packets * 54] }, answer === 'refused' ? 'closed' : 'new', answer === 'refused' ? '16' : '02') // prettier-ignore
    if (own) this.alert(all, {}, at, flow)
    return this
  }

  /** The sensor's alert. */
  alert(
    ends: Ends,
    more: Readonly<Record<string, unknown>>,
    at = this.#now,
    flow = this.#flow,
    action: 'allowed' | 'blocked' = 'allowed',
    toClient = false,
  ): this {
    this.#record(
      at,
      flow,
      toClient ? { client: ends.server, clientPort: ends.serverPort, server: ends.client, serverPort: ends.clientPort } : ends,
      'alert',
      {
        ...more,
        direction: toClient ? 'to_client' : 'to_server',
        alert: {
          action,
          gid: 1,
          signature_id: this.#sid,
          rev: 1,
          signature: this.#title,
          category: this.#category,
          severity: 1,
          ...(this.#technique === '' ? {} : { metadata: { mitre_technique_id: [this.#technique] } }),
        },
      },
    )
    return this
  }
  /** An EVE record of another kind between two ends. */
  record(type: string, ends: Partial<Ends>, more: Readonly<Record<string, unknown>>): this {
    this.#record(this.#now, this.#flow++, this.#ends(ends), type, more)
    return this
  }

  /** What a program of a host wrote; the target's where no other is named. */
  says(program: string, message: string, host = this.host): this {
    const time = new Date(this.#begin + this.#now).toISOString()
    this.syslog.push(`<86>1 ${time} ${host} ${program} 77 - - ${message}`)
    this.#now += 100
    return this
  }
  /** An event of Windows on the target's host (or another). */
  win(channel: string, id: number, data: Readonly<Record<string, string>>, host = this.host): this {
    const time = new Date(this.#begin + this.#now).toISOString()
    const provider = channel.includes('Sysmon') ? 'Microsoft-Windows-Sysmon' : channel === 'Security' ? 'Microsoft-Windows-Security-Auditing' : channel === 'System' ? 'Service Control Manager' : 'Microsoft-Windows-PowerShell' // prettier-ignore
    this.windows.push(
      JSON.stringify({
        '@timestamp': time,
        message: '',
        event: { code: String(id), kind: 'event', provider },
        host: { name: host, ip: [this.target] },
        winlog: {
          api: 'wineventlog',
          channel,
          computer_name: host,
          event_data: data,
          event_id: String(id),
          provider_name: provider,
          record_id: String(this.#flow++),
        },
        agent: { name: host, type: 'winlogbeat', version: '8.15.0' },
      }),
    )
    this.#now += 100
    return this
  }

  #ends({ client = this.attacker, clientPort, server = this.target, serverPort = 80 }: Partial<Ends>): Ends {
    return { client, clientPort: clientPort ?? this.port(), server, serverPort }
  }
  #record(at: number, flow: number, ends: Ends, type: string, more: Readonly<Record<string, unknown>>): void {
    this.eve.push(
      JSON.stringify({
        timestamp: stamp(this.#begin + at),
        flow_id: flow,
        in_iface: 'dmz0',
        event_type: type,
        src_ip: ends.client,
        src_port: ends.clientPort,
        dest_ip: ends.server,
        dest_port: ends.serverPort,
        proto: 'TCP',
        ...more,
      }),
    )
  }
  #flowRecord(at: number, flow: number, ends: Ends, app: string, { up, down }: Counted, state: string, flags: string): void {
    this.#record(this.#now, flow, ends, 'flow', {
      app_proto: app,
      flow: {
        pkts_toserver: up[0],
        pkts_toclient: down[0],
        bytes_toserver: up[1],
        bytes_toclient: down[1],
        start: stamp(this.#begin + at),
        end: stamp(this.#begin + this.#now),
        age: Math.round((this.#now - at) / 1000),
        state,
        reason: 'timeout',
        alerted: false,
      },
      tcp: { tcp_flags: flags, syn: true, ...(flags === '16' ? { rst: true, ack: true } : flags === '1b' ? { fin: true, ack: true, psh: true } : flags === '1e' ? { rst: true, ack: true, psh: true } : {}), state }, // prettier-ignore
    })
  }

  #lay(
    ends: Ends,
    messages: readonly (readonly [0 | 1, Uint8Array, number?])[],
    { end, hidden, flow, app }: { end: End; hidden: boolean; flow: number; app: string },
  ): void {
    const at = this.#now
    const first = this.packets.length
    const seq: [number, number] = [1000, 5000]
    const counted: { up: [number, number]; down: [number, number] } = { up: [0, 0], down: [0, 0] }
    const add = (by: 0 | 1, flags: number, payload: Uint8Array = new Uint8Array(0)): void => {
      this.#packet(ends, by, flags, seq[by], flags === SYN ? 0 : seq[1 - by]!, payload)
      seq[by] += payload.length + ((flags & (SYN | FIN)) === 0 ? 0 : 1)
      const side = by === 0 ? counted.up : counted.down
      side[0]++
      side[1] += 54 + payload.length
      this.#now += 1
    }
    add(0, SYN)
    add(1, SYN | ACK)
    add(0, ACK)
    for (const [by, bytes, after = 0] of messages) {
      this.#now += after
      for (let from = 0; from < bytes.length; from += 1400) add(by, PSH | ACK, bytes.subarray(from, from + 1400))
    }
    if (end === 'closed') {
      add(0, FIN | ACK)
      add(1, FIN | ACK)
      add(0, ACK)
    } else if (end === 'reset') add(1, RST | ACK)
    if (hidden) this.packets.length = first
    this.#flowRecord(at, flow, ends, app, counted, end === 'open' ? 'established' : 'closed', end === 'closed' ? '1b' : end === 'reset' ? '1e' : '1a') // prettier-ignore
  }
  #packet(ends: Ends, by: 0 | 1, flags: number, seq: number, ack: number, payload: Uint8Array = new Uint8Array(0)): void {
    const ms = this.#begin + this.#now
    this.packets.push({
      seconds: Math.floor(ms / 1000),
      nanos: (ms % 1000) * 1_000_000,
      bytes: segment(ends, by, flags, seq, ack, payload),
    })
  }
}
type End = 'closed' | 'reset' | 'open'
interface Counted {
  readonly up: readonly [number, number]
  readonly down: readonly [number, number]
}

const stamp = (ms: number): string => new Date(ms).toISOString().replace('Z', '000+0000')

function chunked(body: Buffer): Buffer {
  const parts: Buffer[] = []
  for (let at = 0; at < body.length; at += 300) {
    const part = body.subarray(at, at + 300)
    parts.push(Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n'))
  }
  return Buffer.concat([...parts, Buffer.from('0\r\n\r\n')])
}

/** Ethernet, IPv4 and TCP, without checksums. */
function segment({ client, clientPort, server, serverPort }: Ends, by: 0 | 1, flags: number, seq: number, ack: number, payload: Uint8Array): Buffer {
  const packet = Buffer.alloc(54 + payload.length)
  packet.writeUInt16BE(0x0800, 12)
  packet[14] = 0x45
  packet.writeUInt16BE(40 + payload.length, 16)
  packet.writeUInt16BE(0x4000, 20)
  packet[22] = 64
  packet[23] = 6
  const address = (ip: string): number[] => ip.split('.').map(Number)
  packet.set(address(by === 0 ? client : server), 26)
  packet.set(address(by === 0 ? server : client), 30)
  packet.writeUInt16BE(by === 0 ? clientPort : serverPort, 34)
  packet.writeUInt16BE(by === 0 ? serverPort : clientPort, 36)
  packet.writeUInt32BE(seq >>> 0, 38)
  packet.writeUInt32BE(ack >>> 0, 42)
  packet[46] = 0x50
  packet[47] = flags
  packet.writeUInt16BE(64_240, 48)
  packet.set(payload, 54)
  return packet
} // prettier-ignore

/** Files of all scenes, by name. */
export function filesOf(scenes: readonly Scene[]): Readonly<Record<string, string | Uint8Array>> {
  const lines = (of: (scene: Scene) => readonly string[]): string => scenes.flatMap(of).map((line) => `${line}\n`).join('') // prettier-ignore
  return {
    'eve.json': lines(({ eve }) => eve),
    'syslog.log': lines(({ syslog }) => syslog),
    'windows.jsonl': lines(({ windows }) => windows),
    'made.pcap': madePcap(scenes.flatMap(({ packets }) => packets).sort((a, b) => a.seconds - b.seconds || (a.nanos ?? 0) - (b.nanos ?? 0))), // prettier-ignore
  }
}
