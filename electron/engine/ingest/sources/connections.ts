/**
 * Connections that send syslog: each framed on its own, all into one feed. While the feed has no room none is read, so that
 * senders wait. A connection ends when its sender ends it, when a record takes too long to become whole, when nothing comes for
 * very long, or to make room for another.
 */
import type { Server, Socket } from 'node:net'
import { say, type Sentence } from '../../../../shared/model/sentence.ts'
import type { Feed } from '../pipeline.ts'
import type { Arrivals, Sender } from './arrivals.ts'
import { addressText, plainAddress } from './listening.ts'
import type { Notices } from './notices.ts'
import { SyslogFramer } from './syslog-framing.ts'

export interface ConnectionLimits {
  readonly connections: number
  /** A connection that was silent for so long may be ended for a new one, when there are too many. */
  readonly replaceableMs: number
  /** From the first byte of a record to its last. */
  readonly recordMs: number
  readonly silentMs: number
  /** Of all records that are not whole. */
  readonly partialBytes: number
  readonly sweepMs: number
  /** How long senders may send on when the source is closed. */
  readonly partingMs: number
}
const LIMITS: ConnectionLimits = {
  connections: 256,
  replaceableMs: 60_000,
  recordMs: 60_000,
  silentMs: 3_600_000,
  partialBytes: 64 * 1024 * 1024,
  sweepMs: 1000,
  partingMs: 250,
}

interface Connection {
  readonly socket: Socket
  readonly sender: Sender
  readonly framer: SyslogFramer
  /** By `performance.now()`: the last byte, and the first one of the record that is not whole. */
  last: number
  begun: number
  records: number
  /** Why we end it; null while the sender may. */
  cut: Sentence | null
}

export class Connections {
  readonly #arrivals: Arrivals
  readonly #notices: Notices
  readonly #feed: Pick<Feed, 'hasRoom' | 'error' | 'room'>
  readonly #limits: ConnectionLimits
  readonly #open = new Set<Connection>()
  readonly #sweep: NodeJS.Timeout
  #paused = false
  #closing = false
  #refused = 0
  #emptied: (() => void) | null = null

  constructor(
    arrivals: Arrivals,
    feed: Pick<Feed, 'hasRoom' | 'error' | 'room'>,
    notices: Notices,
    limits: Partial<ConnectionLimits> = {},
  ) {
    this.#arrivals = arrivals
    this.#feed = feed
    this.#notices = notices
    this.#limits = { ...LIMITS, ...limits }
    this.#sweep = setInterval(() => this.#look(), this.#limits.sweepMs)
    this.#sweep.unref()
  }

  get count(): number {
    return this.#open.size
  }
  /** Bytes of records that are not whole. */
  get partial(): number {
    let bytes = 0
    for (const { framer } of this.#open) bytes += framer.waiting
    return bytes
  }

  /** Takes a connection over. */
  add(socket: Socket): void {
    // What it says of errors is told by `close`.
    socket.on('error', () => undefined)
    if (this.#closing || !this.#makeRoom()) {
      socket.destroy()
      return
    }
    const origin = addressText(plainAddress(socket.remoteAddress ?? ''), socket.remotePort ?? 0)
    const sender = this.#arrivals.sender(origin)
    const connection: Connection = {
      socket,
      sender,
      last: performance.now(),
      begun: 0,
      records: 0,
      cut: null,
      framer: new SyslogFramer({
        record: (bytes) => {
          connection.records++
          this.#arrivals.add(sender, bytes)
        },
        refused: (record) => {
          connection.records++
          this.#arrivals.refuse(sender, record)
        },
      }),
    }
    this.#open.add(connection)
    socket.setKeepAlive(true, 60_000)
    let ended = false
    socket.on('data', (bytes: Buffer) => this.#data(connection, bytes))
    socket.on('end', () => {
      ended = true
      socket.end()
    })
    socket.on('close', () => {
      connection.framer.end(connection.cut ?? (ended ? null : say('connection_broke')))
      this.#arrivals.leave(sender)
      this.#open.delete(connection)
      if (this.#open.size === 0) this.#emptied?.()
    })
    if (this.#paused) socket.pause()
  }

  /** Looks whether the feed has room; called whenever something was put into it. */
  gate(): void {
    if (this.#feed.error !== null) {
      for (const { socket } of this.#open) socket.destroy()
      return
    }
    if (this.#paused || this.#feed.hasRoom) return
    this.#paused = true
    for (const { socket } of this.#open) socket.pause()
    void this.#feed.room().then(() => {
      this.#paused = false
      const now = performance.now()
      for (const connection of this.#open) {
        // It was not the sender that took so long.
        connection.last = connection.begun = now
        connection.socket.resume()
      }
      this.gate()
    })
  }

  /** Ends all connections, giving senders a moment; what they sent is in the feed when it resolves. */
  async close(): Promise<void> {
    this.#closing = true
    clearInterval(this.#sweep)
    for (const connection of this.#open) {
      // A record that is not whole by then is one that was cut off.
      connection.cut ??= say('source_stopped')
      connection.socket.end()
    }
    if (this.#open.size > 0 && !this.#paused) await this.#empty(this.#limits.partingMs)
    for (const connection of this.#open) this.#end(connection, say('source_stopped'))
    if (this.#open.size > 0) await this.#empty(1000)
    this.#arrivals.flush()
  }

  #empty(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#emptied = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  #data(connection: Connection, bytes: Buffer): void {
    const { framer, records } = connection
    const wasOpen = framer.open
    framer.push(bytes)
    connection.last = performance.now()
    if (!wasOpen || connection.records > records) connection.begun = connection.last
    this.gate()
  }

  #end(connection: Connection, reason: Sentence): void {
    connection.cut ??= reason
    connection.socket.destroy()
  }

  /** Room for one more connection, if need be that of one which was silent for long. */
  #makeRoom(): boolean {
    const { connections, replaceableMs } = this.#limits
    if (this.#open.size < connections) return true
    let silent: Connection | null = null
    for (const connection of this.#open)
      if (connection.cut === null && (silent === null || connection.last < silent.last)) silent = connection
    if (silent !== null && !this.#paused && performance.now() - silent.last >= replaceableMs) {
      this.#end(silent, say('made_room'))
      return true
    }
    this.#refused++
    this.#notices.set('refused', say('connections_refused', { count: this.#refused, open: connections }))
    return false
  }

  #look(): void {
    this.gate()
    if (this.#paused) return
    const now = performance.now()
    const { recordMs, silentMs, partialBytes } = this.#limits
    let total = 0
    let largest: Connection | null = null
    for (const connection of this.#open) {
      const { framer, last, begun } = connection
      if (framer.open && now - begun >= recordMs) this.#end(connection, say('no_end', { seconds: recordMs / 1000 }))
      else if (now - last >= silentMs) this.#end(connection, say('silent'))
      total += framer.waiting
      if (framer.waiting > (largest?.framer.waiting ?? 0)) largest = connection
    }
    if (total > partialBytes && largest !== null) this.#end(largest, say('too_much_open'))
  }
}

/** Listens with a TCP or TLS server. @throws where it cannot. */
export function listen(
  server: Server,
  address: string,
  port: number,
): Promise<{ address: string; port: number; failed: Promise<Error> }> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: address, port }, () => {
      server.off('error', reject)
      const bound = server.address()
      const failed = new Promise<Error>((broken) => server.on('error', broken))
      resolve(
        typeof bound === 'object' && bound !== null
          ? { address: bound.address, port: bound.port, failed }
          : { address, port, failed },
      )
    })
  })
}
