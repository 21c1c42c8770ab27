/** `watchfloor demo`: writes the demonstration's files. */
import { mkdir, readdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { DEFAULT_START, writeDemo } from '../demo/write-demo.ts'
import { defineCommand, out, talk, UsageError } from './define.ts'

export default defineCommand({
  name: 'demo',
  usage: '--out <dir> [--seed N] [--minutes N]',
  summary:
    'Writes the demonstration: EVE JSON, Zeek logs, syslog, Windows events, a matching capture, and a manifest of what is in them.',
  options: {
    out: { type: 'string', value: '<dir>', doc: 'folder to write to; made where it is missing' },
    seed: { type: 'string', value: '<n>', doc: 'another seed, another day (1)' },
    minutes: { type: 'string', value: '<n>', doc: 'how long it lasts (30)' },
    start: { type: 'string', value: '<time>', doc: 'when it begins, ISO-8601 UTC (2026-11-19T18:00:00Z)' },
  },
  async run(input) {
    const folder = input.text('out')
    if (folder === undefined || folder === '') throw new UsageError('--out <dir> is missing')
    if (input.positionals.length > 0) throw new UsageError(`'${input.positionals[0]}' is not understood`)
    const seed = input.number('seed', 0, Number.MAX_SAFE_INTEGER) ?? 1
    const minutes = input.number('minutes', 1, 24 * 60) ?? 30
    const given = input.text('start')
    const start = given === undefined ? DEFAULT_START : Date.parse(given) * 1000
    if (!Number.isFinite(start) || start < 0)
      throw new UsageError(`--start takes a time such as 2026-11-19T18:00:00Z, not '${given}'`)
    const path = resolve(folder)
    await mkdir(path, { recursive: true })
    if ((await readdir(path)).some((name) => name !== 'zeek' && !KNOWN.has(name)))
      throw new UsageError(`${path} holds other files: choose an empty folder`)
    let told = 0
    try {
      const manifest = await writeDemo(path, {
        seed,
        minutes,
        start,
        signal: input.signal,
        progress({ minute, of, records }) {
          if (minute < of && Date.now() - told < 1_000) return
          told = Date.now()
          talk(`${minute} of ${of} minutes, ${records} records`)
        },
      })
      await out(
        JSON.stringify({
          out: path,
          seed,
          minutes,
          start: manifest.start,
          ...manifest.totals,
          exfiltrated: manifest.exfiltrated.sha256,
        }),
      )
      return 0
    } catch (error) {
      talk(`watchfloor demo: ${input.signal.aborted ? 'stopped' : error instanceof Error ? error.message : String(error)}`)
      return 1
    }
  },
})

const KNOWN = new Set(['eve.json', 'syslog.log', 'windows.jsonl', 'capture.pcap', 'manifest.json'])
