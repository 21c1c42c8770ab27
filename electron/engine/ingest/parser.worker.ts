/** A parser thread. In: {@link ToParser}; out: {@link FromParser}. */
import { deserialize } from 'node:v8'
import { parentPort } from 'node:worker_threads'
import { compileRules } from '../sigma/compile.ts'
import type { LogSource } from '../sigma/logsources/log-source.ts'
import type { CostReport } from '../sigma/rule-costs.ts'
import type { SigmaRule } from '../sigma/types.ts'
import type { Batch } from '../store/batch.ts'
import { BlockBuilder } from '../store/block-builder.ts'
import { WorkParser } from './parse-work.ts'
import { parserById } from './parsers/registry.ts'
import type { Work } from './work.ts'

export type ToParser =
  | { readonly kind: 'work'; readonly work: Work }
  /** A part of a new set of rules, serialized and shared; the set is used from its last part on. */
  | {
      readonly kind: 'rules'
      readonly part: Uint8Array<SharedArrayBuffer>
      readonly first: boolean
      readonly last: boolean
      readonly sources: readonly LogSource[]
    }
  /** These match nothing any more. */
  | { readonly kind: 'aside'; readonly ids: readonly string[] }
  | { readonly kind: 'forget'; readonly stream: number }
export type FromParser =
  { readonly kind: 'batch'; readonly id: number; readonly batch: Batch } | { readonly kind: 'costs'; readonly report: CostReport }

/** Milliseconds between two reports of costs, where there is work. */
const REPORT_EVERY = 5000

if (parentPort) {
  const port = parentPort
  const parser = new WorkParser({ parserById, compileRules, createBuilder: (fields) => new BlockBuilder(fields) })
  const rules: SigmaRule[] = []
  /** What came before the first set of rules was whole: no record passes without them. */
  let early: Exclude<ToParser, { kind: 'rules' }>[] | null = []
  /** Set while there is something to report. */
  let due: NodeJS.Timeout | null = null
  const report = (): void => {
    if (due !== null) clearTimeout(due)
    due = null
    port.postMessage({ kind: 'costs', report: parser.costs() } satisfies FromParser)
  }
  const take = (message: Exclude<ToParser, { kind: 'rules' }>): void => {
    if (message.kind === 'forget') return parser.forget(message.stream)
    if (message.kind === 'aside') {
      parser.putAside(message.ids)
      return report()
    }
    const batch = parser.run(message.work)
    port.postMessage({ kind: 'batch', id: message.work.id, batch } satisfies FromParser, transferable(batch))
    due ??= setTimeout(report, REPORT_EVERY)
  }
  port.on('message', (message: ToParser) => {
    switch (message.kind) {
      case 'work':
      case 'forget':
      case 'aside':
        if (early === null) take(message)
        else early.push(message)
        break
      case 'rules':
        if (message.first) rules.length = 0
        rules.push(...(deserialize(message.part) as readonly SigmaRule[]))
        if (!message.last) break
        report()
        parser.setRules([...rules], message.sources)
        for (const one of early ?? []) take(one)
        early = null
        break
    }
  })
}

/** Buffers that belong to the batch alone. A view of a shared buffer is copied instead. */
function transferable({ block, hits, rejects, places }: Batch): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>()
  const give = (view: Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer>): void => {
    if (view.byteLength === view.buffer.byteLength && view.byteLength > 0) buffers.add(view.buffer)
  }
  if (block !== null) {
    for (const { data } of block.columns) give(data)
    for (const raw of block.raw) give(raw)
    give(block.bloom)
  }
  for (const { rows } of hits) give(rows)
  for (const { raw } of rejects) give(raw)
  for (const { offsets } of places) if (offsets !== null) give(offsets)
  return [...buffers]
}
