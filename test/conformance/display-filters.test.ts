/**
 * Display filters over the corpus against the number of packets that tshark 4.0.17 lets through: every feature of the language, and
 * filters that need the full dissection, wholly or in part.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'
import { corpus, NO_CORPORA } from '../corpora.ts'
import { FilteredCaptures } from './filter-capture.ts'

const Table = z.array(z.object({ capture: z.string(), filters: z.array(z.tuple([z.string(), z.number().int()])) }))
const Case = z.object({ name: z.string(), file: z.string() })

/** Where something else is counted here, and why. */
const OTHERWISE: Readonly<Record<string, string>> = {
  'arkime/arkime_synthetic.pcap: smtp or imap or pop': 'literals of IMAP (packets 557, 755, 757) are not read as IMAP here',
  'arkime/socks-https-example.pcap: socks': 'what goes through the proxy is not counted to SOCKS here',
  'arkime/v6.pcap: ssh': 'the last, incomplete messages (packets 68, 70) are shown as SSH here',
  'packets/http_espn.pcapng: http.content_length > 1000':
    'the header of an answer that was not wholly captured (packet 612) is read here',
  'packets/http_espn.pcapng: http.response_in or http.request_in':
    'tshark reads once: of answers that are still to come it knows nothing',
  'zeek/irc-starttls.pcap: irc': 'numbered answers come in parts that are not read as IRC here',
  'nDPI/quic-v2.pcapng: quic.version == 0x6b3343cf': 'only the first packet of a connection is read here',
}

const folder = corpus('pcap')
const captures = new FilteredCaptures()
afterAll(() => captures.close())

test.skipIf(folder === null)(
  `display filters let through what tshark does${folder === null ? ` (${NO_CORPORA})` : ''}`,
  async () => {
    const table = Table.parse(JSON.parse(readFileSync(join(import.meta.dirname, 'display-filters.json'), 'utf8')))
    const files = new Map(
      readFileSync(join(folder!, 'cases.jsonl'), 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => {
          const { name, file } = Case.parse(JSON.parse(line))
          return [name, file]
        }),
    )
    const other: string[] = []
    const ways = { index: 0, decode: 0, dissect: 0 }
    let filters = 0
    for (const { capture, filters: wanted } of table)
      for (const [filter, count] of wanted) {
        filters++
        const { matched, how } = await captures.filter(join(folder!, files.get(capture) ?? capture), filter)
        ways[how]++
        const name = `${capture}: ${filter}`
        if (matched !== count) other.push(name)
        if (process.env['WATCHFLOOR_SHOW'] && matched !== count) console.log(`${name} → ${matched} (${how}), tshark ${count}`)
      }
    console.log(
      `display filters: ${filters - other.length} of ${filters} as tshark counts them` +
        ` (by index ${ways.index}, decoders ${ways.decode}, dissectors ${ways.dissect})`,
    )
    expect(filters).toBeGreaterThanOrEqual(170)
    expect(ways.dissect).toBeGreaterThanOrEqual(10)
    expect(other.sort()).toEqual(Object.keys(OTHERWISE).sort())
  },
  300_000,
)
