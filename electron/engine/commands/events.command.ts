import { say } from '../../../shared/model/sentence.ts'
import { eventObject, type EventObject, type JsonObject } from '../evtx/event-object.ts'
import { createFramer } from '../ingest/framing.ts'
import { openLog } from '../ingest/open-log.ts'
import { ReadProblem, reasonOf } from '../ingest/read-problem.ts'
import { UsageError, defineCommand, out, talk } from './define.ts'

export default defineCommand({
  name: 'events',
  usage: '<file.evtx>... [--json]',
  summary:
    'The records of Windows event logs, in the order of the files, a line each. Damaged files are read as far as they can be; what could not be read is said.',
  options: { json: { type: 'boolean', doc: 'records as JSON lines' } },
  async run(input) {
    if (input.positionals.length === 0) throw new UsageError('name at least one event log')
    const json = input.flag('json')
    let fine = true
    for (const path of input.positionals) {
      try {
        fine = (await printed(path, json, input.signal)) && fine
      } catch (error) {
        talk(`${path}: ${reasonOf(error)}`)
        fine = false
      }
    }
    return fine && !input.signal.aborted ? 0 : 1
  },
})

/** False where something of the file could not be read. */
async function printed(path: string, json: boolean, signal: AbortSignal): Promise<boolean> {
  const log = await openLog(path)
  try {
    let fine = true
    const line = async (text: string): Promise<void> => {
      const object = parsed(text)
      const event = object === null ? null : eventObject(object)
      if (event !== null) return out(json ? JSON.stringify(event) : lineOf(event))
      const damaged = object?.['#damaged']
      if (typeof damaged !== 'string') throw new ReadProblem(say('no_event_log'))
      talk(`${path}: ${damaged}`)
      fine = false
    }
    const framer = createFramer('line')
    const take = async (all: boolean): Promise<void> => {
      for (let chunk = framer.take(all); chunk !== null; chunk = framer.take(all)) {
        const text = Buffer.from(chunk.bytes.buffer, chunk.bytes.byteOffset, chunk.bytes.byteLength)
        for (let i = 0; i < chunk.bounds.length && !signal.aborted; i += 2)
          if (chunk.bounds[i]! < chunk.bounds[i + 1]!) await line(text.toString('utf8', chunk.bounds[i], chunk.bounds[i + 1]))
      }
    }
    if (log.plain) throw new ReadProblem(say('no_event_log'))
    for await (const piece of log.pieces()) {
      if (signal.aborted) return false
      framer.push(piece)
      await take(false)
    }
    framer.finish()
    await take(true)
    return fine
  } finally {
    await log.close()
  }
}

function parsed(text: string): JsonObject | null {
  try {
    return JSON.parse(text) as JsonObject
  } catch {
    return null
  }
}

function lineOf({ time, channel, eventId, recordId, computer, provider, data }: EventObject): string {
  const members = Object.entries(data).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  return `${time ?? '-'} ${channel ?? '-'} ${eventId ?? '-'} #${recordId ?? '-'} ${computer ?? '-'} ${provider ?? '-'} ${members.join(' ')}`.trimEnd()
}
