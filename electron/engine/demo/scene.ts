/** What an activity acts with: the world, its own random numbers, and the numbers nobody else may use again. */
import type { Micros } from '../../../shared/model/time.ts'
import type { Fact } from './facts.ts'
import { TcpConversation, type ConnState, type End, type Flow, type Packet, type SignatureHit } from './flow.ts'
import { Random } from './random.ts'
import type { FileObject, Transaction } from './transactions.ts'
import { isInside, type Host, type World } from './world.ts'
import { createHash } from 'node:crypto'

/** Numbers that run on through a whole demonstration. */
export class Counters {
  readonly #ports = new Map<string, number>()
  #queries = 1

  /** Client ports go up, so that no two flows of a day share their five-tuple. */
  port(host: Host): number {
    const [low, high] = host.system === 'windows' ? [49_152, 65_535] : [32_768, 60_999]
    const next = this.#ports.get(host.ip) ?? low + (new Random(`port/${host.ip}`).uint32() % (high - low))
    this.#ports.set(host.ip, next >= high ? low : next + 1)
    return next
  }
  serial(): number {
    return this.#queries++
  }
}

/** A host somewhere on the internet. */
export const outside = (ip: string, name = ip, system: Host['system'] = 'linux'): Host => ({ name, ip, zone: 'outside', system })

export class Scene {
  readonly world: World
  readonly random: Random
  /** Start of the demonstration: certificates and the like are dated by it. */
  readonly start: Micros
  readonly #counters: Counters
  readonly #emit: (fact: Fact) => void

  constructor(world: World, random: Random, start: Micros, counters: Counters, emit: (fact: Fact) => void) {
    this.world = world
    this.random = random
    this.start = start
    this.#counters = counters
    this.#emit = emit
  }

  emit(fact: Fact): void {
    this.#emit(fact)
  }
  port(host: Host): number {
    return this.#counters.port(host)
  }
  serial(): number {
    return this.#counters.serial()
  }
  fileId(): string {
    return `F${this.random.base62(16)}`
  }

  /** Hashes a file that was seen whole. */
  file(bytes: Uint8Array, name: string | null, mime: string): FileObject {
    const hash = (algorithm: string): string => createHash(algorithm).update(bytes).digest('hex')
    return { fuid: this.fileId(), name, mime, size: bytes.length, md5: hash('md5'), sha1: hash('sha1'), sha256: hash('sha256') }
  }
  /** A file that was seen but not hashed. */
  passingFile(size: number, name: string | null, mime: string): FileObject {
    return { fuid: this.fileId(), name, mime, size, md5: null, sha1: null, sha256: null }
  }

  /** Microseconds there and back on either side of the tap, which stands at the inside end of what crosses the border. */
  distance(client: Host, server: Host): { clientSide: number; serverSide: number } {
    const near = (ip: string): number => 90 + (new Random(`near/${ip}`).uint32() % 160)
    const far = (ip: string): number => 6_000 + (new Random(`far/${ip}`).uint32() % 90_000)
    const jitter = (base: number): number => Math.round(base * (0.97 + this.random.float() * 0.12))
    const side = (host: Host): number => jitter(isInside(host.ip) ? near(host.ip) : far(host.ip))
    return { clientSide: side(client), serverSide: side(server) }
  }

  /** A TCP conversation about to begin, and the way to make a flow of it. */
  tcp(client: Host, server: Host, port: number, start: Micros, pace = 14): TcpScene {
    const random = this.random
    const sides = this.distance(client, server)
    const timestamps = client.system !== 'windows' && server.system !== 'windows'
    const conversation = new TcpConversation({ start, ...sides, timestamps, sequence: [random.uint32(), random.uint32()], pace })
    const ends = { client: { ip: client.ip, port: this.port(client) }, server: { ip: server.ip, port } }
    return new TcpScene(this, conversation, ends, sides.clientSide + sides.serverSide, timestamps)
  }

  /** Emits a flow that is no TCP. */
  datagrams(
    transport: 'udp' | 'icmp',
    client: End,
    server: End,
    packets: readonly Packet[],
    app: string | null,
    transactions: readonly Transaction[],
    hits: readonly SignatureHit[] = [],
  ): Flow {
    const state: ConnState = packets.some((packet) => !packet.fromClient) ? 'SF' : 'S0'
    return this.flow({ transport, client, server, rtt: 0, timestamps: false, app, state, packets, transactions, hits })
  }

  flow(facts: Omit<Flow, 'id' | 'uid'>): Flow {
    const id = this.random.int(1_000_000, 2_147_483_647) * 1_048_576 + this.random.int(0, 1_048_575)
    const flow: Flow = { id, uid: `C${this.random.base62(17)}`, ...facts }
    this.emit({ kind: 'flow', flow })
    return flow
  }
}

export class TcpScene {
  readonly say: TcpConversation
  readonly client: End
  readonly server: End
  readonly #scene: Scene
  readonly #rtt: number
  readonly #timestamps: boolean
  readonly transactions: Transaction[] = []
  readonly hits: SignatureHit[] = []

  constructor(scene: Scene, conversation: TcpConversation, ends: { client: End; server: End }, rtt: number, timestamps: boolean) {
    this.#scene = scene
    this.say = conversation
    this.client = ends.client
    this.server = ends.server
    this.#rtt = rtt
    this.#timestamps = timestamps
  }

  /** The conversation is over: its flow is emitted. */
  over(app: string | null, state: ConnState = 'SF'): Flow {
    return this.#scene.flow({
      transport: 'tcp',
      client: this.client,
      server: this.server,
      rtt: this.#rtt,
      timestamps: this.#timestamps,
      app,
      state,
      packets: this.say.done(),
      transactions: this.transactions,
      hits: this.hits,
    })
  }
}
