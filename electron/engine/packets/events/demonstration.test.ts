/** The demonstration's capture alone must say what Zeek's logs of the same packets say. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { microsFromIso } from '../../../../shared/model/time.ts'
import { DEFAULT_START, writeDemo } from '../../demo/write-demo.ts'
import { resourcesDir } from '../../paths.ts'
import { sigmaScan } from '../../sigma/scan.ts'
import { captureLines } from './capture-lines.ts'

type Event = Readonly<Record<string, unknown>>
let folder: string
let events: Map<string, Event[]>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'watchfloor-events-'))
  await writeDemo(folder, { seed: 7, minutes: 12, start: DEFAULT_START })
  const pieces: Uint8Array[] = []
  const start = { path: join(folder, 'capture.pcap'), scratch: folder, ends: [], skip: 0 }
  for await (const { bytes } of captureLines(start, () => Promise.resolve())) pieces.push(bytes)
  const text = Buffer.concat(pieces)
  await writeFile(join(folder, 'events.jsonl'), text)
  events = new Map()
  for (const line of text.toString().trimEnd().split('\n')) {
    const event = JSON.parse(line) as Event
    const type = String(event['_path'])
    events.set(type, [...(events.get(type) ?? []), event])
  }
}, 120_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

async function zeek(log: string): Promise<Record<string, string>[]> {
  let names: string[] = []
  const found: Record<string, string>[] = []
  for (const line of (await readFile(join(folder, 'zeek', `${log}.log`), 'utf8')).split('\n')) {
    const values = line.split('\t')
    if (values[0] === '#fields') names = values.slice(1)
    else if (line !== '' && !line.startsWith('#')) found.push(Object.fromEntries(names.map((name, i) => [name, values[i] ?? ''])))
  }
  return found
}
/** As Zeek's logs have it. */
function written(value: unknown): string {
  if (value === undefined) return '-'
  if (typeof value === 'boolean') return value ? 'T' : 'F'
  if (Array.isArray(value)) return value.map((item) => written(item).replaceAll(',', '\\x2c')).join(',')
  return String(value).replaceAll('\\', '\\\\')
}
/** What an event and a line of a log have in common, in one text. */
const keyOf = (record: Readonly<Record<string, unknown>>, fields: readonly string[], ours: boolean): string =>
  ['id.orig_h', 'id.orig_p', 'id.resp_h', 'id.resp_p', ...fields]
    .map((field) => (ours ? written(record[field]) : record[field] === '(empty)' ? '-' : String(record[field])))
    .join(' ')

/** Log, the fields that must be equal, and whether the time must be. */
const LOGS: readonly (readonly [log: string, fields: readonly string[], time: boolean])[] = [
  ['dns', ['proto', 'trans_id', 'query', 'qtype_name', 'rcode_name', 'AA', 'RD', 'RA', 'rejected'], true],
  ['http', ['trans_depth', 'method', 'host', 'uri', 'referrer', 'version', 'user_agent', 'request_body_len', 'response_body_len', 'status_code', 'status_msg'], false],
  ['ssl', ['version', 'cipher', 'server_name', 'next_protocol', 'established', 'resumed', 'cert_chain_fps', 'sni_matches_cert', 'ja3', 'ja3s'], true],
  ['kerberos', ['request_type', 'client', 'service', 'success', 'error_msg', 'cipher'], true],
  ['ntlm', ['username', 'hostname', 'domainname', 'success'], true],
  ['smb_mapping', ['path', 'share_type'], true],
  ['smb_files', ['action', 'path', 'name'], true],
  ['dce_rpc', ['endpoint', 'operation'], true],
  ['smtp', ['trans_depth', 'helo', 'mailfrom', 'rcptto', 'date', 'from', 'to', 'subject', 'msg_id', 'user_agent', 'tls'], true],
  ['ssh', ['version', 'client', 'server', 'cipher_alg', 'mac_alg', 'compression_alg', 'kex_alg', 'host_key_alg'], false],
] // prettier-ignore

