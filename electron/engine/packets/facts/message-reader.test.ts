import { expect, test } from 'vitest'
import type { DecoderDefinition } from '../decode/define.ts'
import { decoders, fields, protocolNames, protocolNumber } from '../decode/registry.ts'
import { MadeFlow, type MadeFlowOptions } from './made-flow.ts'
import { MessageReader, type ReaderOptions } from './message-reader.ts'
import { MOST_LINE } from './packet-facts.ts'
import { MOST_HELD, MOST_KEPT } from './reading.ts'

interface Read {
  readonly packet: number
  readonly flow: number
  readonly layers: string
  readonly title: string
  readonly line: string
  readonly facts: Readonly<Record<string, unknown>>
  readonly places: Readonly<Record<string, readonly [number, number]>>
  readonly malformed: boolean
  readonly objects: number
}

function reading(options: ReaderOptions = {}) {
  const read: Read[] = []
  const bugs: string[] = []
  const reader = new MessageReader(
    (one) =>
      read.push({
        packet: one.packet,
        flow: one.flow,
        layers: one.layers.map((layer) => protocolNames[layer]).join(':'),
        title: one.title,
        line: one.line,
        facts: Object.fromEntries(one.facts.map(({ field, value }) => [fields[field]!.name, value])),
        places: Object.fromEntries(one.facts.map(({ field, from, length }) => [fields[field]!.name, [from, length] as const])),
        malformed: one.malformed,
        objects: one.objects.length,
      }),
    { onBug: (error) => bugs.push(String(error)), ...options },
  )
  const flow = (options: MadeFlowOptions, firstPacket = 1): MadeFlow => new MadeFlow(reader, options, firstPacket)
  return { read, bugs, reader, flow }
}
const DNS = { transport: 'tcp', port: 53 } as const
const HTTP = { transport: 'tcp', port: 80 } as const

/** A question for `example.com`, behind its length as TCP has it. */
function question(id: number): Buffer {
  const message = Buffer.from('0000010000010000000000000765 78616d706c6503636f6d0000010001'.replace(/ /g, ''), 'hex')
  message.writeUInt16BE(id, 0)
  return Buffer.concat([Buffer.from([0, message.length]), message])
}
const text = (value: string): Buffer => Buffer.from(value, 'latin1')

test('a message belongs to the packet that completes it; parts of one add nothing', () => {
  const { read, flow, reader } = reading()
  const made = flow(DNS)
  made.open()
  const bytes = question(7)
  made.send(0, bytes.subarray(0, 1))
  made.send(0, bytes.subarray(1, 20))
  made.send(0, bytes.subarray(20))
  made.send(0, Buffer.concat([question(8), question(9), question(10).subarray(0, 5)]))
  made.send(0, question(10).subarray(5))
  reader.end()
  expect(read.map(({ packet, layers, facts }) => [packet, layers, facts['dns.id']])).toEqual([
    [6, 'dns', 7],
    [7, 'dns', 9],
    [8, 'dns', 10],
  ])
})

test('places are those of the packet, where the message stands in it', () => {
  const { read, flow } = reading()
  const made = flow(DNS)
  made.open()
  made.send(0, question(7))
  made.send(0, question(8).subarray(0, 9))
  made.send(0, question(8).subarray(9))
  // Four bytes are before the payload.
  expect(read[0]!.places['dns.id']).toEqual([4 + 2, 2])
  expect(read[1]!.places['dns.id']).toEqual([-1, 0])
})

test('out of order: each message at the packet that makes it whole', () => {
  const { read, flow, reader } = reading()
  const made = flow(DNS)
  made.open()
  const [one, two, three] = [question(1), question(2), question(3)]
  const all = Buffer.concat([one, two, three])
  const cut = one.length + 4
  // 4: the rest of the second and the third; 5: the third again; 6: the beginning.
  made.sendAt(0, cut, all.subarray(cut))
  made.sendAt(0, one.length + two.length, three)
  made.send(0, all.subarray(0, cut))
  reader.end()
  expect(read.map(({ packet, facts }) => [packet, facts['dns.id']])).toEqual([
    [6, 2],
    [4, 3],
  ])
})

test('behind a gap it goes on with the next segment', () => {
  const { read, flow, reader } = reading()
  const made = flow(DNS)
  made.open()
  made.send(0, question(1).subarray(0, 1))
  made.lose(0, 50)
  made.send(0, question(2))
  made.send(0, question(3))
  expect(read).toEqual([])
  reader.end()
  expect(read.map(({ packet, facts }) => [packet, facts['dns.id']])).toEqual([
    [5, 2],
    [6, 3],
  ])
})

test('a gap inside a message whose length is known loses nothing behind it', () => {
  const { read, flow, reader } = reading()
  const made = flow(DNS)
  made.open()
  const one = question(1)
  made.send(0, one.subarray(0, 10))
  made.lose(0, 5)
  made.send(0, Buffer.concat([one.subarray(15), question(2)]))
  reader.end()
  expect(read.map(({ packet, facts, malformed }) => [packet, facts['dns.id'], malformed])).toEqual([[5, 2, read[0]!.malformed]])
  expect(read).toHaveLength(1)
})

