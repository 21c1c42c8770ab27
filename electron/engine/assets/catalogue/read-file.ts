/** One file of an import: recognised, read row by row, its rows given on in batches. */
import type { RowProblem } from '../../../../shared/model/asset.ts'
import { ReadProblem } from '../../ingest/read-problem.ts'
import { inventories } from '../inventories/registry.ts'
import type { InventoryDefinition, InventoryItem } from '../inventories/define.ts'
import { FileProblem } from '../reading/row.ts'
import { openText, type OpenText } from '../reading/text-pieces.ts'
import { vulnerabilityFormats } from '../vulnerabilities/registry.ts'
import type { VulnerabilitiesDefinition, VulnerabilityItem } from '../vulnerabilities/define.ts'
import type { Written } from './catalogue.ts'
import type { ReadDone, ReadProgress } from './messages.ts'

export interface ReadSink {
  assets(items: readonly InventoryItem[]): Promise<void>
  vulnerabilities(items: readonly VulnerabilityItem[]): Written
  progress(progress: ReadProgress): void
}

const MOST_PROBLEMS = 100
const BATCH = { inventory: 200, vulnerabilities: 500 } as const
const SURE = 0.5

type Recognised =
  | { readonly kind: 'inventory'; readonly format: InventoryDefinition }
  | { readonly kind: 'vulnerabilities'; readonly format: VulnerabilitiesDefinition }

/** The most certain format; null where none is certain enough. */
export function recogniseFile(head: string, fileName: string): Recognised | null {
  let best: Recognised | null = null
  let certainty = SURE
  const look = (one: Recognised): void => {
    const sure = one.format.recognises(head, fileName)
    if (sure > certainty) [best, certainty] = [one, sure]
  }
  for (const format of inventories) look({ kind: 'inventory', format })
  for (const format of vulnerabilityFormats) look({ kind: 'vulnerabilities', format })
  return best
}

/** Never rejects but for what the sink throws. */
export async function readFile(path: string, sink: ReadSink, signal: AbortSignal): Promise<ReadDone> {
  const nothing = { format: null, kind: null, rows: 0, added: 0, changed: 0, wrong: 0, problems: [] } as const
  let text: OpenText
  try {
    text = await openText(path)
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    return { ...nothing, refused: missing ? 'not_found' : 'unreadable' }
  }
  try {
    const found = recogniseFile(text.head, path)
    if (found === null) return { ...nothing, refused: 'not_recognised' }
    const run = new Run(text, sink, signal)
    await (found.kind === 'inventory' ? run.inventory(found.format) : run.vulnerabilities(found.format))
    return { format: found.format.id, kind: found.kind, ...run.done() }
  } finally {
    await text.close()
  }
}

class Run {
  readonly #text: OpenText
  readonly #sink: ReadSink
  readonly #signal: AbortSignal
  readonly #problems: RowProblem[] = []
  #rows = 0
  #wrong = 0
  #bytes = 0
  #written: Written = { added: 0, changed: 0 }
  #refused: ReadDone['refused'] = null

  constructor(text: OpenText, sink: ReadSink, signal: AbortSignal) {
    this.#text = text
    this.#sink = sink
    this.#signal = signal
  }

  async inventory(format: InventoryDefinition): Promise<void> {
    let batch: InventoryItem[] = []
    const give = async (): Promise<void> => {
      if (batch.length > 0) await this.#sink.assets(batch)
      batch = []
      this.#tell()
    }
    await this.#each(
      format,
      async (item) => {
        batch.push(item)
        if (batch.length >= BATCH.inventory) await give()
      },
      give,
    )
  }

  async vulnerabilities(format: VulnerabilitiesDefinition): Promise<void> {
    let batch: VulnerabilityItem[] = []
    const give = async (): Promise<void> => {
      const { added, changed } = this.#sink.vulnerabilities(batch)
      this.#written.added += added
      this.#written.changed += changed
      batch = []
      this.#tell()
      // Others ask this thread too.
      await new Promise<void>((resolve) => setImmediate(resolve))
    }
    await this.#each(
      format,
      async (item) => {
        batch.push(item)
        if (batch.length >= BATCH.vulnerabilities) await give()
      },
      give,
    )
  }

  async #each<T extends { readonly kind: string }>(
    format: {
      read(
        pieces: AsyncIterable<string>,
        head: string,
      ): AsyncGenerator<T | { readonly kind: 'problem'; readonly problem: RowProblem }>
    },
    take: (item: T) => Promise<void>,
    give: () => Promise<void>,
  ): Promise<void> {
    const pieces = this.#text.pieces(this.#signal, (bytes) => (this.#bytes = bytes))
    try {
      for await (const item of format.read(pieces, this.#text.head)) {
        this.#signal.throwIfAborted()
        if (isProblem(item)) this.#add(item.problem)
        else {
          this.#rows++
          await take(item as T)
        }
      }
    } catch (error) {
      if (this.#signal.aborted) this.#refused = 'cancelled'
      else if (error instanceof FileProblem) this.#add(error.problem)
      else if (error instanceof ReadProblem) this.#refused = 'unreadable'
      else throw error
    }
    await give()
  }

  #add(problem: RowProblem): void {
    this.#wrong++
    if (this.#problems.length < MOST_PROBLEMS) this.#problems.push(problem)
  }
  #tell(): void {
    this.#sink.progress({ bytes: this.#bytes, of: this.#text.size, rows: this.#rows, wrong: this.#wrong })
  }
  done(): Omit<ReadDone, 'format' | 'kind'> {
    return { rows: this.#rows, ...this.#written, wrong: this.#wrong, problems: this.#problems, refused: this.#refused }
  }
}

const isProblem = (item: { readonly kind: string }): item is { readonly kind: 'problem'; readonly problem: RowProblem } =>
  item.kind === 'problem'
