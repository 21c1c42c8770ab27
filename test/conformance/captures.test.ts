/** Every capture of the corpus against what tshark says of it: packets, bytes, and the time and lengths of its first packets. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { readCapture } from '../../electron/engine/packets/capture/read-capture.ts'
import { corpus } from '../corpora.ts'

const Case = z.object({
  name: z.string(),
  file: z.string(),
  packets: z.number(),
  cap_bytes: z.number(),
  wire_bytes: z.number(),
  first_ts: z.string().nullish(),
  last_ts: z.string().nullish(),
  frames: z.array(z.tuple([z.number(), z.string().nullable(), z.number(), z.number()]).rest(z.unknown())),
})

/** Where this program reads something else, and why. */
const OTHERWISE: Readonly<Record<string, string>> = {
  'tcpdump/atm-heapoverflow.pcap': 'tshark takes the four bytes before an ATM cell for a header and does not count them',
  'tcpdump/dsa.pcap': 'tshark reads nothing of a link type it does not know; here its bytes are shown',
  'tcpdump/juniper_monitor_invalid_cookie_length.pcap': 'as before',
  'tcpdump/frf16_magic_ie-oobr.pcap': 'as before',
}

const folder = corpus('pcap')
test.skipIf(folder === null)(
  `captures are read as tshark reads them${folder === null ? ' (skipped: no corpora)' : ''}`,
  async () => {
    const lines = readFileSync(join(folder!, 'cases.jsonl'), 'utf8').split('\n').filter(Boolean)
    const other: string[] = []
    let packets = 0
    for (const line of lines) {
      const { name, file, ...stated } = Case.parse(JSON.parse(line))
      const bytes = readFileSync(join(folder!, file))
      const found = { packets: 0, cap_bytes: 0, wire_bytes: 0, frames: [] as unknown[] }
      await readCapture(
        (async function* () {
          // In pieces, so that records are cut.
          for (let at = 0; at < bytes.length; at += 100_003) yield bytes.subarray(at, at + 100_003)
        })(),
        ({ length, captured, wire, seconds, nanos }) => {
          for (let i = 0; i < length; i++) {
            found.packets++
            found.cap_bytes += captured[i]!
            found.wire_bytes += wire[i]!
            if (found.frames.length < stated.frames.length)
              found.frames.push([
                Number.isNaN(seconds[i]) ? null : `${seconds[i]}.${String(nanos[i]).padStart(9, '0')}`,
                captured[i],
                wire[i],
              ])
          }
        },
      )
      packets += found.packets
      const wanted = {
        packets: stated.packets,
        cap_bytes: stated.cap_bytes,
        wire_bytes: stated.wire_bytes,
        frames: stated.frames.map(([, time, captured, wire]) => [time, captured, wire]),
      }
      if (JSON.stringify(found) !== JSON.stringify(wanted)) other.push(name)
    }
    console.log(`captures: ${lines.length - other.length} of ${lines.length} as tshark states them, ${packets} packets`)
    expect(other.sort()).toEqual(Object.keys(OTHERWISE).sort())
  },
)
