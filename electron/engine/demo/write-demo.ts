/** `watchfloor demo --out <dir>`: the demonstration as files. */
import { mkdir, open as openFile, writeFile, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isoFromMicros, type Micros } from '../../../shared/model/time.ts'
import { Demonstration, intrusionWithin } from './generate.ts'
import type { Manifest } from './manifest.ts'
import { MINUTE } from './rhythm.ts'
import { captureHeader } from './writers/capture.ts'
import { byFile, type OutputFile } from './writers/piece.ts'
import { zeekFooter, zeekHeader } from './writers/zeek.ts'

export interface WriteDemoOptions {
  readonly seed: number
  readonly minutes: number
  /** Microseconds since 1970. */
  readonly start: Micros
  /** Told after every minute of the demonstration. */
  readonly progress?: (done: { minute: number; of: number; records: number }) => void
  readonly signal?: AbortSignal
}

/** Start of a demonstration that nobody dated: a working morning, so that the same seed gives the same bytes. */
export const DEFAULT_START: Micros = Date.UTC(2026, 10, 19, 18, 0, 0) * 1000

/**
 * Writes `eve.json`, `zeek/*.log`, `syslog.log`, `windows.jsonl`, `capture.pcap` and `manifest.json` into `folder` (made
 * where it is missing). The same options write the same bytes. Rejects where the disk refuses, or when aborted.
 */
export async function writeDemo(folder: string, options: WriteDemoOptions): Promise<Manifest> {
  const { seed, minutes, start } = options
  const demonstration = new Demonstration({ seed, start, minutes, capture: true, intrusion: intrusionWithin(start, minutes) })
  const files = new Map<OutputFile, FileHandle>()
  const records: Record<string, number> = {}
  const open = async (file: OutputFile): Promise<FileHandle> => {
    const path = join(folder, file)
    await mkdir(dirname(path), { recursive: true })
    const handle = await openFile(path, 'w')
    files.set(file, handle)
    records[file] = 0
    if (file === 'capture.pcap') await handle.write(captureHeader())
    else if (file.startsWith('zeek/')) await handle.write(`${zeekHeader(file, start).join('\n')}\n`)
    return handle
  }
  try {
    let minute = 0
    let total = 0
    for await (const pieces of demonstration.minutes()) {
      options.signal?.throwIfAborted()
      for (const [file, part] of byFile(pieces)) {
        const handle = files.get(file) ?? (await open(file))
        records[file] = (records[file] ?? 0) + part.records
        total += part.records
        await handle.writeFile(part.bytes)
      }
      options.progress?.({ minute: Math.min(++minute, minutes), of: minutes, records: total })
    }
    for (const [file, handle] of files)
      if (file.startsWith('zeek/')) await handle.write(`${zeekFooter(start + minutes * MINUTE)}\n`)
  } finally {
    await Promise.all([...files.values()].map((handle) => handle.close()))
  }
  const { intrusion } = demonstration
  if (!intrusion) throw new RangeError('a demonstration must last at least one minute')
  const manifest: Manifest = {
    format: 'watchfloor-demonstration-1',
    seed,
    start: isoFromMicros(start),
    minutes,
    stages: [...intrusion.stages],
    exfiltrated: intrusion.exfiltrated,
    totals: { records, ...demonstration.totals },
  }
  await writeFile(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  return manifest
}
