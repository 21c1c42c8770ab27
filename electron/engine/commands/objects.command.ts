import { resolve } from 'node:path'
import { defineCommand, out, talk, UsageError } from './define.ts'
import { CAPTURE_OPTIONS, withCaptures } from './open-captures.ts'
import { refuse } from './refuse.ts'

export default defineCommand({
  name: 'objects',
  usage: '<capture>... --out <dir> [--json]',
  summary:
    'Writes what was transferred in captures (HTTP, SMB, TFTP, FTP, mail) to a folder, below neutral names and never executable; a line for each with its hash.',
  options: {
    out: { type: 'string', value: '<dir>', doc: 'folder to write to; made where it is missing' },
    json: { type: 'boolean', doc: 'objects as JSON lines' },
    ...CAPTURE_OPTIONS,
  },
  run(input) {
    const named = input.text('out')
    if (named === undefined || named === '') throw new UsageError('--out <dir> is missing')
    const folder = resolve(named)
    return withCaptures(input, undefined, async ({ call }) => {
      const found = await call('objects', { flow: null })
      if (!found.ok) return refuse(found.error)
      if (input.signal.aborted) return 1
      const { objects, truncated } = found.value
      const saved = objects.length === 0 ? null : await call('saveObjects', { ids: objects.map(({ id }) => id), folder })
      if (saved !== null && !saved.ok) return refuse(saved.error)
      const pathOf = new Map(saved?.value.map(({ id, path }) => [id, path]))
      for (const { id, ...object } of objects) {
        const path = pathOf.get(id) ?? null
        const { kind, packet, host, name, type, size, sha256, complete } = object
        await out(
          input.flag('json')
            ? JSON.stringify({ ...object, path })
            : `${path} ${size} bytes ${sha256} ${kind} ${type === '' ? '-' : type} packet ${packet} ${host} ${name}${complete ? '' : ' (incomplete)'}`,
        )
      }
      talk(`${objects.length} objects${truncated ? ', and more that were not kept' : ''}`)
      return truncated ? 1 : 0
    })
  },
})
