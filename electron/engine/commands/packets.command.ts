import { factsOf } from '../packets/bench/facts-summary.ts'
import { defineCommand, out } from './define.ts'
import { CAPTURE_OPTIONS, FILTER_OPTION, withCaptures, type TerminalCapture } from './open-captures.ts'
import { packetJson, packetLine } from './packet-line.ts'
import { refuse } from './refuse.ts'

/** Rows that are read at once. */
const PAGE = 1000

export default defineCommand({
  name: 'packets',
  usage: "<capture>... [--json] | --filter '<filter>' [--count | --json]",
  summary:
    'Reads captures (several are merged by time). Alone: a line for each packet. --json: what is in the capture, as one object. With a filter: its packets as lines or JSON lines, or their number.',
  options: {
    filter: FILTER_OPTION,
    count: { type: 'boolean', doc: 'one number instead of the packets' },
    json: { type: 'boolean', doc: 'one object about the capture; with a filter, one for each packet' },
    ...CAPTURE_OPTIONS,
  },
  run(input) {
    const filter = input.text('filter')
    const [count, json] = [input.flag('count'), input.flag('json')]
    return withCaptures(input, filter, async (opened) => {
      const { capture } = opened
      if (filter === undefined && json && !count) {
        await out(JSON.stringify(await factsOf(capture)))
        return 0
      }
      let view: number | null = null
      let total = capture.index.columns.length
      if (filter !== undefined) {
        const filtered = await opened.filter(filter)
        if (!filtered.ok) return refuse(filtered.error, filter)
        view = filtered.value.view
        total = filtered.value.matched
      }
      if (count) await out(String(total))
      else return list(opened, view, total, json, input.signal)
      return 0
    })
  },
})

async function list(
  { capture, call }: TerminalCapture,
  view: number | null,
  total: number,
  json: boolean,
  signal: AbortSignal,
): Promise<number> {
  const { totals } = capture.index.known
  const width = String(capture.index.columns.length).length
  for (let from = 0; from < total; from += PAGE) {
    if (signal.aborted) return 1
    const page = await call('rows', { view, from, count: PAGE, fields: [] })
    if (!page.ok) return refuse(page.error)
    for (const row of page.value.rows) await out(json ? JSON.stringify(packetJson(row, totals)) : packetLine(row, totals, width))
  }
  return 0
}
