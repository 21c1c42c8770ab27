/** Captures and packets (contract areas `captures` and `packets`). */
import { existsSync, mkdirSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import type { WatchfloorContract } from '../../../shared/contract.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import type { HandlersOf } from '../../../shared/rpc/kinds.ts'
import type { PacketBench } from '../packets/bench/bench.ts'
import type { CallName, CaptureCalls } from '../packets/bench/capture-calls.ts'
import { dissectedFilter } from '../packets/dissect/dissected-filter.ts'
import { dissectedStream, saveDissected } from '../packets/dissect/dissected-stream.ts'
import { fullTree } from '../packets/dissect/full-tree.ts'
import { checkFilter } from '../packets/filter/check-filter.ts'
import { completeFilter } from '../packets/filter/complete.ts'
import { Changes } from './changes.ts'
import { latest } from './latest.ts'
import type { PacketLinks } from '../packets/links/packet-links.ts'

type Names = Extract<keyof WatchfloorContract, `captures.${string}` | `packets.${string}`>
const GAP_MS = 100

export function packetHandlers(bench: PacketBench, links: PacketLinks): Pick<HandlersOf<WatchfloorContract>, Names> {
  const ask = async <N extends CallName>(
    capture: string,
    name: N,
    input: CaptureCalls[N][0],
    signal: AbortSignal,
    progress?: (value: unknown) => void,
  ): Promise<Result<CaptureCalls[N][1]>> => {
    const thread = bench.thread(capture)
    return thread.ok ? thread.value.call(name, input, signal, progress) : thread
  }
  return {
    'captures.open': ({ paths }) => bench.openFiles(paths),
    'captures.list': async () => {
      const open = bench.open
      const ids = new Set(open.map(({ id }) => id))
      return ok({ open: [...open], recent: bench.recent.list.filter(({ id }) => !ids.has(id)) })
    },
    'captures.get': ({ capture }, { signal }) => ask(capture, 'summary', {}, signal),
    'captures.watch': async ({ capture }, emit, { signal }) => {
      const thread = bench.thread(capture)
      if (!thread.ok) return thread
      const changes = new Changes(GAP_MS)
      const remove = thread.value.onChange(() => changes.mark())
      try {
        if (thread.value.capture !== null) await emit(thread.value.capture)
        while (!thread.value.gone && (await changes.next(signal)))
          if (thread.value.capture !== null) await emit(thread.value.capture)
      } finally {
        remove()
      }
      return ok(undefined)
    },
    'captures.stop': ({ capture }, { signal }) => ask(capture, 'stop', {}, signal),
    'captures.resume': async ({ capture }, { signal }) => {
      const summary = await ask(capture, 'summary', {}, signal)
      if (!summary.ok || summary.value.state !== 'stopped') return summary
      // A stopped one is read again from the beginning: its index was never whole.
      await bench.closeCapture(capture)
      return bench.openFiles(summary.value.files.map(({ path }) => path))
    },
    'captures.close': async ({ capture }) => {
      await bench.closeCapture(capture)
      return ok({})
    },
    'captures.keys': ({ capture, path }, { signal }) =>
      path !== null && !isAbsolute(path)
        ? Promise.resolve(fail({ code: 'invalid_input', message: 'The path must be absolute.', path: 'path' }))
        : ask(capture, 'keys', { path }, signal),

    'packets.check': async ({ filter }) => {
      const checked = await checkFilter(filter, bench.fieldNames)
      return checked.ok ? ok({ how: checked.value.how, dissected: [...checked.value.dissected] }) : checked
    },
    'packets.complete': async ({ filter, cursor, limit }) => {
      const { choices, ...range } = await completeFilter(filter, cursor, limit, bench.fieldNames)
      return ok({ ...range, choices: [...choices] })
    },
    'packets.filter': (input, emit, { signal }) => dissectedFilter(bench, input, latest(emit), signal),
    'packets.rows': ({ capture, ...input }, { signal }) => ask(capture, 'rows', input, signal),
    'packets.place': ({ capture, ...input }, { signal }) => ask(capture, 'place', input, signal),
    'packets.at': ({ capture, ...input }, { signal }) => ask(capture, 'at', input, signal),
    'packets.bytes': ({ capture, ...input }, { signal }) => ask(capture, 'bytes', input, signal),
    'packets.tree': (input, { signal }) => fullTree(bench, input, signal),
    'packets.find': async ({ capture, what, ...input }, emit, { signal }) => {
      const tell = latest(emit)
      if (what !== 'filter')
        return ask(capture, 'find', { ...input, what }, signal, (value) => tell(value as { scanned: number; of: number }))
      const filtered = await dissectedFilter(bench, { capture, filter: input.text, span: { from: null, to: null } }, tell, signal)
      if (!filtered.ok) return filtered
      const next = await ask(
        capture,
        'nextOf',
        { view: filtered.value.view, within: input.view, after: input.after, backwards: input.backwards },
        signal,
      )
      return next.ok ? ok({ packet: next.value.packet, from: 0, length: 0 }) : next
    },
    'packets.mark': ({ capture, ...input }, { signal }) => ask(capture, 'mark', input, signal),
    'packets.nextMark': ({ capture, ...input }, { signal }) => ask(capture, 'nextMark', input, signal),
    'packets.comment': async ({ capture, ...input }, { signal }) => {
      const done = await ask(capture, 'comment', input, signal)
      return done.ok ? ok({}) : done
    },
    'packets.flow': ({ capture, ...input }, { signal }) => ask(capture, 'flow', input, signal),
    'packets.conversations': ({ capture, ...input }, { signal }) => ask(capture, 'conversations', input, signal),
    'packets.endpoints': ({ capture, ...input }, { signal }) => ask(capture, 'endpoints', input, signal),
    'packets.hierarchy': ({ capture, ...input }, { signal }) => ask(capture, 'hierarchy', input, signal),
    'packets.graph': ({ capture, ...input }, { signal }) => ask(capture, 'graph', input, signal),
    'packets.sequence': ({ capture, ...input }, { signal }) => ask(capture, 'sequence', input, signal),
    'packets.follow': ({ capture, as, ...input }, { signal }) =>
      as === 'tcp' || as === 'udp'
        ? ask(capture, 'follow', input, signal)
        : dissectedStream(bench, { capture, as, ...input }, signal),
    'packets.saveStream': async ({ capture, flow, as, direction, path }, { signal }) => {
      const target = exportPath(bench.dataDir, path, 'stream', 'bin')
      if (!target.ok) return target
      if (as === 'tcp' || as === 'udp') return ask(capture, 'saveStream', { flow, direction, path: target.value }, signal)
      return saveDissected(bench, { capture, flow, as, direction, path: target.value }, signal)
    },
    'packets.objects': ({ capture, flow }, emit, { signal }) => {
      const tell = latest(emit)
      return ask(capture, 'objects', { flow }, signal, (value) => tell(value as { scanned: number; of: number; found: number }))
    },
    'packets.saveObjects': async ({ capture, ids, folder }, { signal }) => {
      const target = folder === null ? exportPath(bench.dataDir, null, 'objects', '') : checkedPath(folder)
      if (!target.ok) return target
      const saved = await ask(capture, 'saveObjects', { ids, folder: target.value }, signal)
      return saved.ok ? ok({ folder: target.value, files: saved.value }) : saved
    },
    'packets.carve': async ({ capture, path, ...choice }, emit, { signal }) => {
      const tell = latest(emit)
      const target = exportPath(bench.dataDir, path, 'carved', 'pcapng')
      if (!target.ok) return target
      let view: number | null = null
      if (choice.filter.trim() !== '') {
        const filtered = await dissectedFilter(
          bench,
          { capture, filter: choice.filter, span: choice.span },
          () => undefined,
          signal,
        )
        if (!filtered.ok) return filtered
        view = filtered.value.view
      }
      return ask(capture, 'carve', { ...choice, view, path: target.value }, signal, (value) =>
        tell(value as { scanned: number; of: number; written: number }),
      )
    },
    'packets.locate': (input, { signal }) => links.locate(input, signal),
    'packets.related': (input, { signal }) => links.related(input, signal),
    'packets.alerts': (input, { signal }) => links.alerts(input, signal),
  }
}

function checkedPath(path: string): Result<string> {
  if (!isAbsolute(path) || path.includes('\0'))
    return fail({ code: 'invalid_input', message: 'The path must be absolute.', path: 'path' })
  return ok(path)
}

/** Where something is written: the path that was named, or a new one in the data folder's `exports`. */
function exportPath(dataDir: string, path: string | null, name: string, extension: string): Result<string> {
  if (path !== null) {
    const checked = checkedPath(path)
    if (!checked.ok) return checked
    if (!existsSync(dirname(path)))
      return fail({ code: 'invalid_input', message: `There is no folder ${dirname(path)}.`, path: 'path' })
    if (existsSync(path)) return fail({ code: 'conflict', message: `${path} exists already.` })
    return ok(path)
  }
  const folder = join(dataDir, 'exports')
  mkdirSync(folder, { recursive: true })
  const stem = `${name}-${new Date().toISOString().slice(0, 19).replaceAll(':', '').replace('T', '-')}`
  const end = extension === '' ? '' : `.${extension}`
  let target = join(folder, `${stem}${end}`)
  for (let n = 2; existsSync(target); n++) target = join(folder, `${stem}-${n}${end}`)
  return ok(target)
}
