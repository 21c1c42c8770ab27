import { mkdirSync, writeFileSync } from 'node:fs'
import { it } from 'vitest'
import { DEFAULT_START, writeDemo } from '../../demo/write-demo.ts'
import { captureLines } from './capture-lines.ts'
it('runs', { timeout: 600000 }, async () => {
  mkdirSync('/tmp/evdemo', { recursive: true })
  await writeDemo('/tmp/evdemo', { seed: 7, minutes: 12, start: DEFAULT_START })
  const out: Uint8Array[] = []
  const cpu = process.cpuUsage()
  for await (const piece of captureLines({ path: '/tmp/evdemo/capture.pcap', scratch: '/tmp/evscratch', ends: [], skip: 0 }, () =>
    Promise.resolve(),
  )) {
    out.push(piece.bytes)
    if (piece.end) console.log(piece.end, process.cpuUsage(cpu))
  }
  writeFileSync('/tmp/evdemo/events.jsonl', Buffer.concat(out))
})
