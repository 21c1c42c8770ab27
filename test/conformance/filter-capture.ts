/** How many packets of a capture a display filter lets through, by the index and the own decoders. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PacketBytes } from '../../electron/engine/packets/bench/packet-bytes.ts'
import { CaptureReading, contentPath } from '../../electron/engine/packets/bench/read-capture-files.ts'
import { checkFilter } from '../../electron/engine/packets/filter/check-filter.ts'
import { FilterRun, MAYBE, YES } from '../../electron/engine/packets/filter/filter-run.ts'
import { CaptureIndex } from '../../electron/engine/packets/index/capture-index.ts'

let opened: { readonly path: string; readonly folder: string; readonly index: CaptureIndex; readonly bytes: PacketBytes } | null =
  null

/** The last capture stays open: filters of one capture are asked one after the other. */
async function openCapture(path: string): Promise<NonNullable<typeof opened>> {
  if (opened?.path === path) return opened
  closeCapture()
  const folder = mkdtempSync(join(tmpdir(), 'watchfloor-filter-'))
  const index = CaptureIndex.create(folder)
  const reading = new CaptureReading(index, [path], () => {})
  if (!(await reading.begin())) throw new Error(reading.state.problem ?? 'no capture')
  await reading.run()
  if (reading.state.phase !== 'ready') throw new Error(reading.state.problem ?? reading.state.phase)
  const paths = index.known.files.map((file, i) => contentPath(folder, i, file.path, file.compression !== null))
  return (opened = { path, folder, index, bytes: new PacketBytes(index.columns, paths) })
}
export function closeCapture(): void {
  if (opened === null) return
  opened.bytes.close()
  opened.index.close()
  rmSync(opened.folder, { recursive: true, force: true })
  opened = null
}

/** Null where only the full dissection could tell. */
export async function filterCapture(path: string, filter: string): Promise<number | null> {
  const checked = await checkFilter(filter, null)
  if (!checked.ok) {
    if (checked.error.code === 'query_syntax' && checked.error.key === 'unknown_field') return null
    throw new Error(checked.error.message)
  }
  const { index, bytes } = await openCapture(path)
  const run = new FilterRun(checked.value, index, (packet) => bytes.read(packet))
  let count = 0
  for (let chunk = 0; chunk < index.columns.chunks; chunk++)
    for (const verdict of run.whole(chunk)) {
      if (verdict === MAYBE) return null
      if (verdict === YES) count++
    }
  return count
}
