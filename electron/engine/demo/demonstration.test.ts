/** The files of the demonstration, read as a stranger would: they must agree with each other, packet for packet. */
import { createHash, X509Certificate } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { microsFromIso } from '../../../shared/model/time.ts'
import { FieldRegistry } from '../event/field-registry.ts'
import { EventRow } from '../event/row.ts'
import { aliasTable, parserById, recogniseText } from '../ingest/parsers/registry.ts'
import { parseQuery } from '../../../shared/query/parse.ts'
import { everything, opened, removeDir, temporaryDir } from '../../../test/fixtures/store/opened.ts'
import { importFiles } from '../ingest/importer.ts'
import { MemoryThreads } from '../ingest/memory-sink.ts'
import { Pipeline } from '../ingest/pipeline.ts'
import { resourcesDir } from '../paths.ts'
import { BlockBuilder } from '../store/block-builder.ts'
import { sigmaScan } from '../sigma/scan.ts'
import { ACTIVITIES } from './activities/registry.ts'
import { Manifest } from './manifest.ts'
import { checksum } from './writers/capture.ts'
import { DEFAULT_START, writeDemo } from './write-demo.ts'

const MINUTES = 12
let folder: string
let manifest: Manifest

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'demo-'))
  manifest = await writeDemo(folder, { seed: 7, minutes: MINUTES, start: DEFAULT_START })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const lines = async (file: string): Promise<string[]> =>
  (await readFile(join(folder, file), 'utf8')).split('\n').filter((line) => line !== '')
type Json = Record<string, unknown>
const jsonLines = async (file: string): Promise<Json[]> => (await lines(file)).map((line) => JSON.parse(line) as Json)

interface Frame {
  readonly at: number
  readonly protocol: number
  readonly from: string
  readonly to: string
  readonly size: number
  readonly ipSize: number
  readonly flags: number
  readonly seq: number
  readonly payload: Buffer
  readonly problems: readonly string[]
}

async function frames(): Promise<Frame[]> {
  const file = await readFile(join(folder, 'capture.pcap'))
  expect(file.readUInt32LE(0)).toBe(0xa1b2c3d4)
  const all: Frame[] = []
  for (let at = 24; at < file.length;) {
    const size = file.readUInt32LE(at + 8)
    expect(file.readUInt32LE(at + 12)).toBe(size)
    const packet = file.subarray(at + 16, at + 16 + size)
    const problems: string[] = []
    const ip = packet.subarray(14, 14 + packet.readUInt16BE(16))
    if (ip.length !== size - 14) problems.push('length')
    if (checksum(ip.subarray(0, 20)) !== 0) problems.push('ip checksum')
    const protocol = ip[9]!
    const body = ip.subarray(20)
    const address = (offset: number): string => [...ip.subarray(offset, offset + 4)].join('.')
    const pseudo = Buffer.concat([ip.subarray(12, 20), Buffer.of(0, protocol, body.length >> 8, body.length & 255)])
    if (checksum(body, protocol === 1 ? 0 : ~checksum(pseudo) & 0xffff) !== 0) problems.push(`checksum of protocol ${protocol}`)
    const header = protocol === 6 ? (body[12]! >> 4) * 4 : 8
    const [source, destination] = protocol === 1 ? [8, 0] : [body.readUInt16BE(0), body.readUInt16BE(2)]
    const reply = protocol === 1 && body[0] === 0
    all.push({
      at: file.readUInt32LE(at) * 1_000_000 + file.readUInt32LE(at + 4),
      protocol,
      from: `${address(12)}:${reply ? 0 : source}`,
      to: `${address(16)}:${reply ? 8 : destination}`,
      size,
      ipSize: ip.length,
      flags: protocol === 6 ? body[13]! : 0,
      seq: protocol === 6 ? body.readUInt32BE(4) : 0,
      payload: body.subarray(header),
      problems,
    })
    at += 16 + size
  }
  return all
}

