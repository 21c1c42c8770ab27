import { existsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { defineCommand, out, talk, UsageError } from './define.ts'
import { CAPTURE_OPTIONS, FILTER_OPTION, withCaptures } from './open-captures.ts'
import { refuse } from './refuse.ts'

export default defineCommand({
  name: 'carve',
  usage: "<capture>... [--filter '<filter>'] --out <file> [--json]",
  summary: 'Writes packets of captures to a new pcapng file with a comment that says where they came from; prints its hash.',
  options: {
    filter: FILTER_OPTION,
    out: { type: 'string', value: '<file>', doc: 'the new file' },
    json: { type: 'boolean', doc: 'the result as one JSON object' },
    ...CAPTURE_OPTIONS,
  },
  run(input) {
    const named = input.text('out')
    if (named === undefined || named === '') throw new UsageError('--out <file> is missing')
    const filter = input.text('filter')
    const path = resolve(named)
    if (!existsSync(dirname(path))) {
      talk(`There is no folder ${dirname(path)}`)
      return Promise.resolve(1)
    }
    if (isTaken(path)) {
      talk(`${path} exists already`)
      return Promise.resolve(1)
    }
    return withCaptures(input, filter, async (opened) => {
      let view: number | null = null
      if (filter !== undefined && filter.trim() !== '') {
        const filtered = await opened.filter(filter)
        if (!filtered.ok) return refuse(filtered.error, filter)
        view = filtered.value.view
      }
      const carved = await opened.call('carve', {
        view,
        filter: filter ?? '',
        flow: null,
        packets: null,
        span: { from: null, to: null },
        path,
      })
      if (!carved.ok) return refuse(carved.error)
      const { packets, bytes, sha256 } = carved.value
      await out(
        input.flag('json')
          ? JSON.stringify({ path, packets, bytes, sha256 })
          : `${path}: ${packets} packets, ${bytes} bytes, SHA-256 ${sha256}`,
      )
      return 0
    })
  },
})

/** Nothing is overwritten but an empty file, as mktemp makes it. */
function isTaken(path: string): boolean {
  const there = statSync(path, { throwIfNoEntry: false })
  return there !== undefined && (!there.isFile() || there.size > 0)
}
