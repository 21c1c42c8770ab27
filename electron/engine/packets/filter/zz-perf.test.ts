import { writeFileSync, mkdtempSync, rmSync, existsSync } from 'node:fs'
import { test } from 'vitest'
import { CaptureReading } from '../bench/read-capture-files.ts'
import { CaptureIndex } from '../index/capture-index.ts'
import { checkOwnFilter } from './check-filter.ts'
import { FilterRun, MAYBE, YES } from './filter-run.ts'
import { PacketBytes } from '../bench/packet-bytes.ts'
test('perf', async () => {
  const out: string[] = []
  const folder = mkdtempSync('/tmp/flt/perf-')
  const index = CaptureIndex.create(folder)
  const path = '/work/main/node_modules/.cache/corpora/perf/ad-lab-web.pcap'
  const reading = new CaptureReading(index, [path], () => {})
  await reading.begin()
  const t = performance.now()
  await reading.run()
  out.push(`index ${Math.round(performance.now() - t)} ms ${index.columns.length} ${index.flows.length} ${reading.state.problem}`)
  const bytes = new PacketBytes(index.columns, [path])
  for (const f of [
    'tcp',
    'ip.addr == 172.18.39.5',
    'tcp.port == 443',
    'tcp.port == 80 && tcp.len > 0 && ip.addr == 172.18.39.0/24',
    'frame.len > 1000',
    'tcp.flags.syn == 1 && tcp.flags.ack == 0',
    'http.request',
    'http.request.method == "GET"',
    'dns.qry.name contains "a"',
    'tcp.stream == 5',
    'tcp.analysis.flags',
    'frame.time_relative > 10',
    'frame.protocols contains "http"',
    'tcp.seq > 1000',
    'tcp.time_delta > 0.1',
    'ip.src == ip.dst',
    'frame.number % 2 == 1',
    'ip.ttl < 64',
    'tcp contains "GET"',
    'eth.addr == 00:0c:29:00:00:01',
    'frame matches "passw"',
    'tls.handshake.extensions_server_name contains "microsoft"',
  ]) {
    const c = checkOwnFilter(f)
    if (!c.ok) {
      out.push(`${f} ${c.error.message}`)
      continue
    }
    const run = new FilterRun(c.value, index, (p) => bytes.read(p))
    const c0 = process.cpuUsage()
    const t0 = performance.now()
    let yes = 0,
      maybe = 0
    for (let r = 0; r < 27; r++)
      for (let i = 0; i < index.columns.chunks; i++) {
        const v = run.chunk(i)
        for (let j = 0; j < v.length; j++) {
          if (v[j] === YES) yes++
          else if (v[j] === MAYBE) maybe++
        }
      }
    const c1 = process.cpuUsage(c0)
    const t1 = performance.now()
    let whole = 0
    for (let i = 0; i < index.columns.chunks; i++) for (const x of run.whole(i)) if (x === YES) whole++
    out.push(
      `${f}: index ${Math.round((c1.user + c1.system) / 1000)} cpu-ms/2.5M yes ${yes / 27} maybe ${maybe / 27}; whole ${Math.round(performance.now() - t1)} ms/92k ${whole}`,
    )
  }
  bytes.close()
  index.close()
  rmSync(folder, { recursive: true })
  writeFileSync('/tmp/flt/perf.out', out.join('\n') + '\n')
  void existsSync
}, 600000)
