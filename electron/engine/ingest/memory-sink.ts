/** A store and parser threads without threads or files, for tests: what was committed is kept as records in order. */
import { ok, type Result, type WatchfloorError } from '../../../shared/model/result.ts'
import { say } from '../../../shared/model/sentence.ts'
import type { FieldRegistry } from '../event/field-registry.ts'
import type { EventRow } from '../event/row.ts'
import type { CompileRules } from '../sigma/types.ts'
import type { Batch, Position } from '../store/batch.ts'
import type { Committed, CommitSink } from '../store/types.ts'
import { parserById } from './parsers/registry.ts'
import { ThreadDied, type ParserThreads } from './parser-pool.ts'
import { WorkParser, type RowSink } from './parse-work.ts'
import type { Work } from './work.ts'

class RawRows implements RowSink {
  raws: string[] = []
  get rows(): number {
    return this.raws.length
  }
  add(_row: EventRow, raw: Uint8Array): void {
    this.raws.push(Buffer.from(raw).toString('utf8'))
  }
  finish(): NonNullable<Batch['block']> {
    const data = Buffer.from(JSON.stringify(this.raws))
    const block = {
      rows: this.raws.length,
      minTime: 0,
      maxTime: 0,
      columns: [{ field: 'raw', data: Uint8Array.from(data) }],
      raw: [],
      bloom: new Uint8Array(0),
      rawBytes: data.length,
    }
    this.raws = []
    return block
  }
}
const noRules: CompileRules = () => ({
  matcher: {
    size: 0,
    slow: [],
    wants: () => false,
    match: () => [],
    read: () => [],
    costs: () => [],
    putAside: () => undefined,
    explain: () => [],
  },
  problems: [],
})

/** Parser threads that run where they are called, each work a little later. */
export class MemoryThreads implements ParserThreads {
  readonly size = 2
  readonly #parsers
  /** Called before each work; may throw to let the thread die over it. */
  before: (work: Work) => void = () => undefined

  constructor(compileRules: CompileRules = noRules, createBuilder: (fields: FieldRegistry) => RowSink = () => new RawRows()) {
    this.#parsers = [0, 1].map(() => new WorkParser({ parserById, compileRules, createBuilder }))
  }
  begin(): void {}
  async run(thread: number, work: Work): Promise<Batch> {
    await new Promise((resolve) => setImmediate(resolve))
    try {
      this.before(work)
    } catch (error) {
      throw new ThreadDied(say('parser_thread_died', { text: String(error) }))
    }
    return this.#parsers[thread]!.run(work)
  }
  forget(stream: number): void {
    for (const parser of this.#parsers) parser.forget(stream)
  }
  setRules(): void {}
  async close(): Promise<void> {}
}

export interface StoredRecord {
  readonly source: string
  readonly origin: string
  readonly record: number | null
  readonly offset: number | null
  readonly raw: string
}

/** Commits as the store does: all of a batch or nothing, positions with it. */
export class MemorySink implements CommitSink {
  readonly records: StoredRecord[] = []
  readonly rejects: Batch['rejects'][number][] = []
  readonly batches: Batch[] = []
  readonly #positions = new Map<string, Position>()
  /** Set: commits fail with it. */
  error: WatchfloorError | null = null

  async commit(batch: Batch): Promise<Result<Committed>> {
    await new Promise((resolve) => setImmediate(resolve))
    if (this.error !== null) return { ok: false, error: this.error }
    this.batches.push(batch)
    const raws = batch.block === null ? [] : (JSON.parse(Buffer.from(batch.block.columns[0]!.data).toString()) as string[])
    let row = 0
    for (const { rows, source, origin, record, offsets } of batch.places) {
      for (let i = 0; i < rows; i++)
        this.records.push({
          source,
          origin,
          record: record === null ? null : record + i,
          offset: offsets?.[i] ?? null,
          raw: raws[row++]!,
        })
    }
    this.rejects.push(...batch.rejects)
    for (const position of batch.positions) this.#positions.set(`${position.source}\0${position.file}`, position)
    return ok({ day: '2026-01-01', firstId: row > 0 ? this.records.length - row : null, rows: row, times: null })
  }
  async positions(source: string): Promise<readonly Position[]> {
    return [...this.#positions.values()].filter((position) => position.source === source).reverse()
  }
  async importedContent(files: readonly string[]): Promise<readonly Position[]> {
    return [...this.#positions.values()].filter(({ file }) =>
      files.some((wanted) => file === wanted || file.startsWith(`${wanted}:`)),
    )
  }
  get raws(): string[] {
    return this.records.map(({ raw }) => raw)
  }
}