test('what was not captured whole is read as far as it is there', () => {
  const { read, flow, reader } = reading()
  const made = flow(HTTP)
  made.open()
  const request = text('GET /a HTTP/1.1\r\nHost: example.com\r\n\r\n')
  made.send(0, request.subarray(0, 20), request.length)
  made.send(0, request)
  reader.end()
  expect(read.map(({ packet, layers }) => [packet, layers])).toEqual([
    [4, 'http'],
    [5, 'http'],
  ])
})

test('what lasts until the end belongs to the FIN, and without one to its last bytes', () => {
  for (const closes of [true, false]) {
    const { read, flow, reader } = reading({ wantsObjects: true })
    const made = flow(HTTP)
    made.open()
    made.send(0, text('GET /a HTTP/1.0\r\n\r\n'))
    made.send(1, text('HTTP/1.0 200 OK\r\n\r\none '))
    made.send(1, text('two'))
    if (closes) made.close()
    reader.end()
    expect(read.map(({ packet, layers, objects }) => [packet, layers.split(':')[0], objects])).toEqual([
      [4, 'http', 0],
      [closes ? 8 : 6, 'http', 1],
    ])
  }
})

test('a message that is longer than what is kept says so, and the next one is found', () => {
  const { read, flow, reader } = reading()
  const made = flow(HTTP)
  made.open()
  made.send(0, text('GET /a HTTP/1.1\r\nHost: example.com\r\n\r\n'))
  const length = 3 * MOST_KEPT
  made.send(1, text(`HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n`))
  for (let sent = 0; sent < length; sent += 1024) {
    made.send(1, new Uint8Array(1024))
    expect(reader.held).toBeLessThanOrEqual(MOST_KEPT)
  }
  const last = made.packet
  made.send(1, text('HTTP/1.1 204 No\r\n\r\n'))
  reader.end()
  expect(read.map(({ packet, facts }) => [packet, facts['http.response.code']])).toEqual([
    [4, undefined],
    [last, 200],
    [last + 1, 204],
  ])
  expect(reader.held).toBe(0)
})

test('what all flows hold is bounded', () => {
  const { flow, reader } = reading()
  const large = new Uint8Array(60_000)
  for (let i = 0; i < 1300; i++) {
    const made = flow({ ...HTTP, flow: i, clientPort: 1024 + i })
    made.open()
    made.send(0, text(`POST / HTTP/1.1\r\nContent-Length: 10000000\r\n\r\n`))
    made.send(0, large)
    expect(reader.held).toBeLessThanOrEqual(MOST_HELD)
  }
  reader.end()
  expect(reader.held).toBe(0)
})

test('on an unknown port who knows the first bytes reads the flow; otherwise it is data', () => {
  const { read, flow, reader } = reading()
  const web = flow({ transport: 'tcp', port: 40_001, flow: 0 })
  web.open()
  web.send(0, text('GE'))
  web.send(0, text('T /a HTTP/1.1\r\nHost: example.com\r\n\r\n'))
  const other = flow({ transport: 'tcp', port: 40_002, flow: 1 }, 10)
  other.open()
  other.send(0, text('zz'))
  other.send(1, text('nobody knows what this is'))
  other.close()
  const datagram = flow({ transport: 'udp', port: 40_003, flow: 2 }, 20)
  datagram.send(0, text('zz'))
  reader.end()
  expect(read.map(({ packet, layers }) => [packet, layers])).toEqual([
    [5, 'http'],
    [14, 'data'],
    [13, 'data'],
    [20, 'data'],
  ])
})

test('a datagram of which the decoder of its port says nothing is data', () => {
  const { read, flow, reader } = reading()
  const radius = flow({ transport: 'udp', port: 1812 })
  const message = Buffer.alloc(20)
  message.set([1, 7, 0, 20])
  radius.send(0, message)
  // It states more bytes than there are.
  radius.send(0, Buffer.from([1, 8, 255, 255, ...new Array<number>(16).fill(0)]))
  reader.end()
  expect(read.map(({ layers, title }) => [layers, title])).toEqual([
    ['radius', 'RADIUS'],
    ['data', ''],
  ])
})

test('a port whose decoder refuses the beginning belongs to who knows it', () => {
  const { read, flow, reader } = reading()
  const made = flow({ transport: 'tcp', port: 53 })
  made.open()
  made.send(0, text('GET /a HTTP/1.1\r\nHost: example.com\r\n\r\n'))
  reader.end()
  // A length of 0x4745 bytes: the port's decoder cannot know better. Nothing is read, and nothing thrown.
  expect(read).toEqual([])
  const web = flow({ transport: 'tcp', port: 80, flow: 2 })
  web.open()
  web.send(0, text('\x05\x01\x00 this is not the protocol of the port'))
  reader.end()
  expect(read.map(({ layers }) => layers)).toEqual(['data'])
})

