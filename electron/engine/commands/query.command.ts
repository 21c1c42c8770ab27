import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { defaultDataDir } from '../data-dir.ts'
import { aliasTable } from '../ingest/parsers/registry.ts'
import { deskPath, partitionDays } from '../store/partition-files.ts'
import { rawById } from '../store/queries/events-by-id.ts'
import { searchEvents } from '../store/queries/events.ts'
import { runCount } from '../store/queries/hunt.ts'
import { Library } from '../store/queries/library.ts'
import { UsageError, defineCommand, out, talk } from './define.ts'
import { refuse } from './refuse.ts'

const PAGE = 1000
const EVERYTHING = { from: null, to: null }

export default defineCommand({
  name: 'query',
  usage: "'<expression>' --data <dir> [--count | --limit N] --json",
  summary: "Searches the stored events, newest first; '*' is everything. Reads only: the desk may be open meanwhile.",
  options: {
    data: { type: 'string', value: '<dir>', doc: 'data folder' },
    count: { type: 'boolean', doc: 'one number instead of the events' },
    limit: { type: 'string', value: 'N', doc: 'at most so many events (default: all)' },
    raw: { type: 'boolean', doc: 'with the raw record of each event' },
    json: { type: 'boolean', doc: 'events as JSON lines (there is no other form)' },
  },
  async run(input) {
    const [expression, ...rest] = input.positionals
    if (expression === undefined || rest.length > 0) throw new UsageError("give one expression, in quotes; '*' is everything")
    const limit = input.number('limit', 1, Number.MAX_SAFE_INTEGER) ?? Infinity
    const dataDir = resolve(input.text('data') ?? defaultDataDir())
    if (!existsSync(deskPath(dataDir))) {
      talk(`There is no desk in ${dataDir}`)
      return 1
    }
    const days = partitionDays(dataDir)
    if (input.flag('count')) {
      const counted = runCount({ dataDir, days, input: { where: expression, window: EVERYTHING } }, aliasTable, () => undefined)
      if (!counted.ok) return refuse(counted.error, expression)
      await out(String(counted.value.count))
      return 0
    }
    const library = new Library(dataDir)
    library.setDays(days)
    const scope = { library, aliases: (name: string) => aliasTable.get(name) ?? [], now: Date.now() * 1000 }
    try {
      let after: string | null = null
      for (let left = limit; left > 0 && !input.signal.aborted;) {
        const steps: ReturnType<typeof searchEvents> = searchEvents(
          { where: expression, window: EVERYTHING, order: 'newest', fields: [], limit: Math.min(left, PAGE), after },
          scope,
        )
        let step = steps.next()
        while (step.done !== true) step = steps.next()
        const page = step.value
        if (!page.ok) return refuse(page.error, expression)
        const { events } = page.value
        const raws = input.flag('raw')
          ? rawById(
              events.map(({ id }) => Number(id)),
              scope,
            )
          : []
        for (const [i, event] of events.entries()) {
          const raw = raws[i]
          await out(JSON.stringify(raw ? { ...event, raw: Buffer.from(raw).toString('utf8') } : event))
        }
        left -= page.value.events.length
        after = page.value.after
        if (after === null) break
      }
      return input.signal.aborted ? 1 : 0
    } finally {
      library.close()
    }
  },
})