interface Told {
  start: number
  end: number
  up: [packets: number, bytes: number]
  down: [packets: number, bytes: number]
}
const PROTOCOLS: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17 }
const micros = (iso: string): number => Date.parse(iso.replace('+0000', 'Z')) * 1000 + Number(iso.slice(23, 26))

/** By five-tuple, client first. `layer` chooses what a byte count means. */
function conversations(all: readonly Frame[], layer: 'size' | 'ipSize'): Map<string, Told> {
  const told = new Map<string, Told>()
  for (const frame of all) {
    const forward = `${frame.protocol} ${frame.from} ${frame.to}`
    const backward = `${frame.protocol} ${frame.to} ${frame.from}`
    const key = told.has(backward) ? backward : forward
    let flow = told.get(key)
    if (!flow) told.set(key, (flow = { start: frame.at, end: frame.at, up: [0, 0], down: [0, 0] }))
    flow.end = frame.at
    const side = key === forward ? flow.up : flow.down
    side[0]++
    side[1] += frame[layer]
  }
  return told
}

describe('the same story in every file', () => {
  it('is written the same again, and differently for another seed', async () => {
    const digest = async (seed: number): Promise<string[]> => {
      const other = await mkdtemp(join(tmpdir(), 'demo-'))
      await writeDemo(other, { seed, minutes: 2, start: DEFAULT_START })
      const names = (await readdir(other, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort() // prettier-ignore
      const all = await Promise.all(names.map(async (name) => `${name.slice(other.length)} ${createHash('sha256').update(await readFile(name)).digest('hex')}`)) // prettier-ignore
      await rm(other, { recursive: true })
      return all
    }
    const first = await digest(3)
    expect(first.length).toBeGreaterThan(14)
    expect(await digest(3)).toEqual(first)
    const other = await digest(4)
    for (const file of ['/eve.json', '/capture.pcap', '/syslog.log', '/windows.jsonl']) {
      expect(other.find((line) => line.startsWith(file))).not.toBe(first.find((line) => line.startsWith(file)))
    }
  })

  it('has a capture whose checksums and lengths are right and whose packets are in order', async () => {
    const all = await frames()
    expect(all.filter((frame) => frame.problems.length > 0)).toEqual([])
    for (let i = 1; i < all.length; i++) expect(all[i]!.at).toBeGreaterThanOrEqual(all[i - 1]!.at)
    expect(all.length).toBe(manifest.totals.packets)
    expect(all.reduce((sum, frame) => sum + frame.size, 0)).toBe(manifest.totals.bytes)
  })

  it('counts the same packets and bytes in EVE and in the capture', async () => {
    const capture = conversations(await frames(), 'size')
    const flows = (await jsonLines('eve.json')).filter((record) => record['event_type'] === 'flow')
    expect(flows.length).toBe(manifest.totals.flows)
    const eve = new Map<string, Told>()
    for (const record of flows) {
      const flow = record['flow'] as Record<string, number & string>
      const icmp = record['proto'] === 'ICMP'
      const key = `${PROTOCOLS[String(record['proto']).toLowerCase()]} ${String(record['src_ip'])}:${icmp ? 8 : String(record['src_port'])} ${String(record['dest_ip'])}:${icmp ? 0 : String(record['dest_port'])}`
      expect(eve.has(key) && !icmp, key).toBe(false)
      const old = eve.get(key)
      eve.set(key, {
        start: Math.min(old?.start ?? Infinity, micros(flow['start']!)),
        end: Math.max(old?.end ?? 0, micros(flow['end']!)),
        up: [(old?.up[0] ?? 0) + flow['pkts_toserver']!, (old?.up[1] ?? 0) + flow['bytes_toserver']!],
        down: [(old?.down[0] ?? 0) + flow['pkts_toclient']!, (old?.down[1] ?? 0) + flow['bytes_toclient']!],
      })
    }
    expect(eve).toEqual(capture)
  })

  it('counts the same packets and bytes in Zeek and in the capture, and names flows alike', async () => {
    const capture = conversations(await frames(), 'ipSize')
    const records = await zeek('conn')
    expect(records.length).toBe(manifest.totals.flows)
    const sums = new Map<string, [number, number, number, number]>()
    for (const record of records) {
      const icmp = record['proto'] === 'icmp'
      const key = `${PROTOCOLS[record['proto']!]} ${record['id.orig_h']}:${icmp ? 8 : record['id.orig_p']} ${record['id.resp_h']}:${icmp ? 0 : record['id.resp_p']}`
      const old = sums.get(key) ?? [0, 0, 0, 0]
      sums.set(key, [
        old[0] + Number(record['orig_pkts']),
        old[1] + Number(record['orig_ip_bytes']),
        old[2] + Number(record['resp_pkts']),
        old[3] + Number(record['resp_ip_bytes']),
      ])
    }
    expect(sums).toEqual(new Map([...capture].map(([key, { up, down }]) => [key, [...up, ...down]])))
    const eve = (await jsonLines('eve.json')).filter((record) => record['event_type'] === 'flow')
    expect(records.map((record) => record['community_id']).sort()).toEqual(eve.map((record) => record['community_id']).sort())
  })

  it('has transactions whose counts agree between EVE and Zeek', async () => {
    const eve = await jsonLines('eve.json')
    const count = (type: string): number => eve.filter((record) => record['event_type'] === type).length
    expect((await zeek('http')).length).toBe(count('http'))
    expect((await zeek('ssl')).length).toBe(count('tls'))
    expect((await zeek('dns')).length * 2).toBe(count('dns'))
    expect((await zeek('kerberos')).length).toBe(count('krb5'))
    expect((await zeek('files')).length).toBe(count('fileinfo'))
    expect((await zeek('smtp')).length).toBe(count('smtp'))
    const names = (values: readonly unknown[]): unknown[] => [...values].sort()
    expect(names((await zeek('http')).map((record) => record['uri']))).toEqual(
      names(eve.filter((record) => record['event_type'] === 'http').map((record) => (record['http'] as Json)['url'])),
    )
  })

  it('has streams without gaps, and in one of them the stolen archive', async () => {
    const all = (await frames()).filter((frame) => frame.protocol === 6)
    const next = new Map<string, number>()
    const parts: Buffer[] = []
    const { source, destination } = manifest.exfiltrated
    for (const frame of all) {
      const key = `${frame.from} ${frame.to}`
      const expected = next.get(key)
      if (expected !== undefined && !(frame.flags & 6)) expect(frame.seq).toBe(expected)
      if (!(frame.flags & 2 && expected !== undefined))
        next.set(key, (frame.seq + frame.payload.length + (frame.flags & 3 ? 1 : 0)) >>> 0)
      if (frame.from === `${source.ip}:${source.port}` && frame.to === `${destination.ip}:${destination.port}`)
        parts.push(frame.payload)
    }
    const stream = Buffer.concat(parts)
    const head = stream.indexOf('\r\n\r\n')
    expect(stream.subarray(0, head).toString()).toContain(`PUT /up/${manifest.exfiltrated.name} HTTP/1.1`)
    const body = stream.subarray(head + 4)
    expect(body.length).toBe(manifest.exfiltrated.size)
    expect(createHash('sha256').update(body).digest('hex')).toBe(manifest.exfiltrated.sha256)
    expect(body.subarray(0, 4)).toEqual(Buffer.of(0x50, 0x4b, 3, 4))
    const seen = (await jsonLines('eve.json')).find(
      (record) => (record['fileinfo'] as Json | undefined)?.['sha256'] === manifest.exfiltrated.sha256,
    )
    expect(seen?.['community_id']).toBe(manifest.exfiltrated.communityId)
    expect((await zeek('files')).filter((record) => record['sha256'] === manifest.exfiltrated.sha256).length).toBe(1)
  })

  it('says of TLS what its bytes say', async () => {
    const all = (await frames()).filter((frame) => frame.protocol === 6)
    const strings = new Map<string, string>()
    const certificates = new Set<string>()
    const streams = new Map<string, Buffer[]>()
    for (const frame of all) {
      if (frame.to.endsWith(':443') && frame.payload[0] === 22 && frame.payload[5] === 1)
        strings.set(`${frame.from} ${frame.to}`, ja3(frame.payload.subarray(5)))
      if (frame.from.endsWith(':443')) {
        const list = streams.get(`${frame.from} ${frame.to}`) ?? []
        streams.set(`${frame.from} ${frame.to}`, list)
        if (list.length < 4) list.push(frame.payload)
      }
    }
    for (const list of streams.values()) {
      const bytes = Buffer.concat(list)
      for (let at = 0; at + 5 < bytes.length && bytes[at] === 22; at += 5 + bytes.readUInt16BE(at + 3)) {
        if (bytes[at + 5] !== 11) continue
        const length = bytes.readUIntBE(at + 12, 3)
        certificates.add(new X509Certificate(bytes.subarray(at + 15, at + 15 + length)).fingerprint.toLowerCase())
      }
    }
    const tls = (await jsonLines('eve.json')).filter((record) => record['event_type'] === 'tls')
    expect(tls.length).toBeGreaterThan(100)
    const fingerprints = new Set<string>()
    for (const record of tls) {
      const facts = record['tls'] as { ja3: { hash: string; string: string }; fingerprint?: string }
      const seen = strings.get(
        `${String(record['src_ip'])}:${String(record['src_port'])} ${String(record['dest_ip'])}:${String(record['dest_port'])}`,
      )
      expect(seen).toBe(facts.ja3.string)
      expect(facts.ja3.hash).toBe(createHash('md5').update(facts.ja3.string).digest('hex'))
      if (facts.fingerprint) fingerprints.add(facts.fingerprint)
    }
    expect([...fingerprints].sort()).toEqual([...certificates].sort())
  })

  it('keeps every file in the order in which it would have been written', async () => {
    const times = (await jsonLines('windows.jsonl')).map((record) => Date.parse(String(record['@timestamp'])))
    expect(times).toEqual([...times].sort((a, b) => a - b))
    const stamps = (await jsonLines('eve.json')).map((record) => micros(String(record['timestamp'])))
    expect(stamps).toEqual([...stamps].sort((a, b) => a - b))
    const records = new Map<string, number>()
    for (const record of await jsonLines('windows.jsonl')) {
      const { channel, computer_name, record_id } = record['winlog'] as {
        channel: string
        computer_name: string
        record_id: string
      }
      const key = `${computer_name} ${channel}`
      const last = records.get(key)
      if (last !== undefined) expect(Number(record_id)).toBe(last + 1)
      records.set(key, Number(record_id))
    }
  })
})

describe('what the desk makes of it', () => {
  it('recognises every file and rejects no line', async () => {
    const files = [['eve.json', 'eve'], ['windows.jsonl', 'windows-json'], ['syslog.log', /^syslog/], ...(await readdir(join(folder, 'zeek'))).map((name) => [`zeek/${name}`, 'zeek-tsv'] as const)] as const // prettier-ignore
    const counts = new Map<string, number>()
    for (const [file, format] of files) {
      const content = await readFile(join(folder, file), 'utf8')
      const found = recogniseText(content.slice(0, 65_536), file.split('/').pop()!, content.length <= 65_536)
      expect(found?.parser.id, file).toMatch(format)
      const fields = new FieldRegistry()
      const row = new EventRow()
      const parser = parserById(found!.parser.id)!.create({
        fields,
        zone: 'UTC',
        received: DEFAULT_START + MINUTES * 60_000_000,
        fileName: file,
      })
      for (const line of content.split('\n')) {
        if (line === '') continue
        row.clear()
        const result = parser.parse(line, row)
        expect(typeof result === 'string' ? '' : result.rejected, line).toBe('')
        if (result !== 'event') continue
        expect(row.time, line).toBeGreaterThanOrEqual(DEFAULT_START - 1_000_000)
        counts.set(file, (counts.get(file) ?? 0) + 1)
      }
    }
    expect(Object.fromEntries(counts)).toEqual(
      Object.fromEntries(Object.entries(manifest.totals.records).filter(([file]) => file !== 'capture.pcap')),
    )
  })

  it('has a manifest that holds, and a record behind every signature it promises', async () => {
    const read = Manifest.parse(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')))
    expect(read).toEqual(manifest)
    expect(read.stages.map((stage) => stage.id)).toEqual([
      'reconnaissance',
      'exploitation',
      'web-shell',
      'lateral-movement',
      'credential-theft',
      'command-and-control',
      'privilege',
      'collection',
      'exfiltration',
    ])
    const alerts = (await jsonLines('eve.json')).filter((record) => record['event_type'] === 'alert')
    const windows = (await lines('windows.jsonl')).join('\n')
    for (const stage of read.stages) {
      expect(stage.expect.length, stage.id).toBeGreaterThan(0)
      expect(stage.from <= stage.to, stage.id).toBe(true)
      for (const expected of stage.expect) {
        expect(
          expected.time >= stage.from.slice(0, 19) && expected.time <= read.start.slice(0, 11) + '18:12:00Z',
          `${expected.title} ${expected.time}`,
        ).toBe(true)
        if (expected.kind === 'sig') {
          const matching = alerts.filter(
            (record) => `1:${String((record['alert'] as Json)['signature_id'])}` === expected.detection,
          )
          expect(matching.length, expected.title).toBe(expected.records)
          expect(micros(String(matching[0]!['timestamp'])), expected.title).toBe(microsFromIso(expected.time))
        } else if (expected.file === 'windows.jsonl') {
          const time = new Date(Date.parse(expected.time)).toISOString()
          expect(windows.includes(`"@timestamp":"${time}"`), `${expected.title} ${time}`).toBe(true)
        }
      }
    }
  })

  it('has queries that find what they promise once it is imported', async () => {
    const dir = temporaryDir()
    const store = opened(dir, {}, aliasTable)
    try {
      const pipeline = new Pipeline({
        threads: new MemoryThreads(undefined, (fields) => new BlockBuilder(fields)),
        sink: { commit: async (batch) => store.writer.commit(batch) },
      })
      const feed = pipeline.feed('demonstration', 'bulk')
      const imported = await importFiles({
        paths: [folder],
        feed,
        format: null,
        zone: 'UTC',
        csv: undefined,
        importedContent: async () => [],
        signal: new AbortController().signal,
      })
      await feed.drained()
      expect(feed.error).toBeNull()
      expect(imported.files).toBeGreaterThan(5)
      for (const { title, where, records, time } of manifest.stages.flatMap((stage) => stage.expect)) {
        const found = await store.ask('events.search', { ...everything, where, limit: 1000 })
        if (!found.ok) throw new Error(`${where}: ${found.error.message}`)
        expect([title, where, found.value.events.length >= records]).toEqual([title, where, true])
        const times = found.value.events.map((event) => microsFromIso(event.time))
        expect(times, `${title}: ${where}`).toContain(microsFromIso(time))
      }
      // The records of one audit event are found by what they share.
      const audited = await store.ask('events.search', {
        ...everything,
        where: 'audit.id:*',
        fields: ['audit.id', 'message'],
        limit: 50,
      })
      if (!audited.ok) throw new Error(audited.error.message)
      const serial = String(audited.value.events[0]?.fields['audit.id'])
      const together = await store.ask('events.search', { ...everything, where: `audit.id:${serial}`, fields: ['message'] })
      if (!together.ok) throw new Error(together.error.message)
      expect(together.value.events.map(({ fields }) => /type=(\w+)/.exec(String(fields['message']))?.[1]).sort()).toEqual([
        'EXECVE',
        'SYSCALL',
      ])
      const services = await store.ask('events.search', {
        ...everything,
        where: 'type:7036',
        fields: ['message', 'action'],
        limit: 50,
      })
      if (!services.ok) throw new Error(services.error.message)
      expect(services.value.events.length).toBeGreaterThan(0)
      for (const { fields } of services.value.events) {
        expect(fields['message']).toMatch(/^The .+ service entered the (?:running|stopped) state\.$/)
        expect(fields['action']).toBeUndefined()
      }
    } finally {
      store.close()
      removeDir(dir)
    }
  })

  it('raises with the starter rules what the manifest promises, and nothing critical beside the intrusion', async () => {
    const found = new Map<string, { time: string; level: string }[]>()
    const summary = await sigmaScan({
      paths: [folder],
      ruleFolders: [join(resourcesDir(), 'rules')],
      onNote: () => undefined,
      onMatch: ({ rule, file, time, level }) => {
        const key = `${rule} ${file.slice(folder.length + 1).replaceAll('\\', '/')}`
        const list = found.get(key)
        if (list) list.push({ time, level })
        else found.set(key, [{ time, level }])
      },
    })
    expect(summary.failed).toBe(0)
    const promised = manifest.stages.flatMap((stage) => stage.expect).filter((expected) => expected.kind === 'rule')
    expect(promised.length).toBeGreaterThan(12)
    for (const { detection, title, file, time, where } of promised) {
      const times = (found.get(`${detection} ${file}`) ?? []).map((match) => match.time)
      expect(times, title).toContain(time)
      expect(parseQuery(where).ok, where).toBe(true)
    }
    // What is critical must be of the story: an ordinary day has nothing of the kind.
    const story = new Set(promised.map((expected) => expected.detection))
    const strangers = [...found].filter(
      ([key, matches]) => matches.some(({ level }) => level === 'critical') && !story.has(key.split(' ')[0]!),
    )
    expect(strangers).toEqual([])
  })

  it('has activities that say what they are', () => {
    expect(ACTIVITIES.length).toBeGreaterThan(12)
    for (const { id, title, doc, perMinute } of ACTIVITIES)
      expect(
        [id.length, title.length, doc.length, perMinute].every((value) => value > 0),
        id,
      ).toBe(true)
  })
})

async function zeek(path: string): Promise<Record<string, string>[]> {
  const all = await lines(`zeek/${path}.log`)
  const names = all
    .find((line) => line.startsWith('#fields'))!
    .split('\t')
    .slice(1)
  const types = all
    .find((line) => line.startsWith('#types'))!
    .split('\t')
    .slice(1)
  expect(types.length).toBe(names.length)
  return all
    .filter((line) => !line.startsWith('#'))
    .map((line) => {
      const values = line.split('\t')
      expect(values.length, `${path}: ${line}`).toBe(names.length)
      return Object.fromEntries(names.map((name, i) => [name, values[i]!]))
    })
}

/** JA3 of a client hello (the handshake message), read from its bytes. */
function ja3(hello: Buffer): string {
  const version = hello.readUInt16BE(4)
  let at = 38 + 1 + hello[38]!
  const list = (from: number, length: number): number[] =>
    Array.from({ length: length / 2 }, (_, i) => hello.readUInt16BE(from + i * 2))
  const ciphers = list(at + 2, hello.readUInt16BE(at))
  at += 2 + hello.readUInt16BE(at)
  at += 1 + hello[at]!
  const end = at + 2 + hello.readUInt16BE(at)
  at += 2
  const extensions: number[] = []
  let groups: number[] = []
  let formats: number[] = []
  while (at < end) {
    const type = hello.readUInt16BE(at)
    extensions.push(type)
    if (type === 10) groups = list(at + 6, hello.readUInt16BE(at + 4))
    if (type === 11) formats = [...hello.subarray(at + 5, at + 5 + hello[at + 4]!)]
    at += 4 + hello.readUInt16BE(at + 2)
  }
  return [version, ciphers.join('-'), extensions.join('-'), groups.join('-'), formats.join('-')].join(',')
}
