/** The real dissectors, over packets made by hand. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { duplexPair } from 'node:stream'
import { connect, TLSSocket } from 'node:tls'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TreeNode } from '../../../../shared/model/capture.ts'
import { Dissector } from './dissector.ts'
import type { Dissected } from './requests.ts'
import { sliceFile, type FileSlice, type PacketSlice, type SlicePacket } from './slice.ts'

const CLIENT = [192, 0, 2, 1]
const SERVER = [198, 51, 100, 80]
const FIRST = 5001
const BEGAN = 1_800_000_000

/** Ethernet and IPv4 around a segment of `protocol` from `from`. */
function frame(protocol: number, from: 0 | 1, segment: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(34 + segment.length)
  bytes.set([2, 0, 0, 0, 0, from === 0 ? 2 : 1, 2, 0, 0, 0, 0, from === 0 ? 1 : 2, 8, 0])
  bytes.set([0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, protocol], 14)
  bytes.writeUInt16BE(20 + segment.length, 16)
  bytes.set(from === 0 ? [...CLIENT, ...SERVER] : [...SERVER, ...CLIENT], 26)
  bytes.set(segment, 34)
  return bytes
}
function udp(from: 0 | 1, ports: readonly [number, number], payload: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(8 + payload.length)
  bytes.writeUInt16BE(ports[from], 0)
  bytes.writeUInt16BE(ports[from === 0 ? 1 : 0], 2)
  bytes.writeUInt16BE(bytes.length, 4)
  bytes.set(payload, 8)
  return frame(17, from, bytes)
}
type Said = readonly [from: 0 | 1, payload: Uint8Array]
/** A connection with its handshake; what is said is cut into segments of 1000 bytes. */
function tcp(port: number, said: readonly Said[]): Uint8Array[] {
  const ports = [40_000, port] as const
  const next: [number, number] = [1000, 9000]
  const segment = (from: 0 | 1, flags: number, payload: Uint8Array = new Uint8Array()): Uint8Array => {
    const bytes = Buffer.alloc(20 + payload.length)
    bytes.writeUInt16BE(ports[from], 0)
    bytes.writeUInt16BE(ports[from === 0 ? 1 : 0], 2)
    bytes.writeUInt32BE(next[from], 4)
    bytes.writeUInt32BE((flags & 0x10) === 0 ? 0 : next[from === 0 ? 1 : 0], 8)
    bytes.set([0x50, flags, 0x40, 0], 12)
    bytes.set(payload, 20)
    next[from] += payload.length + (flags & 3 ? 1 : 0)
    return frame(6, from, bytes)
  }
  const packets = [segment(0, 2), segment(1, 0x12), segment(0, 0x10)]
  for (const [from, payload] of said)
    for (let at = 0; at < payload.length; at += 1000) packets.push(segment(from, 0x18, payload.subarray(at, at + 1000)))
  return [...packets, segment(0, 0x11), segment(1, 0x11)]
}
/** As packets of a capture, with every second number and 10 ms apart. */
function slice(frames: readonly Uint8Array[], secrets: string | null = null, timed = true): PacketSlice {
  const packets = frames.map((bytes, i): SlicePacket => ({
    number: FIRST + 2 * i,
    bytes,
    wire: bytes.length,
    seconds: timed ? BEGAN : NaN,
    nanos: timed ? i * 10_000_000 : 0,
    linkType: 1,
  }))
  return { packets, secrets }
}
const text = (value: string): Uint8Array => Buffer.from(value, 'latin1')
const flat = (nodes: readonly TreeNode[]): TreeNode[] => nodes.flatMap((node) => [node, ...flat(node.children)])
function value<T>(result: Dissected<T>): T {
  if (!result.ok) throw new Error(`${result.error.reason}: ${result.error.message}`)
  return result.value
}

const PAGE = `<html>${'<p>frame: 2 #1(4)</p>'.repeat(100)}</html>`
const HTTP = tcp(80, [
  [0, text('GET /index.html HTTP/1.1\r\nHost: www.example.com\r\n\r\n')],
  [1, Buffer.concat([text(`HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: ${PAGE.length}\r\n\r\n`), text(PAGE)])],
])
const [REQUEST, RESPONSE] = [FIRST + 6, FIRST + 12]