test('another decoder takes over in both directions', () => {
  const { read, flow, reader } = reading()
  const made = flow(HTTP)
  made.open()
  made.send(0, text('GET /ws HTTP/1.1\r\nHost: example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'))
  made.send(1, text('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n\x88\x00'))
  made.send(0, Buffer.from('818201020304', 'hex'))
  made.send(0, Buffer.from('6968', 'hex'))
  reader.end()
  expect(read.map(({ packet, layers }) => [packet, layers.split(':').includes('websocket')])).toEqual([
    [4, false],
    [5, true],
    [7, true],
  ])
})

test('after a reset or an end, what comes again is not read again', () => {
  const { read, flow, reader } = reading()
  const made = flow(DNS)
  made.open()
  made.send(0, question(1))
  made.close()
  made.sendAt(0, -1 - question(1).length, question(1))
  reader.end()
  expect(read.map(({ packet }) => packet)).toEqual([4])
})

test('a flow that begins in the middle is read where a message begins', () => {
  const { read, flow, reader } = reading()
  const made = flow(HTTP)
  made.send(1, text('rest of something that was sent before'))
  made.send(0, text('GET /a HTTP/1.1\r\nHost: example.com\r\n\r\n'))
  made.send(1, text('HTTP/1.1 204 No\r\n\r\n'))
  reader.end()
  expect(read.map(({ packet, facts }) => [packet, facts['http.request.method'] ?? facts['http.response.code']])).toEqual(
    expect.arrayContaining([
      [2, 'GET'],
      [3, 204],
    ]),
  )
})

test('lines of several messages are joined, and bounded', () => {
  const { read, flow, reader } = reading()
  const made = flow(DNS)
  made.open()
  made.send(0, Buffer.concat([question(1), question(2)]))
  made.send(0, Buffer.concat(Array.from({ length: 100 }, (_, i) => question(i))))
  reader.end()
  expect(read[0]!.line.split(', ')).toHaveLength(2)
  expect(read[1]!.line).toHaveLength(MOST_LINE)
})

test('a flow that was announced is read by who announced it, once', () => {
  const { read, flow, reader } = reading({ wantsObjects: true })
  const control = flow({ transport: 'tcp', port: 21, flow: 0 })
  control.open()
  control.send(1, text('227 Entering Passive Mode (198,51,100,1,156,64)\r\n'))
  for (const number of [1, 2]) {
    const data = flow({ transport: 'tcp', port: 40_000, clientPort: 50_000 + number, flow: number }, 10 * number)
    data.open()
    data.send(1, text('what is in the file'))
    data.close()
  }
  reader.end()
  expect(read.filter(({ flow: of }) => of > 0).map(({ flow: of, layers }) => [of, layers.split(':')[0]])).toEqual([
    [1, 'ftp-data'],
    [2, 'data'],
  ])
})

test('a decoder that throws is given up for the flow, and for no other', () => {
  const { read, bugs, flow, reader } = reading()
  const decoder = decoders[protocolNumber('dns')] as { -readonly [K in keyof DecoderDefinition]: DecoderDefinition[K] }
  const { message } = decoder
  decoder.message = (m, state, out) => {
    if (m.view.getUint16(m.from + 2) === 666) throw new Error('a bug')
    message!.call(decoder, m, state, out)
  }
  try {
    for (const number of [0, 1]) {
      const made = flow({ ...DNS, flow: number }, 1 + 10 * number)
      made.open()
      made.send(0, question(1))
      made.send(0, question(number === 0 ? 666 : 667))
      made.send(0, question(2))
    }
    reader.end()
  } finally {
    decoder.message = message!
  }
  expect(bugs).toEqual(['Error: a bug'])
  expect(read.map(({ packet, layers, malformed }) => [packet, layers, malformed])).toEqual([
    [4, 'dns', false],
    [5, 'dns', true],
    [6, 'data', false],
    [14, 'dns', false],
    [15, 'dns', false],
    [16, 'dns', false],
  ])
})

test('flows that were long silent are forgotten, and what they held is given back', () => {
  const { flow, reader } = reading()
  const first = flow({ ...DNS, flow: 0 })
  first.open()
  first.send(0, question(1).subarray(0, 9))
  expect(reader.held).toBeGreaterThan(0)
  const packet = { transport: 'udp', port: 40_000 } as const
  for (let i = 1; i < 33_000; i++) flow({ ...packet, flow: i }).send(0, text('z'))
  expect(reader.held).toBe(0)
})

test('a decoder takes something long in pieces, and says what it was at its end', () => {
  const { read, flow, reader } = reading()
  const made = flow(HTTP)
  made.open()
  made.send(0, text('GET /a HTTP/1.1\r\nHost: example.com\r\n\r\n'))
  made.send(1, text('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'))
  for (let i = 0; i < 300; i++) made.send(1, text(`400\r\n${'x'.repeat(1024)}\r\n`))
  made.send(1, text('0\r\n\r\n'))
  const last = made.packet
  made.send(1, text('HTTP/1.1 204 No\r\n\r\n'))
  reader.end()
  // Pieces in the middle add nothing.
  expect(read.length).toBeLessThan(6)
  expect(read.map(({ packet }) => packet)).toEqual(expect.arrayContaining([4, last, last + 1]))
  expect(read.at(-1)!.facts['http.response.code']).toBe(204)
})
