/** The beginning of a file, for trying a source. */
import { basename } from 'node:path'
import { say } from '../../../../shared/model/sentence.ts'
import { openLog } from '../open-log.ts'
import { sentenceOf } from '../read-problem.ts'
import { EVENT_LOG_FORMAT } from '../recognise-log.ts'
import type { NoSample, Sample } from './define.ts'

const SAMPLE_BYTES = 64 * 1024

export async function sampleFile(path: string): Promise<Sample | NoSample> {
  try {
    const log = await openLog(path)
    try {
      const parts: Uint8Array[] = []
      let length = 0
      let whole = true
      for await (const piece of log.pieces()) {
        parts.push(Uint8Array.from(piece.subarray(0, SAMPLE_BYTES - length)))
        length += parts.at(-1)!.length
        if (length < SAMPLE_BYTES) continue
        whole = false
        break
      }
      const known = (await log.isEventLog()) ? { format: EVENT_LOG_FORMAT } : {}
      return { fileName: basename(path), origin: path, head: Buffer.concat(parts), whole, ...known }
    } finally {
      await log.close()
    }
  } catch (error) {
    return { problem: say('at', { place: path, why: sentenceOf(error) }) }
  }
}