describe('the events of the demonstration', () => {
  it.each(LOGS)('%s are those of Zeek', async (log, fields, time) => {
    const theirs = await zeek(log)
    const ours = events.get(log) ?? []
    expect(theirs.length).toBeGreaterThan(2)
    expect(ours.map((event) => keyOf(event, fields, true)).sort()).toEqual(
      theirs.map((record) => keyOf(record, fields, false)).sort(),
    )
    if (!time) return
    const micros = theirs.map(({ ts = '' }) => Math.round(Number(ts) * 1e6)).sort((a, b) => a - b)
    expect(ours.map(({ ts }) => microsFromIso(String(ts)) ?? 0).sort((a, b) => a - b)).toEqual(micros)
  })

  it('conn are those of Zeek, but for pings that come again', async () => {
    const fields = [
      'proto',
      'conn_state',
      'orig_bytes',
      'resp_bytes',
      'orig_pkts',
      'resp_pkts',
      'local_orig',
      'local_resp',
      'community_id',
    ]
    const theirs = (await zeek('conn')).filter(({ proto }) => proto !== 'icmp')
    const ours = (events.get('conn') ?? []).filter(({ proto }) => proto !== 'icmp')
    expect(theirs.length).toBeGreaterThan(2000)
    expect(ours.map((event) => keyOf(event, fields, true)).sort()).toEqual(
      theirs.map((record) => keyOf(record, fields, false)).sort(),
    )
    const durations = new Map(theirs.map((record) => [keyOf(record, ['ts'], false), Number(record['duration'])]))
    for (const event of ours) {
      const ts = ((microsFromIso(String(event['ts'])) ?? 0) / 1e6).toFixed(6)
      const duration = durations.get(`${keyOf(event, [], true)} ${ts}`)
      if (Number.isNaN(duration)) expect(event['duration']).toBeUndefined()
      else expect(event['duration']).toBeCloseTo(duration ?? -1, 5)
    }
  })

  it('files are those of Zeek and more, with the right hashes', async () => {
    const ours = events.get('files') ?? []
    const theirs = await zeek('files')
    const keys = new Set(ours.map((event) => keyOf(event, ['source', 'seen_bytes'], true)))
    expect(theirs.filter((record) => !keys.has(keyOf(record, ['source', 'seen_bytes'], false)))).toEqual([])
    const hashes = new Set(ours.map(({ sha256 }) => sha256))
    const hashed = theirs.filter(({ sha256 }) => sha256 !== '-')
    expect(hashed.length).toBeGreaterThan(400)
    expect(hashed.filter(({ sha256 }) => !hashes.has(sha256))).toEqual([])
  })

  it('x509 are the certificates that Zeek saw', async () => {
    const names = (record: Readonly<Record<string, unknown>>): string =>
      ['fingerprint', 'certificate.subject', 'certificate.issuer', 'certificate.serial']
        .map((name) => String(record[name]))
        .join(' ')
    const theirs = await zeek('x509')
    expect((events.get('x509') ?? []).map(names).sort()).toEqual(theirs.map(names).sort())
  })

  it('raise what the starter rules raise on the logs', async () => {
    const raised = async (paths: string[]): Promise<Map<string, number>> => {
      const found = new Map<string, number>()
      await sigmaScan({
        paths,
        ruleFolders: [join(resourcesDir(), 'rules')],
        onNote: () => undefined,
        onMatch: ({ rule }) => {
          found.set(rule, (found.get(rule) ?? 0) + 1)
        },
      })
      return found
    }
    const theirs = await raised([join(folder, 'zeek')])
    const ours = await raised([join(folder, 'events.jsonl')])
    expect(theirs.size).toBeGreaterThan(4)
    expect([...ours].sort()).toEqual([...theirs].sort())
  })
})
