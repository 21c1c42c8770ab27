import { writeFileSync } from 'node:fs'
import { it } from 'vitest'
import { captureLines } from './capture-lines.ts'
it('runs', { timeout: 600000 }, async () => {
  const out: Uint8Array[] = []
  const cpu = process.cpuUsage()
  const began = performance.now()
  for await (const piece of captureLines({ path: process.env['CAP']!, scratch: '/tmp/evscratch', ends: [], skip: 0 }, () =>
    Promise.resolve(),
  )) {
    out.push(piece.bytes)
    if (piece.end) console.log(piece.end, process.cpuUsage(cpu), performance.now() - began, process.memoryUsage.rss() / 1e6)
  }
  writeFileSync('/tmp/ev-out.jsonl', Buffer.concat(out))
})
