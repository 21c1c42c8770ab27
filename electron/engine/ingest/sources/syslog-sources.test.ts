import { createSocket } from 'node:dgram'
import { execFileSync } from 'node:child_process'
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls, type ConnectionOptions } from 'node:tls'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { say } from '../../../../shared/model/sentence.ts'
import { inEnglish } from '../../../../shared/model/sentence-english.ts'
import { SourceSettings, type SourceInput } from '../../../../shared/model/source.ts'
import type { WatchfloorError } from '../../../../shared/model/result.ts'
import { MemorySink, MemoryThreads } from '../memory-sink.ts'
import { Pipeline, type Feed } from '../pipeline.ts'
import type { ConnectionLimits } from './connections.ts'
import { startDatagrams } from './datagrams.ts'
import { droppedDatagrams } from './dropped-datagrams.ts'
import type { RunningSource, SourceContext, SourceKind } from './define.ts'
import { startSyslogConnections } from './syslog-connections.ts'
import syslogTcp from './syslog-tcp.source.ts'
import syslogTls from './syslog-tls.source.ts'
import syslogUdp from './syslog-udp.source.ts'

let sink: MemorySink
let threads: MemoryThreads
let feed: Feed
/** Format and raw records of each segment. */
let read: [string, string[]][] = []
let source: RunningSource | null = null
let states: [string, string | null][] = []
/** What could not be read or was lost, and where it listens. */
let warnings: (string | null)[] = []
let notices: (string | null)[] = []
const sockets: Socket[] = []

beforeEach(() => {
  sink = new MemorySink()
  threads = new MemoryThreads()
  states = []
  warnings = []
  notices = []
  read = []
  threads.before = ({ segments }) => {
    for (const { reading, chunk } of segments) {
      const raws = Array.from({ length: chunk.bounds.length / 2 }, (_, i) =>
        Buffer.from(chunk.bytes.subarray(chunk.bounds[2 * i], chunk.bounds[2 * i + 1])).toString(),
      )
      read.push([reading.format, raws])
    }
  }
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await source?.close()
  source = null
})

