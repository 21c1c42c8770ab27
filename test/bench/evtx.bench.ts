/**
 * Event logs: how fast they are read, beside Debian's `evtxexport` in the same run, and with all rules of the corpus, as `watchfloor sigma`
 * does it. Prints one JSON object. `EVTX_MB` (default 200) says how large the log is, made of the corpus' records.
 */
import { spawnSync } from 'node:child_process'
import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { evtxLines } from '../../electron/engine/evtx/evtx-lines.ts'
import { sigmaScan } from '../../electron/engine/sigma/scan.ts'
import { corpus, NO_CORPORA } from '../corpora.ts'
import { largeEvtx } from './large-evtx.ts'

const RULE_FOLDERS = ['rules', 'rules-compliance', 'rules-emerging-threats', 'rules-placeholder', 'rules-threat-hunting']
const MB = Number(process.env['EVTX_MB'] ?? 200)
const ROUNDS = 3
const round = (value: number, digits = 1): number => Number(value.toFixed(digits))

async function read(path: string): Promise<{ seconds: number; records: number }> {
  const began = performance.now()
  let records = 0
  for await (const piece of evtxLines(createReadStream(path, { highWaterMark: 1 << 20 })))
    for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, at + 1)) records++
  return { seconds: (performance.now() - began) / 1000, records }
}

const logs = corpus('evtx')
const sigma = corpus('sigma')
if (logs === null || sigma === null) console.log(JSON.stringify({ skipped: NO_CORPORA }))
else {
  const folder = mkdtempSync(join(tmpdir(), 'watchfloor-evtx-'))
  try {
    const path = join(folder, 'large.evtx')
    largeEvtx(logs, path, MB * 1e6)
    const size = statSync(path).size / 1e6
    let best = await read(path)
    for (let n = 1; n < ROUNDS; n++) {
      const next = await read(path)
      if (next.seconds < best.seconds) best = next
    }
    const began = performance.now()
    const peer = spawnSync('evtxexport', ['-f', 'xml', path], { stdio: ['ignore', 'ignore', 'ignore'] })
    const peerSeconds = peer.status === 0 ? (performance.now() - began) / 1000 : null
    // Rules are loaded once before, so that what is measured is what grows with the log.
    const scan = async (paths: readonly string[]): Promise<{ seconds: number; matches: number; records: number }> => {
      const start = performance.now()
      const { matches, records } = await sigmaScan({
        paths,
        ruleFolders: RULE_FOLDERS.map((name) => join(sigma, name)),
        onMatch: () => undefined,
        onNote: () => undefined,
      })
      return { seconds: (performance.now() - start) / 1000, matches, records }
    }
    const loading = await scan([])
    const rules = await scan([path])
    const ruleSeconds = rules.seconds - loading.seconds
    console.log(
      JSON.stringify({
        megabytes: round(size),
        records: best.records,
        read: { seconds: round(best.seconds, 2), megabytesPerSecond: round(size / best.seconds), recordsPerSecond: Math.round(best.records / best.seconds) }, // prettier-ignore
        evtxexport: peerSeconds === null ? null : { seconds: round(peerSeconds), times: round(peerSeconds / best.seconds) },
        allRules: { seconds: round(ruleSeconds), megabytesPerSecond: round(size / ruleSeconds), recordsPerSecond: Math.round(rules.records / ruleSeconds), matches: rules.matches }, // prettier-ignore
      }),
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
}