let dissector: Dissector
beforeAll(() => {
  dissector = new Dissector()
  dissector.warm()
})
afterAll(() => dissector.close())

describe('a tree', () => {
  it('has lines with fields, filters and bytes, and names packets as the capture does', async () => {
    const detail = value(await dissector.tree(slice(HTTP), RESPONSE))
    expect(detail).toMatchObject({ number: RESPONSE, by: 'full', note: '' })
    const lines = flat(detail.tree)
    const line = (field: string): TreeNode | undefined => lines.find((node) => node.field === field)
    expect(detail.tree.map(({ field }) => field)).toEqual(['frame', 'eth', 'ip', 'tcp', '', 'http', 'data-text-lines'])
    expect(line('frame')?.label).toMatch(/^Frame 5013: /)
    expect(line('frame.number')).toMatchObject({ label: 'Frame Number: 5013', filter: 'frame.number == 5013' })
    expect(line('ip.src')).toMatchObject({ filter: 'ip.src == 198.51.100.80', from: 26, length: 4, source: 0 })
    expect(line('http.response.code')).toMatchObject({
      label: 'Status Code: 200',
      filter: 'http.response.code == 200',
      source: 1,
    })
    expect(line('http.request_in')).toMatchObject({ packet: REQUEST, filter: `http.request_in == ${REQUEST}` })
    expect(line('http.request_in')?.label).toContain(`${REQUEST}`)
    expect(detail.tree[4]?.label).toMatch(/#5009\(1000\), #5011\(1000\), #5013\(/)
    expect(lines.flatMap(({ packet, field }) => (field === 'tcp.segment' ? [packet] : []))).toEqual([5009, 5011, 5013])
    expect(line('tcp.stream')).toBeUndefined()
    expect(line('frame.time_relative')).toBeUndefined()
    // What the page says stays as it is.
    expect(lines.some(({ label }) => label.includes('<p>frame: 2 #1(4)</p>'))).toBe(true)
    expect(detail.sources.map(({ name }) => name.replace(/ \(.*/, ''))).toEqual(['Frame', 'Reassembled TCP'])
    expect(Buffer.from(detail.sources[0]?.bytes ?? '', 'base64')).toEqual(Buffer.from(HTTP[6]!))
    expect(
      Buffer.from(detail.sources[1]?.bytes ?? '', 'base64')
        .toString('latin1')
        .endsWith(PAGE),
    ).toBe(true)
  })

  it('has what is known of the capture', async () => {
    const first = { seconds: BEGAN - 5, nanos: 0 }
    const previous = { seconds: BEGAN, nanos: 25_000_000 }
    const known = value(await dissector.tree(slice(HTTP), REQUEST, { tcpStream: 77, first, previous, wholeFlow: true }))
    const labels = flat(known.tree).map(({ label }) => label)
    expect(labels).toContain('Stream index: 77')
    expect(labels).toContain('Time since reference or first frame: 5.030000000 seconds')
    expect(labels).toContain('Time delta from previous captured frame: 0.005000000 seconds')
    expect(labels).toContain('Stream Packet Number: 4')
  })

  it('says no time where there is none', async () => {
    const lines = flat(value(await dissector.tree(slice(HTTP, null, false), REQUEST, { first: { seconds: 0, nanos: 0 } })).tree)
    expect(lines.filter(({ field }) => field.startsWith('frame.time'))).toEqual([])
    expect(lines.find(({ field }) => field === 'http.host')?.label).toBe('Host: www.example.com\\r\\n')
  })

  it('is refused for a packet that is not there, and shows the bytes of an unknown link type', async () => {
    expect(await dissector.tree(slice(HTTP), 1)).toMatchObject({ ok: false, error: { reason: 'refused' } })
    const odd = slice([new Uint8Array([1, 2, 3, 4])])
    const shown = value(
      await dissector.tree({ ...odd, packets: odd.packets.map((packet) => ({ ...packet, linkType: 60_000 })) }, FIRST),
    )
    expect(shown.tree[0]?.field).toBe('frame')
    expect(Buffer.from(shown.sources[0]?.bytes ?? '', 'base64')).toEqual(Buffer.from([1, 2, 3, 4]))
  })
})

describe('whole slices', () => {
  it('are filtered', async () => {
    const of = slice(HTTP)
    expect([...value(await dissector.filter(of, 'http'))]).toEqual([REQUEST, RESPONSE])
    expect([...value(await dissector.filter(of, 'tcp.flags.syn == 1'))]).toEqual([FIRST, FIRST + 2])
    expect(await dissector.filter(of, 'tcp.port ==')).toMatchObject({ ok: false, error: { reason: 'refused' } })
    expect(await dissector.filter(of, '_ws.col.info contains "GET"')).toMatchObject({ ok: false, error: { reason: 'refused' } })
  })

  it('are not filtered by what is counted from the first packet, where they have gaps', async () => {
    const gaps = slice(HTTP)
    const whole: PacketSlice = { ...gaps, packets: gaps.packets.map((packet, i) => ({ ...packet, number: i + 1 })) }
    for (const filter of ['tcp.stream == 0', 'http && frame.number > 2', 'tcp.port in {80} and !(frame.time_relative < 1)']) {
      expect(await dissector.filter(gaps, filter)).toMatchObject({ ok: false, error: { reason: 'refused' } })
      expect((await dissector.filter(whole, filter)).ok).toBe(true)
    }
    expect([...value(await dissector.filter(whole, 'http && frame.number > 4'))]).toEqual([7])
    expect((await dissector.filter(gaps, 'http.host contains "tcp.stream" || tcp.len > 2')).ok).toBe(true)
  })

  it('may lie in a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dissect-'))
    const path = join(folder, 'slice.pcapng')
    writeFileSync(path, sliceFile(slice(HTTP)))
    expect([...value(await dissector.filter({ path, numbers: null }, 'http'))]).toEqual([4, 7])
    const numbers = Float64Array.from(HTTP, (_, i) => 100 + i)
    const named: FileSlice = { path, numbers }
    expect([...value(await dissector.filter(named, 'http'))]).toEqual([103, 106])
    expect(flat(value(await dissector.tree(named, 106)).tree).find(({ field }) => field === 'http.request_in')?.packet).toBe(103)
    rmSync(folder, { recursive: true })
    expect(await dissector.filter({ path, numbers: null }, 'http')).toMatchObject({ ok: false, error: { reason: 'failed' } })
  })

  it('give values of fields, and are filtered again after', async () => {
    const of = slice(HTTP)
    const rows = value(await dissector.fields(of, ['http.host', 'tcp.port']))
    expect(rows.map(({ packet }) => packet)).toEqual(of.packets.map(({ number }) => number))
    expect(rows[3]).toEqual({ packet: REQUEST, values: ['www.example.com', '40000,80'] })
    expect([...value(await dissector.filter(of, 'http.request'))]).toEqual([REQUEST])
    expect(value(await dissector.fields(of, ['ip.ttl']))[0]?.values).toEqual(['64'])
    expect(await dissector.fields(of, ['no.such'])).toMatchObject({ ok: false, error: { reason: 'refused' } })
    expect(await dissector.fields(of, ['a","%x'])).toMatchObject({ ok: false, error: { reason: 'refused' } })
  })

  it('are followed', async () => {
    const of = slice(HTTP)
    const followed = value(await dissector.follow(of, 'tcp', REQUEST))
    expect(followed).toMatchObject({
      client: { ip: '192.0.2.1', port: 40_000 },
      server: { ip: '198.51.100.80', port: 80 },
      truncated: false,
    })
    expect(followed.pieces.map(({ direction, packet }) => [direction, packet])).toEqual([[0, 5007], [1, 5009], [1, 5011], [1, 5013]]) // prettier-ignore
    expect(
      Buffer.concat(followed.pieces.filter(({ direction }) => direction === 1).map(({ bytes }) => bytes)).toString('latin1'),
    ).toMatch(/^HTTP\/1\.1 200 OK[^]*<\/html>$/)
    const zipped = gzipSync(PAGE)
    const head = `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Type: text/html\r\nContent-Length: ${zipped.length}\r\n\r\n`
    const packed = slice(tcp(80, [[0, text('GET / HTTP/1.1\r\n\r\n')], [1, Buffer.concat([text(head), zipped])]])) // prettier-ignore
    const unpacked = value(await dissector.follow(packed, 'http', REQUEST))
    const said = unpacked.pieces.map(({ bytes }) => Buffer.from(bytes).toString('latin1'))
    expect(said.join('')).toContain(PAGE)
    const asked = slice([udp(0, [5000, 6000], text('ping')), udp(1, [5000, 6000], text('pong'))])
    const answered = value(await dissector.follow(asked, 'udp', FIRST))
    expect(answered.pieces.map(({ direction, bytes }) => [direction, Buffer.from(bytes).toString()])).toEqual([[0, 'ping'], [1, 'pong']]) // prettier-ignore
    expect(await dissector.follow(asked, 'tcp', FIRST)).toMatchObject({ ok: false, error: { reason: 'refused' } })
  })

  it('give the objects in them', async () => {
    const http = value(await dissector.objects(slice(HTTP), 'http'))
    expect(http.truncated).toBe(false)
    expect(http.objects.map(({ bytes, ...rest }) => ({ ...rest, page: Buffer.from(bytes).toString('latin1') === PAGE }))).toEqual(
      [{ kind: 'http', packet: RESPONSE, host: 'www.example.com', name: 'index.html', type: 'text/html', page: true }],
    )
    const tftp = slice([
      udp(0, [50_000, 69], text('\0\x01notes.txt\0octet\0')),
      udp(1, [50_000, 50_069], text('\0\x03\0\x01' + 'x'.repeat(512))),
      udp(0, [50_000, 50_069], text('\0\x04\0\x01')),
      udp(1, [50_000, 50_069], text('\0\x03\0\x02end')),
      udp(0, [50_000, 50_069], text('\0\x04\0\x02')),
    ])
    const sent = value(await dissector.objects(tftp, 'tftp')).objects
    expect(sent.map(({ name, bytes }) => [name, Buffer.from(bytes).toString('latin1')])).toEqual([
      ['notes.txt', `${'x'.repeat(512)}end`],
    ])
    const letter = 'From: a@example.com\r\nTo: b@example.org\r\nSubject: hello\r\n\r\nhow are you\r\n'
    const mail = slice(
      tcp(25, [
        [1, text('220 mail.example.org ESMTP\r\n')],
        [0, text('HELO example.com\r\n')],
        [1, text('250 ok\r\n')],
        [0, text('MAIL FROM:<a@example.com>\r\n')],
        [1, text('250 ok\r\n')],
        [0, text('RCPT TO:<b@example.org>\r\n')],
        [1, text('250 ok\r\n')],
        [0, text('DATA\r\n')],
        [1, text('354 go on\r\n')],
        [0, text(`${letter}.\r\n`)],
        [1, text('250 ok\r\n')],
      ]),
    )
    const letters = value(await dissector.objects(mail, 'imf')).objects
    expect(letters).toMatchObject([{ kind: 'imf', name: 'hello.eml' }])
    expect(Buffer.from(letters[0]?.bytes ?? []).toString('latin1')).toContain('how are you')
    for (const kind of ['smb', 'ftp-data'] as const) expect(value(await dissector.objects(slice(HTTP), kind)).objects).toEqual([])
  })
})