type Of<K extends SourceKind> = Extract<SourceInput, { kind: K }>
function contextOf<K extends SourceKind>(input: Of<K>, format: string | null = null, limit?: number): SourceContext<K> {
  feed = new Pipeline({ threads, sink, retryMs: 10 }).feed('s1', 'live', limit)
  return {
    id: 's1',
    feed,
    positions: [],
    input: input as SourceContext<K>['input'],
    settings: SourceSettings.parse({ name: 's1', input, format }),
    stored: () => sink.positions('s1'),
    importedContent: (files) => sink.importedContent(files),
    state: (state, problem) => states.push([state, problem && inEnglish(problem)]),
    warning: (warning) => warnings.push(warning && inEnglish(warning)),
    notice: (notice) => notices.push(notice && inEnglish(notice)),
  }
}
async function until(test: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000
  while (!test()) {
    if (Date.now() > deadline)
      throw new Error(
        `never: ${sink.records.length} records, ${JSON.stringify(states.at(-1))}, ${notices.at(-1)}, ${warnings.at(-1)}`,
      )
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
const portOf = (): number => Number(/listening on \S+:(\d+)/.exec(notices.at(-1) ?? '')?.[1])
async function listening(): Promise<number> {
  await until(() => states.at(-1)?.[0] === 'running' && portOf() > 0)
  return portOf()
}
/** A connected client, destroyed after the test. */
async function client(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  sockets.push(socket)
  socket.on('error', () => undefined)
  await new Promise((resolve) => socket.once('connect', resolve))
  return socket
}
const message = (n: number): string => `<165>1 2026-01-02T03:04:05Z host app ${n} - - number ${n}`
const counted = (text: string): string => `${Buffer.byteLength(text)} ${text}`
const numbers = (): number[] => sink.raws.map((raw) => Number(/number (\d+)/.exec(raw)?.[1]))
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i)
/** Every raw record with the format it was read as. */
const readAs = (): Record<string, string> =>
  Object.fromEntries(read.flatMap(([format, raws]) => raws.map((raw) => [raw, format])))
const full: WatchfloorError = { code: 'disk_full', message: 'no room' }

const tcp = { kind: 'syslog-tcp', address: '127.0.0.1', port: 0 } as const
const udp = { kind: 'syslog-udp', address: '127.0.0.1', port: 0 } as const

describe('syslog over TCP', () => {
  const start = (format: string | null = null, limit?: number): void => {
    source = syslogTcp.start(contextOf(tcp, format, limit))
  }
  const startLimited = (limits: Partial<ConnectionLimits>): void => {
    source = startSyslogConnections(contextOf(tcp), 'TCP', async () => ({ server: createServer(), event: 'connection' }), limits)
  }

  it('takes lines and counted records, from several senders at once', async () => {
    start()
    const port = await listening()
    const [a, b] = [await client(port), await client(port)]
    a.write(`${message(0)}\n${message(1)}\r\n${message(2)}\0`)
    b.write([3, 4].map((n) => counted(message(n))).join(''))
    await until(() => sink.records.length === 5)
    expect(numbers().sort()).toEqual(range(0, 5))
    const origin = `127.0.0.1:${a.localPort}`
    expect(sink.records.filter((record) => record.origin === origin).map(({ raw }) => raw)).toEqual([0, 1, 2].map(message))
    expect(sink.records.every(({ record, offset }) => record === null && offset === null)).toBe(true)
    expect(sink.batches.every(({ positions }) => positions.length === 0)).toBe(true)
  })
  it('takes an unterminated last line where the sender ends', async () => {
    start()
    const socket = await client(await listening())
    socket.end(`${message(0)}\n${message(1)}`)
    await until(() => sink.records.length === 2)
    expect(numbers()).toEqual([0, 1])
  })
  it('refuses what a broken connection cut off', async () => {
    start()
    const socket = await client(await listening())
    socket.write(`${message(0)}\n<165>1 half of`)
    await until(() => sink.records.length === 1)
    socket.resetAndDestroy()
    await until(() => sink.rejects.length === 1)
    expect(sink.rejects[0]).toMatchObject({
      reason: say('cut_line', { why: say('connection_broke') }),
      record: null,
      offset: null,
      length: 14,
    })
    expect(Buffer.from(sink.rejects[0]!.raw).toString()).toBe('<165>1 half of')
  })
  it('tells formats for each shape of record that a sender has', async () => {
    start()
    const socket = await client(await listening())
    const cef = '<134>Jan  2 03:04:05 fw CEF:0|Demo|Wall|1.0|100|blocked|5|src=192.0.2.1'
    const leef = 'LEEF:1.0|Demo|Wall|1.0|100|src=192.0.2.1'
    const eve =
      '{"timestamp":"2026-01-02T03:04:05.000000+0000","event_type":"dns","flow_id":1,"src_ip":"10.0.0.1","dest_ip":"10.0.0.2","dns":{"rrname":"a.example"}}'
    const old = '<34>Jan  2 03:04:05 bastion sshd[24200]: Failed password for root from 203.0.113.77 port 40112 ssh2'
    const bare = 'neither time nor priority'
    for (let i = 0; i < 3; i++) socket.write(`${cef}\n${old}\n${eve}\n${leef}\n${bare}\n`)
    await until(() => sink.records.length === 12 && sink.rejects.length === 3)
    expect(readAs()).toEqual({ [cef]: 'cef', [leef]: 'leef', [eve]: 'eve', [old]: 'syslog-3164', [bare]: 'syslog-3164' })
  })
  it('reads everything as the format that was named', async () => {
    start('jsonl')
    const socket = await client(await listening())
    socket.write('{"a":1}\n<34>Jan  2 03:04:05 h su: x\n')
    await until(() => sink.records.length + sink.rejects.length === 2)
    expect(Object.values(readAs())).toEqual(['jsonl', 'jsonl'])
  })
  it('keeps the header of each sender where the format has one', async () => {
    start('csv')
    const port = await listening()
    const [a, b] = [await client(port), await client(port)]
    a.write('time,user\n')
    b.write('user,time\n')
    await until(() => read.length >= 2)
    a.write('2026-01-02T03:04:05Z,alice\n')
    b.write('bob,2026-01-02T03:04:05Z\n')
    await until(() => sink.records.length === 2)
    expect(sink.rejects).toEqual([])
  })
  it('lets senders wait while the store has no room, and loses nothing', async () => {
    start(null, 100_000)
    sink.error = full
    const socket = await client(await listening())
    const filler = 'x'.repeat(1000)
    const n = 20_000
    let written = 0
    const pump = (): void => {
      while (written < n) if (!socket.write(`${message(written++)} ${filler}\n`)) break
      if (written < n) socket.once('drain', pump)
    }
    pump()
    await until(() => !feed.hasRoom)
    let before = -1
    // Until nothing moves: what the system holds between the two is full.
    while (before !== socket.bytesWritten - socket.writableLength || before === 0) {
      before = socket.bytesWritten - socket.writableLength
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
    expect(written).toBeLessThan(n)
    expect(feed.bytes).toBeLessThan(3 * 1024 * 1024)
    expect(sink.records.length).toBe(0)
    sink.error = null
    await until(() => sink.records.length === n)
    expect(numbers()).toEqual(range(0, n))
  }, 60_000)
  it('puts whole records into the feed when it is closed, and refuses the rest', async () => {
    start()
    const port = await listening()
    const [a, b] = [await client(port), await client(port)]
    a.write(`${message(0)}\n${message(1)}\n<165>1 half`)
    b.write(`${counted(message(2))}100 <165>1 half`)
    await until(() => source!.waiting() > 0)
    await source!.close()
    source = null
    await feed.drained()
    expect(numbers().sort()).toEqual([0, 1, 2])
    expect(sink.rejects.map(({ reason }) => inEnglish(reason)).sort()).toEqual([
      'the source was stopped after 11 of 100 bytes',
      'the source was stopped before its line end',
    ])
    const refused = connect(port, '127.0.0.1')
    expect(await new Promise((resolve) => refused.once('error', resolve))).toMatchObject({ code: 'ECONNREFUSED' })
  })
  it('is closed though a sender does not end', async () => {
    start()
    const socket = connect({ port: await listening(), host: '127.0.0.1', allowHalfOpen: true })
    sockets.push(socket)
    socket.on('error', () => undefined)
    socket.write(`${message(0)}\n`)
    await until(() => sink.records.length === 1)
    await source!.close()
    source = null
    expect(sink.records.length).toBe(1)
  })
  it('ends a connection whose record never becomes whole, however it drips', async () => {
    startLimited({ recordMs: 150, sweepMs: 20 })
    const socket = await client(await listening())
    const drip = setInterval(() => socket.write('x'), 10)
    try {
      await until(() => sink.rejects.length === 1)
    } finally {
      clearInterval(drip)
    }
    expect(sink.rejects[0]!.reason).toEqual(say('cut_line', { why: say('no_end', { seconds: 0.15 }) }))
  })
  it('ends a connection on which nothing comes for long', async () => {
    startLimited({ silentMs: 100, sweepMs: 20 })
    const socket = await client(await listening())
    await new Promise((resolve) => socket.once('close', resolve))
    expect(sink.rejects).toEqual([])
  })
  it('leaves a sender alone whose records are whole', async () => {
    startLimited({ recordMs: 250, sweepMs: 10 })
    const socket = await client(await listening())
    for (let n = 0; n < 20; n++) {
      // Each piece ends one record and begins the next.
      socket.write(
        n === 0 ? '<165>1 2026-01-02T03:04:05Z h a - - - number' : ` ${n - 1}\n<165>1 2026-01-02T03:04:05Z h a - - - number`,
      )
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
    socket.end(' 19\n')
    await until(() => sink.records.length === 20)
    expect(sink.rejects).toEqual([])
  })
  it('refuses connections beyond its bound, and says so', async () => {
    startLimited({ connections: 2 })
    const port = await listening()
    const [a] = [await client(port), await client(port)]
    const third = await client(port)
    await new Promise((resolve) => third.once('close', resolve))
    expect(warnings.at(-1)).toContain('1 connection refused: 2 are open')
    a.write(`${message(0)}\n`)
    await until(() => sink.records.length === 1)
  })
  it('ends the connection that was silent longest for a new one', async () => {
    startLimited({ connections: 2, replaceableMs: 0 })
    const port = await listening()
    const [silent, lively] = [await client(port), await client(port)]
    lively.write(`${message(0)}\n`)
    await until(() => sink.records.length === 1)
    const closed = new Promise((resolve) => silent.once('close', resolve))
    const third = await client(port)
    await closed
    lively.write(`${message(1)}\n`)
    third.write(`${message(2)}\n`)
    await until(() => sink.records.length === 3)
  })
  it('bounds what waits in all connections together', async () => {
    startLimited({ partialBytes: 1_000_000, sweepMs: 10 })
    const port = await listening()
    const [a, b] = [await client(port), await client(port)]
    a.write('x'.repeat(400_000))
    b.write('y'.repeat(800_000))
    await until(() => sink.rejects.length === 1)
    expect(sink.rejects[0]).toMatchObject({ reason: say('cut_line', { why: say('too_much_open') }) })
    // The longest goes, with as much of it as had come when the limit was passed.
    expect(sink.rejects[0]!.length).toBeGreaterThan(600_000)
    a.write(`\n${message(1)}\n`)
    await until(() => sink.records.length === 1)
  })
  it('is not harmed by a huge count, binary junk and a record that is too long', async () => {
    start()
    const port = await listening()
    const junk = Buffer.alloc(300_000, Buffer.from(Array.from({ length: 256 }, (_, i) => i)))
    const [a, b, c] = [await client(port), await client(port), await client(port)]
    a.write(`999999999999 <1>x\n${message(0)}\n`)
    b.write(Buffer.concat([junk, Buffer.from(`\n${message(1)}\n`)]))
    c.write(Buffer.concat([Buffer.alloc(9_000_000, 'z'), Buffer.from(`\n${message(2)}\n`)]))
    await until(() => [0, 1, 2].every((n) => numbers().includes(n)))
    expect(sink.rejects.find(({ length }) => length === 9_000_000)?.reason).toEqual(say('too_long', { bytes: 4_194_304 }))
  })
  it('waits for a port that is in use', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    source = syslogTcp.start(contextOf({ ...tcp, port }))
    await until(() => states.length > 0)
    expect(states.at(-1)).toEqual(['waiting', `TCP 127.0.0.1:${port}: another program listens on this port`])
    await new Promise((resolve) => other.close(resolve))
    expect(await listening()).toBe(port)
    const socket = await client(port)
    socket.write(`${message(0)}\n`)
    await until(() => sink.records.length === 1)
  })
  it('is closed while it waits', async () => {
    source = syslogTcp.start(contextOf({ ...tcp, address: '203.0.113.1', port: 5140 }))
    await until(() => states.length > 0)
    expect(states.at(-1)).toEqual(['waiting', 'TCP 203.0.113.1:5140: this machine has no such address'])
    await source.close()
    source = null
  })
  it('ends its connections when the feed has failed', async () => {
    start()
    const socket = await client(await listening())
    const closed = new Promise((resolve) => socket.once('close', resolve))
    feed.fail({ code: 'internal', message: 'x', correlationId: 'y' }, say('stopped'))
    socket.write(`${message(0)}\n`)
    await closed
  })
})

describe('syslog over UDP', () => {
  const send = async (port: number, texts: readonly string[], family: 'udp4' | 'udp6' = 'udp4'): Promise<void> => {
    const socket = createSocket(family)
    for (const text of texts)
      await new Promise((resolve) => socket.send(text, port, family === 'udp4' ? '127.0.0.1' : '::1', resolve))
    socket.close()
  }
  it('takes a record from each datagram', async () => {
    source = syslogUdp.start(contextOf(udp))
    await send(await listening(), [...['', '\n', '\r\n', '\0', '\n\0'].map((ending, n) => message(n) + ending), '\n', ''])
    await until(() => sink.records.length === 5)
    expect(sink.records.map(({ raw, origin, record }) => [raw, origin, record])).toEqual(
      range(0, 5).map((n) => [message(n), '127.0.0.1', null]),
    )
    expect(sink.rejects).toEqual([])
  })
  it('keeps line feeds within a datagram', async () => {
    source = syslogUdp.start(contextOf(udp))
    await send(await listening(), [`${message(0)}\nand more\n`])
    await until(() => sink.records.length === 1)
    expect(sink.raws).toEqual([`${message(0)}\nand more`])
  })
  it('counts what it cannot store, and says so: stored and lost are all that came', async () => {
    source = syslogUdp.start(contextOf(udp, null, 1000))
    const port = await listening()
    sink.error = full
    await send(port, range(0, 30).map(message))
    await until(() => !feed.hasRoom)
    await send(port, range(30, 60).map(message))
    await until(() => /\d+ datagrams lost/.test(warnings.at(-1) ?? ''))
    sink.error = null
    await until(() => feed.idle)
    await send(port, [message(60)])
    await until(() => numbers().includes(60))
    await source.close()
    source = null
    await feed.drained()
    const lost = Number(
      /(\d+) datagrams lost: more came than could be taken in/.exec(warnings.join('\n').split('\n').at(-1)!)?.[1],
    )
    expect(lost).toBeGreaterThanOrEqual(30)
    expect(sink.records.length + lost).toBe(61)
  })
  it('counts what the system dropped', async ({ skip }) => {
    source = syslogUdp.start(contextOf(udp))
    const port = await listening()
    if ((await droppedDatagrams('127.0.0.1', port)) === null) skip('the system tells of no dropped datagrams')
    const socket = createSocket('udp4')
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
    // More than a buffer holds, while no one can read.
    const [n, text] = [20_000, `${message(1)} ${'x'.repeat(1000)}`]
    let sent = 0
    const all = new Promise<void>((resolve) => {
      for (let i = 0; i < n; i++)
        socket.send(text, port, '127.0.0.1', (error) => {
          if (error === null) sent++
          if (i === n - 1) resolve()
        })
    })
    await all
    socket.close()
    await until(() => warnings.at(-1)?.includes('lost') ?? false)
    const lost = (): number => Number(/(\d+) datagrams? lost/.exec(warnings.at(-1) ?? '')?.[1])
    await until(() => sink.records.length + lost() === sent)
  })
  it('remembers a bounded number of senders', async () => {
    source = startDatagrams(contextOf(udp, 'csv'), 1)
    const port = await listening()
    // Two senders in turn, on two addresses of this machine; each is new when the other was heard last.
    const sockets = await Promise.all(
      ['127.0.0.1', '127.0.0.2'].map(async (address) => {
        const socket = createSocket('udp4')
        await new Promise<void>((resolve) => socket.bind(0, address, resolve))
        return socket
      }),
    )
    for (let n = 0; n < 4; n++) {
      await new Promise((resolve) => sockets[n % 2]!.send('time,user', port, '127.0.0.1', resolve))
      await until(() => read.length === n + 1)
    }
    for (const socket of sockets) socket.close()
    await feed.drained()
    expect(sink.records).toEqual([])
    expect(sink.rejects).toEqual([])
  })
  it('waits for a port that is in use', async () => {
    const other = createSocket('udp4')
    await new Promise<void>((resolve) => other.bind(0, '127.0.0.1', resolve))
    const { port } = other.address()
    source = syslogUdp.start(contextOf({ ...udp, port }))
    await until(() => states.length > 0)
    expect(states.at(-1)).toEqual(['waiting', `UDP 127.0.0.1:${port}: another program listens on this port`])
    await new Promise<void>((resolve) => other.close(resolve))
    expect(await listening()).toBe(port)
    await send(port, [message(0)])
    await until(() => sink.records.length === 1)
  })
  it('puts what came into the feed when it is closed', async () => {
    source = syslogUdp.start(contextOf(udp))
    await send(await listening(), [message(0)])
    await until(() => source!.waiting() > 0 || sink.records.length > 0)
    await source.close()
    source = null
    await feed.drained()
    expect(numbers()).toEqual([0])
  })
  it('gives no sample: nothing is there before it arrives', async () => {
    expect(await syslogUdp.sample({ ...udp, port: 514 })).toEqual({
      fileName: '',
      origin: 'UDP 127.0.0.1:514',
      head: null,
      whole: false,
    })
  })
})

const openssl = ((): boolean => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

describe.skipIf(!openssl)(openssl ? 'syslog over TLS' : 'syslog over TLS (skipped: no openssl)', () => {
  let folder: string
  const file = (name: string): string => join(folder, name)
  const ssl = (...args: string[]): void => void execFileSync('openssl', args, { stdio: 'ignore', cwd: folder })
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'watchfloor-tls-'))
    for (const authority of ['ca', 'other-ca'])
      ssl(
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '2',
        '-subj',
        `/CN=${authority}`,
        '-keyout',
        `${authority}.key`,
        '-out',
        `${authority}.pem`,
      )
    for (const [name, authority] of [
      ['server', 'ca'],
      ['client', 'ca'],
      ['stranger', 'other-ca'],
    ] as const) {
      ssl(
        'req',
        '-new',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-subj',
        `/CN=${name}`,
        '-keyout',
        `${name}.key`,
        '-out',
        `${name}.csr`,
      )
      ssl(
        'x509',
        '-req',
        '-in',
        `${name}.csr`,
        '-CA',
        `${authority}.pem`,
        '-CAkey',
        `${authority}.key`,
        '-CAcreateserial',
        '-days',
        '2',
        '-out',
        `${name}.pem`,
      )
    }
    ssl('ec', '-in', 'server.key', '-aes128', '-passout', 'pass:secret', '-out', 'locked.key')
    await writeFile(file('junk.pem'), 'no pem at all\n')
  })
  afterAll(() => rm(folder, { recursive: true }))

  const input = (more: Partial<Of<'syslog-tls'>> = {}): Of<'syslog-tls'> => ({
    kind: 'syslog-tls',
    address: '127.0.0.1',
    port: 0,
    cert: file('server.pem'),
    key: file('server.key'),
    ...more,
  })
  const start = (more: Partial<Of<'syslog-tls'>> = {}): void => {
    source = syslogTls.start(contextOf(input(more)))
  }
  async function tlsClient(port: number, as: string | null = null, options: ConnectionOptions = {}): Promise<Socket> {
    const own = as === null ? {} : { cert: await readFile(file(`${as}.pem`)), key: await readFile(file(`${as}.key`)) }
    const socket = connectTls({
      port,
      host: '127.0.0.1',
      ca: await readFile(file('ca.pem')),
      checkServerIdentity: () => undefined,
      ...own,
      ...options,
    })
    sockets.push(socket)
    socket.on('error', () => undefined)
    await new Promise((resolve) => {
      socket.once('secureConnect', resolve)
      socket.once('close', resolve)
    })
    return socket
  }

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('takes records over %s', async (version) => {
    start()
    const socket = await tlsClient(await listening(), null, { minVersion: version, maxVersion: version })
    socket.write(`${counted(message(0))}${counted(message(1))}`)
    await until(() => sink.records.length === 2)
    expect(sink.records.map(({ origin }) => origin)).toEqual([`127.0.0.1:${socket.localPort}`, `127.0.0.1:${socket.localPort}`])
    socket.end(message(2))
    await until(() => sink.records.length === 3)
    expect(numbers()).toEqual([0, 1, 2])
  })
  it('takes only senders of the authority that is named', async () => {
    start({ ca: file('ca.pem') })
    const port = await listening()
    for (const [as, why] of [
      ['stranger', 'it showed a certificate of another authority'],
      [null, 'it showed no certificate'],
    ] as const) {
      const socket = await tlsClient(port, as)
      socket.write(counted(message(9)))
      await until(() => warnings.at(-1)?.includes(why) ?? false)
      expect(warnings.at(-1)).toContain('no TLS with 127.0.0.1: ')
      // What is said first stays beside it.
      expect(notices.at(-1)).toContain(`listening on 127.0.0.1:${port}`)
    }
    const socket = await tlsClient(port, 'client')
    socket.write(counted(message(0)))
    await until(() => sink.records.length === 1)
    expect(numbers()).toEqual([0])
  })
  it('says that a sender speaks no TLS, or an old one', async () => {
    start()
    const port = await listening()
    const plain = await client(port)
    plain.write(`${message(0)}\n`)
    await until(() => warnings.at(-1)?.includes('no TLS with 127.0.0.1: it does not speak TLS') ?? false)
    await tlsClient(port, null, { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' })
    await until(() => warnings.at(-1)?.includes('it speaks no TLS 1.2') ?? false)
    const socket = await tlsClient(port)
    socket.write(`${message(1)}\n`)
    await until(() => sink.records.length === 1)
  })
  it.each([
    ['a certificate that is none', { cert: 'junk.pem' }, 'junk.pem: not a certificate in PEM form'],
    ['a certificate that is not there', { cert: 'away.pem' }, 'away.pem: not there'],
    ['a key that is none', { key: 'server.pem' }, 'server.pem: not a private key in PEM form'],
    ['a key with a passphrase', { key: 'locked.key' }, 'locked.key: the key has a passphrase; one without is needed'],
    ['another key', { key: 'client.key' }, 'client.key is not the key of the certificate in'],
    ['an authority that is none', { ca: 'junk.pem' }, 'junk.pem: not a certificate in PEM form'],
  ])('waits where it is given %s', async (_, files: Record<string, string>, problem) => {
    start(Object.fromEntries(Object.entries(files).map(([what, name]) => [what, file(name)])))
    await until(() => states.length > 0)
    expect(states.at(-1)![0]).toBe('waiting')
    expect(states.at(-1)![1]).toContain(problem)
  })
  it('goes on when the file is put right', async () => {
    await writeFile(file('late.pem'), 'not yet')
    start({ cert: file('late.pem') })
    await until(() => states.at(-1)?.[0] === 'waiting')
    await copyFile(file('server.pem'), file('late.pem'))
    const socket = await tlsClient(await listening())
    socket.write(`${message(0)}\n`)
    await until(() => sink.records.length === 1)
  })
  it('is closed while a sender is connected, and one shakes no hands', async () => {
    start()
    const port = await listening()
    const idle = await client(port)
    const gone = new Promise((resolve) => idle.once('close', resolve))
    const socket = await tlsClient(port)
    socket.write(`${message(0)}\n`)
    await until(() => sink.records.length === 1)
    await source!.close()
    source = null
    await gone
  })
})
