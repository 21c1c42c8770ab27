/** What is asked of an opened capture, against what its packets say when they are counted plainly. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { communityId } from '../../ingest/normalise/community-id.ts'
import { everyMs, MADE_TIME, madeDatagram, madePcapng } from '../capture/made-packets.ts'
import { FLOWS, knownCapture, MadeFolder, opened, PACKETS, REQUEST, type Asker } from './made-capture.ts'
import type { ConversationsAsked } from './conversations.ts'
import type { FindAsked } from './find-packet.ts'
import type { LocateAsked } from './locate-flow.ts'

const folder = new MadeFolder()
let desk: Asker
beforeAll(async () => {
  desk = await opened(folder.folder('index'), [folder.write(knownCapture())])
})
afterAll(async () => {
  await desk.capture.close()
  folder.remove()
})

const of = (flow: number, by: 0 | 1 | null = null) =>
  PACKETS.filter((packet) => packet.flow === flow && (by === null || packet.by === by))
const bytesOf = (packets: readonly { readonly bytes: Uint8Array }[]): number =>
  packets.reduce((sum, { bytes }) => sum + bytes.length, 0)
const numbersOf = (flow: number): number[] => PACKETS.flatMap((packet, i) => (packet.flow === flow ? [i + 1] : []))
const timeOf = (number: number): number => MADE_TIME + (number - 1) * 0.25

describe('conversations', () => {
  const list = async (asked: Partial<ConversationsAsked> & { view?: number }) =>
    desk.ask('conversations', { view: null, transport: 'all', order: 'first', descending: false, pair: null, from: 0, count: 100, ...asked }) // prettier-ignore
  const order = async (asked: Partial<ConversationsAsked> & { view?: number }): Promise<number[]> =>
    (await list(asked)).flows.map(({ flow }) => flow)

  it('count what their packets say', async () => {
    const { flows, total } = await list({})
    expect(total).toBe(FLOWS.length)
    for (const [flow, { client, server, clientPort, serverPort, transport, app }] of FLOWS.entries()) {
      const numbers = numbersOf(flow)
      expect(flows[flow]).toMatchObject({
        flow,
        transport,
        app,
        client: { ip: `192.0.2.${client}`, port: clientPort, packets: of(flow, 0).length, bytes: bytesOf(of(flow, 0)) },
        server: { ip: `198.51.100.${server}`, port: serverPort, packets: of(flow, 1).length, bytes: bytesOf(of(flow, 1)) },
        firstPacket: numbers[0],
        lastPacket: numbers.at(-1),
      })
      expect(flows[flow]?.duration).toBeCloseTo((numbers.at(-1)! - numbers[0]!) * 0.25, 5)
    }
    expect(flows.map(({ state }) => state)).toEqual(['answered', 'closed', 'established', 'unanswered', 'closed'])
    expect(flows.map(({ stream }) => stream)).toEqual([0, 0, 1, 1, 2])
    expect(flows[1]?.client.payload).toBe(REQUEST.length)
    expect(flows[1]?.roundTrip).toBeCloseTo(0.25, 5)
    expect(await desk.ask('flow', { packet: null, flow: 1 })).toMatchObject({ flow: 1, firstData: 'GET /first HTTP/1.1', communityId: communityId('192.0.2.1', '198.51.100.10', '6', 50_001, 80) }) // prettier-ignore
    expect(await desk.call('flow', { packet: PACKETS.length, flow: null })).toMatchObject({ error: { code: 'not_found' } })
    expect(await desk.call('flow', { packet: null, flow: 5 })).toMatchObject({ error: { code: 'not_found' } })
  })

  it('come in every order, forwards and backwards', async () => {
    const by = (key: (flow: number) => number | string): number[] =>
      FLOWS.map((_, flow) => flow).sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a - b))
    const keys: Readonly<Record<ConversationsAsked['order'], (flow: number) => number | string>> = {
      first: (flow) => flow,
      packets: (flow) => of(flow).length,
      bytes: (flow) => bytesOf(of(flow)),
      duration: (flow) => numbersOf(flow).at(-1)! - numbersOf(flow)[0]!,
      client: (flow) => FLOWS[flow]!.client!,
      server: (flow) => FLOWS[flow]!.server!,
      app: (flow) => FLOWS[flow]!.app,
    }
    for (const name of Object.keys(keys) as ConversationsAsked['order'][]) {
      expect(await order({ order: name }), name).toEqual(by(keys[name]))
      // Equal ones stay in their order.
      const ranks = [...new Set(by(keys[name]).map(keys[name]))]
      expect(await order({ order: name, descending: true }), name).toEqual(
        ranks.reverse().flatMap((rank) => FLOWS.map((_, flow) => flow).filter((flow) => keys[name](flow) === rank)),
      )
    }
  })

  it('are chosen by transport, pair and view, a page at a time', async () => {
    expect(await order({ transport: 'udp' })).toEqual([0, 3])
    expect(await order({ transport: 'tcp' })).toEqual([1, 2, 4])
    expect(await order({ transport: 'sctp' })).toEqual([])
    expect(await order({ pair: ['192.0.2.1', '198.51.100.10'] })).toEqual([1])
    expect(await order({ pair: ['198.51.100.10', '192.0.2.1'] })).toEqual([1])
    const page = await list({ from: 1, count: 2, order: 'first', descending: true })
    expect([page.flows.map(({ flow }) => flow), page.total]).toEqual([[3, 2], 5])
    // Of a view only what is in it is counted, and put in order by that.
    const view = await desk.filter('http.request || udp.dstport == 53')
    const { flows } = await list({ view, order: 'bytes' })
    expect(flows.map(({ client, server }) => [client.packets, server.packets])).toEqual([[1, 0], [1, 0], [1, 0], [1, 0]]) // prettier-ignore
    const sizes = flows.map(({ client }) => client.bytes)
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b))
    expect(new Set(flows.map(({ flow }) => flow))).toEqual(new Set([0, 1, 2, 3]))
  })
})

describe('statistics', () => {
  it.each([false, true])('say who sent how much (ports: %s)', async (ports) => {
    for (const filter of ['', 'tcp.payload']) {
      const view = filter === '' ? null : await desk.filter(filter)
      const inView = filter === '' ? PACKETS.map(() => true) : PACKETS.map(({ flow, bytes }) => flow >= 0 && FLOWS[flow]!.transport === 'tcp' && bytes.length > 54) // prettier-ignore
      const plain = new Map<string, number[]>()
      for (const [i, { flow, by, bytes }] of PACKETS.entries()) {
        if (flow < 0 || !inView[i]) continue
        const { client, server, clientPort, serverPort } = FLOWS[flow]!
        const both = [`192.0.2.${client}${ports ? ` ${clientPort}` : ''}`, `198.51.100.${server}${ports ? ` ${serverPort}` : ''}`]
        for (const [at, name] of [
          [0, both[by]!],
          [2, both[1 - by]!],
        ] as const) {
          const row = plain.get(name) ?? [0, 0, 0, 0]
          plain.set(name, row)
          row[at]! += 1
          row[at + 1]! += bytes.length
        }
      }
      const { endpoints, total } = await desk.ask('endpoints', { view, ports, limit: 500 })
      expect(total).toBe(plain.size)
      expect(
        new Map(endpoints.map((row) => [`${row.address}${row.port === null ? '' : ` ${row.port}`}`, [row.sentPackets, row.sentBytes, row.receivedPackets, row.receivedBytes]])), // prettier-ignore
      ).toEqual(plain)
      const sums = endpoints.map(({ sentBytes, receivedBytes }) => sentBytes + receivedBytes)
      expect(sums).toEqual([...sums].sort((a, b) => b - a))
      expect((await desk.ask('endpoints', { view, ports, limit: 2 })).endpoints).toEqual(endpoints.slice(0, 2))
    }
  })

  it('tell the tree of protocols', async () => {
    const { protocols, packets, bytes } = await desk.ask('hierarchy', { view: null })
    expect({ packets, bytes }).toEqual({ packets: PACKETS.length, bytes: bytesOf(PACKETS) })
    const tcp = PACKETS.filter(({ flow }) => flow >= 0 && FLOWS[flow]!.transport === 'tcp')
    const udp = PACKETS.filter(({ flow }) => flow >= 0 && FLOWS[flow]!.transport === 'udp')
    const row = (path: string): unknown => {
      let at = -1
      for (const [depth, name] of path.split(':').entries())
        at = protocols.findIndex((one, i) => i > at && one.depth === depth && one.name === name)
      const found = protocols[at]
      return found === undefined ? null : [found.packets, found.bytes, found.ends]
    }
    expect(row('eth')).toEqual([PACKETS.length, bytesOf(PACKETS), 0])
    expect(row('eth:arp')).toEqual([1, PACKETS.at(-1)!.bytes.length, 1])
    expect(row('eth:ip')).toEqual([PACKETS.length - 1, bytesOf(PACKETS.slice(0, -1)), 0])
    expect(row('eth:ip:udp')).toEqual([udp.length, bytesOf(udp), 0])
    expect(row('eth:ip:udp:dns')).toEqual([udp.length, bytesOf(udp), udp.length])
    expect((row('eth:ip:tcp') as number[]).slice(0, 2)).toEqual([tcp.length, bytesOf(tcp)])
    expect((row('eth:ip:tcp:http') as number[])[0]).toBe(4)
    expect(protocols.reduce((sum, { ends }) => sum + ends, 0)).toBe(PACKETS.length)
    const view = await desk.filter('udp')
    const inView = await desk.ask('hierarchy', { view })
    expect(inView.packets).toBe(udp.length)
    expect(inView.protocols.map(({ name, packets: count }) => [name, count])).toEqual([['eth', 3], ['ip', 3], ['udp', 3], ['dns', 3]]) // prettier-ignore
  })

  it('draw every packet into a slot of its time', async () => {
    const view = await desk.filter('udp')
    for (const slots of [1, 7, 300]) {
      const graph = await desk.ask('graph', { view, span: { from: null, to: null }, slots })
      expect(graph.packets).toHaveLength(slots)
      const sum = (list: readonly number[] | null): number => list!.reduce((all, one) => all + one, 0)
      expect([sum(graph.packets), sum(graph.bytes)]).toEqual([PACKETS.length, bytesOf(PACKETS)])
      expect([sum(graph.viewPackets), sum(graph.viewBytes)]).toEqual([3, bytesOf([...of(0), ...of(3)])])
      expect([graph.from, graph.to].map((one) => one.toFixed(3))).toEqual([timeOf(1), timeOf(PACKETS.length)].map((one) => one.toFixed(3))) // prettier-ignore
    }
    // Half-open: four packets in every second.
    const part = await desk.ask('graph', { view: null, span: { from: MADE_TIME + 1, to: MADE_TIME + 3 }, slots: 2 })
    expect(part).toMatchObject({ from: MADE_TIME + 1, to: MADE_TIME + 3, packets: [4, 4], viewPackets: null, viewBytes: null })
    expect(part.bytes).toEqual([bytesOf(PACKETS.slice(4, 8)), bytesOf(PACKETS.slice(8, 12))])
  })

  it('draw who says what to whom', async () => {
    const one = await desk.ask('sequence', { view: null, flow: 1, limit: 500 })
    expect(one.nodes).toEqual(['192.0.2.1', '198.51.100.10'])
    expect(one.steps.map(({ packet, from }) => [packet, from])).toEqual(
      PACKETS.flatMap(({ flow, by }, i) => (flow === 1 ? [[i + 1, by]] : [])),
    )
    expect(one.steps[3]).toMatchObject({ ports: '50001 → 80', label: 'HTTP: GET /first HTTP/1.1', to: 1, seconds: timeOf(one.steps[3]!.packet) }) // prettier-ignore
    expect(one.truncated).toBe(false)
    const all = await desk.ask('sequence', { view: null, flow: null, limit: 3 })
    expect([all.steps.length, all.truncated]).toEqual([3, true])
    // More hosts than there is room for are left out, and said.
    const many = await opened(folder.folder('many'), [folder.write(madePcapng(everyMs(1, Array.from({ length: 40 }, (_, n) => madeDatagram(0, 'x', { client: n + 1 })))))]) // prettier-ignore
    const drawn = await many.ask('sequence', { view: null, flow: null, limit: 500 })
    expect([drawn.nodes.length, drawn.truncated]).toEqual([24, true])
    expect(drawn.steps.every(({ from, to }) => from < 24 && to < 24)).toBe(true)
    await many.capture.close()
  })
})

describe('finding', () => {
  const find = (asked: Partial<FindAsked> & { view?: number; text: string }) =>
    desk.ask('find', { view: null, what: 'text', where: 'bytes', caseSensitive: false, after: 0, backwards: false, ...asked })
  const holds = (text: string): number[] => PACKETS.flatMap(({ bytes }, i) => (Buffer.from(bytes).includes(text) ? [i + 1] : []))

  it('goes through packets in both directions', async () => {
    const wanted = holds('HTTP/1.1')
    expect(wanted.length).toBe(4)
    const walk = async (backwards: boolean): Promise<number[]> => {
      const found: number[] = []
      for (let after = 0; ;) {
        const { packet } = await find({ text: 'HTTP/1.1', after, backwards })
        if (packet === null) return found
        found.push((after = packet))
      }
    }
    expect(await walk(false)).toEqual(wanted)
    expect(await walk(true)).toEqual([...wanted].reverse())
  })

  it('says where in the bytes it is', async () => {
    for (const [what, text, place, length] of [
      ['text', 'GET /first', 54, 10],
      ['text', 'get /FIRST', 54, 10],
      ['hex', '47 45:54', 54, 3],
      ['hex', '0x47,'.slice(0, 4), 54, 1],
      ['regex', 'g.t /[a-z]+', 54, 10],
    ] as const)
      expect(await find({ what, text, after: 5 }), text).toEqual({ packet: 6, from: place, length })
    expect(await find({ what: 'hex', text: 'DEADBEEF00' })).toMatchObject({ packet: numbersOf(4)[3], from: 54, length: 5 })
    // UTF-8, whatever its case.
    expect((await find({ text: 'Grüße, ALLE' })).packet).toBe(holds('Grüße')[0])
    expect((await find({ text: 'GrÜße' })).packet).toBeNull()
  })

  it('heeds case where that is wanted', async () => {
    expect((await find({ text: 'get /first', caseSensitive: true })).packet).toBeNull()
    expect((await find({ text: 'GET /first', caseSensitive: true })).packet).toBe(6)
    expect((await find({ what: 'regex', text: 'get', caseSensitive: true })).packet).toBeNull()
  })

  it('looks at lines as the list shows them, within a view', async () => {
    expect(await find({ where: 'line', text: 'get /second' })).toMatchObject({ packet: holds('GET /second')[0] })
    expect((await find({ where: 'line', text: 'Host: www' })).packet).toBeNull()
    // Signs stand in the line.
    expect((await find({ where: 'line', text: 'previous segment not captured' })).packet).toBe(numbersOf(4)[5])
    const view = await desk.filter('ip.addr == 192.0.2.2')
    expect((await find({ view, text: 'HTTP/1.1' })).packet).toBe(holds('GET /second')[0])
    // From a packet that is not in the view, to the ones behind and before it.
    expect((await find({ view, text: 'HTTP/1.1', after: 6, backwards: true })).packet).toBeNull()
    expect((await find({ view, text: 'HTTP/1.1', after: PACKETS.length, backwards: true })).packet).toBe(holds('404')[0])
  })

  it('is refused where nothing of the kind can be found', async () => {
    for (const asked of [
      { what: 'hex', text: '123' },
      { what: 'hex', text: 'xy' },
      { what: 'regex', text: '(' },
    ] as const)
      expect(await desk.call('find', { view: null, where: 'bytes', caseSensitive: false, after: 0, backwards: false, ...asked }), asked.text).toMatchObject({ ok: false, error: { code: 'invalid_input', path: 'text' } }) // prettier-ignore
  })
})

describe('following', () => {
  it('gives both directions, with what is missing', async () => {
    const whole = await desk.ask('follow', { flow: 4, from: 0, bytes: 1000 })
    expect(whole).toMatchObject({ client: '192.0.2.2:50003', server: '198.51.100.20:9999', clientBytes: 6, serverBytes: 9, next: null }) // prettier-ignore
    const packets = numbersOf(4)
    expect(whole.pieces.map(({ bytes, ...piece }) => ({ ...piece, text: Buffer.from(bytes, 'base64').toString('latin1') }))).toEqual([
      { direction: 0, packet: packets[3], missing: 0, text: Buffer.from('deadbeef00ff', 'hex').toString('latin1') },
      { direction: 1, packet: packets[4], missing: 0, text: 'one ' },
      { direction: 1, packet: packets[5], missing: 5, text: '' },
      { direction: 1, packet: packets[5], missing: 0, text: 'three' },
    ]) // prettier-ignore
  })

  it('comes in parts that are the whole together', async () => {
    const text = async (most: number): Promise<string> => {
      let all = ''
      for (let from: number | null = 0; from !== null;) {
        const part: { pieces: { bytes: string; direction: number }[]; next: number | null } = await desk.ask('follow', { flow: 1, from, bytes: most }) // prettier-ignore
        const bytes = part.pieces.map((piece) => Buffer.from(piece.bytes, 'base64'))
        expect(bytesOf(bytes.map((one) => ({ bytes: one })))).toBeLessThanOrEqual(most)
        all += Buffer.concat(bytes).toString('latin1')
        from = part.next
      }
      return all
    }
    const whole = await text(1 << 20)
    expect(whole.startsWith(REQUEST)).toBe(true)
    for (const most of [1, 7, REQUEST.length, whole.length - 1, whole.length]) expect(await text(most)).toBe(whole)
    expect(await desk.call('follow', { flow: 99, from: 0, bytes: 10 })).toMatchObject({ error: { code: 'not_found' } })
  })

  it('is written to a file, one direction or both', async () => {
    const path = join(folder.path, 'stream.bin')
    const saved = await desk.ask('saveStream', { flow: 1, direction: 0, path })
    expect(readFileSync(path, 'latin1')).toBe(REQUEST)
    expect(saved).toEqual({ path, bytes: REQUEST.length, sha256: createHash('sha256').update(REQUEST).digest('hex') })
    const both = await desk.ask('saveStream', { flow: 4, direction: null, path: `${path}.2` })
    expect(readFileSync(both.path).toString('hex')).toBe(`deadbeef00ff${Buffer.from('one three').toString('hex')}`)
    expect(existsSync(`${path}.part`)).toBe(false)
  })
})

describe('locating a record', () => {
  const record: LocateAsked = {
    communityId: null,
    source: '192.0.2.1',
    destination: '198.51.100.10',
    sourcePort: 50_001,
    destinationPort: 80,
    transport: 'tcp',
    time: timeOf(6),
    window: 10,
    matched: [],
    telling: [],
  }
  const locate = (asked: Partial<LocateAsked>) => desk.ask('locate', { ...record, ...asked })

  it('finds its flow by community id, and by its ends in either direction', async () => {
    const id = communityId('192.0.2.1', '198.51.100.10', '6', 50_001, 80)!
    const none = { source: null, destination: null, sourcePort: null, destinationPort: null, transport: null }
    expect(await locate({ ...none, communityId: id })).toMatchObject([{ flow: 1, by: 'community_id', apart: 0, filter: 'tcp.stream == 0', packet: 6 }]) // prettier-ignore
    expect(await locate({ communityId: id })).toMatchObject([{ flow: 1, by: 'community_id' }])
    expect(await locate({})).toMatchObject([{ flow: 1, by: 'tuple', translated: false }])
    expect(await locate({ source: '198.51.100.10', destination: '192.0.2.1', sourcePort: 80, destinationPort: 50_001 })).toMatchObject([{ flow: 1, by: 'tuple' }]) // prettier-ignore
    expect(await locate({ ...none, communityId: '1:no' })).toEqual([])
    expect(await locate({ transport: 'udp' })).toEqual([])
    // Without ports it is one of the pair's.
    expect(await locate({ sourcePort: null, destinationPort: null })).toMatchObject([{ flow: 1, by: 'pair' }])
  })

  it('takes a flow of which one end was translated, and says so', async () => {
    expect(await locate({ source: '203.0.113.7' })).toMatchObject([{ flow: 1, by: 'tuple', translated: true }])
    expect(await locate({ destination: '203.0.113.7' })).toMatchObject([{ flow: 1, by: 'tuple', translated: true }])
    expect(await locate({ source: '203.0.113.7', destination: '203.0.113.8' })).toEqual([])
  })

  it('keeps to the window, and says how far the clocks are apart', async () => {
    const end = timeOf(numbersOf(1).at(-1)!)
    const [place] = await locate({ time: end + 9 })
    expect(place?.apart).toBeCloseTo(9, 3)
    expect(await locate({ time: end + 11 })).toEqual([])
    expect(await locate({ time: timeOf(3) - 11 })).toEqual([])
    expect(await locate({ time: timeOf(3) - 11, window: 12 })).toHaveLength(1)
  })

  it('marks the bytes that matched', async () => {
    const found = await locate({ matched: ['/first', 'ok'], telling: ['www.example.com'] })
    expect(found[0]).toMatchObject({ packet: 6, matched: [{ packet: 6, from: 54 + 4, length: 6 }] })
    // Where nothing of what matched is there, what else the record tells.
    const told = await locate({ matched: ['not there'], telling: ['www.example.com'], time: timeOf(12) })
    expect(told[0]).toMatchObject({ packet: 6, matched: [{ packet: 6, length: 15 }] })
  })
})