/** A TLS conversation of two ends in this process: its bytes, and its keys. */
async function encrypted(request: string, response: string): Promise<{ said: Said[]; keyLog: string }> {
  const key = Buffer.from('00112233445566778899aabbccddeeff', 'hex')
  const options = { ciphers: 'PSK-AES128-GCM-SHA256', minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const
  const [outer, client] = duplexPair()
  const [inner, server] = duplexPair()
  const said: Said[] = []
  outer.on('data', (bytes: Buffer) => {
    said.push([0, Uint8Array.from(bytes)])
    inner.write(bytes)
  })
  inner.on('data', (bytes: Buffer) => {
    said.push([1, Uint8Array.from(bytes)])
    outer.write(bytes)
  })
  const answering = new TLSSocket(
    server as unknown as ConstructorParameters<typeof TLSSocket>[0],
    {
      isServer: true,
      ...options,
      pskCallback: () => key,
    } as ConstructorParameters<typeof TLSSocket>[1] & { pskCallback: () => Buffer },
  )
  answering.once('data', () => answering.write(response))
  const asking = connect({
    socket: client,
    ...options,
    pskCallback: () => ({ psk: key, identity: 'test' }),
    checkServerIdentity: () => undefined,
  })
  let keyLog = ''
  asking.on('keylog', (line: Buffer) => void (keyLog += line.toString('latin1')))
  await new Promise<void>((resolve, reject) => {
    asking.on('error', reject)
    answering.on('error', reject)
    asking.once('secureConnect', () => asking.write(request))
    asking.once('data', () => resolve())
  })
  return { said, keyLog }
}

it('TLS is read with its keys, and only with them', async () => {
  const request = 'GET /secret HTTP/1.1\r\nHost: www.example.com\r\n\r\n'
  const response = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello'
  const { said, keyLog } = await encrypted(request, response)
  expect(keyLog).toMatch(/^CLIENT_RANDOM /)
  const frames = tcp(443, said)
  const closed = slice(frames)
  const open = slice(frames, keyLog)
  expect([...value(await dissector.filter(closed, 'http'))]).toEqual([])
  const plain = [...value(await dissector.filter(open, 'http'))]
  expect(plain).toHaveLength(2)
  const followed = value(await dissector.follow(open, 'tls', FIRST))
  expect(followed.pieces.map(({ direction, packet, bytes }) => [direction, packet, Buffer.from(bytes).toString()])).toEqual([
    [0, plain[0], request],
    [1, plain[1], response],
  ])
  const detail = value(await dissector.tree(open, plain[0]!))
  expect(detail.sources.map(({ name }) => name.replace(/ \(.*/, ''))).toContain('Decrypted TLS')
  expect(value(await dissector.follow(closed, 'tls', FIRST)).pieces).toEqual([])
  expect(
    value(await dissector.objects(open, 'http')).objects.map(({ name, bytes }) => [name, Buffer.from(bytes).toString()]),
  ).toEqual([['secret', 'hello']])
})

it('words of filters are known', async () => {
  expect(value(await dissector.check('http.host contains "example"'))).toEqual({ valid: true })
  expect(value(await dissector.check('http.hosts == 1'))).toMatchObject({ valid: false })
  expect(value(await dissector.check('tcp\0'))).toMatchObject({ valid: false })
  expect(value(await dissector.findField('tcp.port'))).toEqual({
    name: 'tcp.port',
    type: 'FT_UINT16',
    title: 'Source or Destination Port',
  })
  expect(value(await dissector.findField('ip.src'))?.type).toBe('FT_IPv4')
  expect(value(await dissector.findField('http'))?.type).toBe('FT_PROTOCOL')
  expect(value(await dissector.findField('tcp.porte'))).toBeNull()
  expect(value(await dissector.fieldsLike('http.resp', 3)).map(({ name }) => name.startsWith('http.resp'))).toEqual([
    true,
    true,
    true,
  ])
})

describe('dissectors that run away', () => {
  const before = process.env['WATCHFLOOR_TEST_DISSECTOR']
  beforeAll(() => void (process.env['WATCHFLOOR_TEST_DISSECTOR'] = '1'))
  afterAll(() => {
    if (before === undefined) delete process.env['WATCHFLOOR_TEST_DISSECTOR']
    else process.env['WATCHFLOOR_TEST_DISSECTOR'] = before
  })

  it('are killed, and the next question is answered', async () => {
    const mad = new Dissector({ longLimit: 300, memoryCap: 900_000_000 })
    expect(await mad.ask({ kind: 'spin' })).toMatchObject({ ok: false, error: { reason: 'killed_slow' } })
    expect(value(await mad.check('tcp'))).toEqual({ valid: true })
    const abort = new AbortController()
    const spinning = mad.ask({ kind: 'spin' }, { signal: abort.signal })
    setImmediate(() => abort.abort())
    expect(await spinning).toMatchObject({ ok: false, error: { reason: 'cancelled' } })
    expect(value(await mad.check('tcp'))).toEqual({ valid: true })
    mad.close()
  })

  it('are killed where they eat memory', async () => {
    const mad = new Dissector({ memoryCap: 900_000_000 })
    expect(await mad.ask({ kind: 'eat' })).toMatchObject({ ok: false, error: { reason: 'killed_memory' } })
    expect(value(await mad.check('tcp'))).toEqual({ valid: true })
    mad.close()
  })
})
