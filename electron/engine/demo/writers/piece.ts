/** One piece of output and the moment a sensor writes it. */
import type { Micros } from '../../../../shared/model/time.ts'

/** File of the demonstration, without its folder: `eve.json`, `zeek/conn.log`. */
export type OutputFile = 'eve.json' | 'syslog.log' | 'windows.jsonl' | 'capture.pcap' | `zeek/${string}.log`
export interface Piece {
  readonly at: Micros
  readonly file: OutputFile
  /** A line without its end; bytes for the capture. */
  readonly data: string | Uint8Array
}

/** Joins pieces to what is to be appended to each file, in their order. */
export function byFile(pieces: Iterable<Piece>): Map<OutputFile, { readonly records: number; readonly bytes: Buffer }> {
  const parts = new Map<OutputFile, (string | Uint8Array)[]>()
  for (const { file, data } of pieces) {
    const list = parts.get(file)
    if (list) list.push(data)
    else parts.set(file, [data])
  }
  const joined = new Map<OutputFile, { records: number; bytes: Buffer }>()
  for (const [file, list] of parts) {
    const bytes = list.every((data) => typeof data === 'string')
      ? Buffer.from(`${list.join('\n')}\n`, 'utf8')
      : Buffer.concat(list.map((data) => (typeof data === 'string' ? Buffer.from(`${data}\n`, 'utf8') : data)))
    joined.set(file, { records: list.length, bytes })
  }
  return joined
}
