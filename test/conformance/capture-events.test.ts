/** Events of every capture of the corpus: what Suricata logged of the same packets must be among them. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { captureLines } from '../../electron/engine/packets/events/capture-lines.ts'
import { corpus } from '../corpora.ts'

const Case = z.object({
  name: z.string(),
  file: z.string(),
  suricata_4_1_10: z.object({
    http: z.array(z.string()),
    dns: z.array(z.string()),
    tls_sni: z.array(z.string()),
    files: z.array(z.string()),
  }),
})
const Event = z.looseObject({ _path: z.string(), packet: z.number() })
const KINDS = ['http', 'dns', 'tls_sni', 'files'] as const

/** Where Suricata logged what is not among the events, and why. */
const NO_HTTP = 'what Suricata takes for a request of HTTP is another protocol'
const BEFORE = 'the answer was sent before the request, which Suricata did not see; here they are an event each'
const TEREDO = 'Suricata looks for tunnels of Teredo in every datagram; tshark, as this program, where the ports say so'
const NAMED = 'the name that a header gives to a body is not read: the file has its path here'
const OTHERWISE: Readonly<Record<string, string>> = {
  'arkime/CVE-2018-6794.pcap http /libhtp::request_uri_not_seen': BEFORE,
  'arkime/CVE-2018-6794.pcap files /libhtp::request_uri_not_seen': BEFORE,
  'arkime/arkime_synthetic.pcap http sip:probe@edge.test': NO_HTTP,
  'arkime/arkime_synthetic.pcap http sip:watcher@edge.test': NO_HTTP,
  'zeek/interleaved-http-entity.pcap files test.txt': NAMED,
  'zeek/http-filename.pcap files test.json': NAMED,
  'zeek/teredo_bubble_with_payload.pcap http ipv6.google.com/': TEREDO,
  'zeek/teredo_bubble_with_payload.pcap http ipv6.google.com/search?hl=en&q=Wireshark+%21&btnG=Google+Search': TEREDO,
  'zeek/teredo_bubble_with_payload.pcap files /': TEREDO,
  'zeek/teredo_bubble_with_payload.pcap files /search': TEREDO,
  'nDPI/nats.pcap http /libhtp::request_uri_not_seen': NO_HTTP,
  'nDPI/nats.pcap http {"verbose":false,"pedantic":false,"tls_required":false,"name":"","lang":"C","version":"2.1.0","protocol":1,"echo":true}':
    NO_HTTP,
  'nDPI/dns-invalid-chars.pcap dns www.allyourba\u0004\u0005\u0006arebelongto.cn':
    'control characters in a name, which Suricata leaves out and this program shows as tshark does',
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

async function eventsOf(
  path: string,
  scratch: string,
): Promise<{ found: Record<(typeof KINDS)[number], Set<string>>; events: number }> {
  const found = { http: new Set<string>(), dns: new Set<string>(), tls_sni: new Set<string>(), files: new Set<string>() }
  let events = 0
  const bodies = new Map<string, string>()
  for await (const { bytes } of captureLines({ path, scratch, ends: [], skip: 0 }, () => Promise.resolve())) {
    for (const line of Buffer.from(bytes).toString().split('\n')) {
      if (line === '') continue
      events++
      const event = Event.parse(JSON.parse(line))
      if (event._path === 'http') {
        const uri = text(event['uri'])
        found.http.add(`${text(event['host'])}${uri}`)
        for (const list of [event['orig_fuids'], event['resp_fuids']])
          if (Array.isArray(list)) bodies.set(text(list[0]), uri.split('?', 1)[0]!)
      } else if (event._path === 'dns') found.dns.add(text(event['query']).toLowerCase())
      else if (event._path === 'ssl') found.tls_sni.add(text(event['server_name']))
      else if (event._path === 'files') found.files.add(text(event['filename']))
    }
  }
  for (const path of bodies.values()) found.files.add(path)
  return { found, events }
}

const folder = corpus('pcap')
test.skipIf(folder === null)(
  `events of captures have what Suricata logged${folder === null ? ' (skipped: no corpora)' : ''}`,
  async () => {
    const scratch = mkdtempSync(join(tmpdir(), 'watchfloor-events-'))
    const counts = Object.fromEntries(KINDS.map((kind) => [kind, { of: 0, found: 0 }])) as Record<
      (typeof KINDS)[number],
      { of: number; found: number }
    >
    const missing: string[] = []
    let events = 0
    try {
      for (const line of readFileSync(join(folder!, 'cases.jsonl'), 'utf8').split('\n').filter(Boolean)) {
        const stated = Case.parse(JSON.parse(line))
        const read = await eventsOf(join(folder!, stated.file), scratch)
        events += read.events
        for (const kind of KINDS) {
          for (const one of new Set(stated.suricata_4_1_10[kind])) {
            counts[kind].of++
            const wanted = kind === 'dns' ? one.toLowerCase() || '.' : one
            if (read.found[kind].has(wanted)) counts[kind].found++
            else missing.push(`${stated.name} ${kind} ${one}`)
          }
        }
      }
    } finally {
      rmSync(scratch, { recursive: true, force: true })
    }
    const shown = KINDS.map((kind) => `${kind} ${counts[kind].found} of ${counts[kind].of}`).join(', ')
    process.stdout.write(`events of captures: ${events}; of what Suricata logged: ${shown}\n`)
    if (process.env['WATCHFLOOR_SHOW'] !== undefined) process.stdout.write(`${missing.join('\n')}\n`)
    expect(missing.filter((one) => OTHERWISE[one] === undefined)).toEqual([])
  },
  600_000,
)
