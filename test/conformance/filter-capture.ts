/** How many packets of a capture a display filter lets through: by the index, the own decoders and the dissectors, as in the bench. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { captureHandlers, type CallName, type CaptureCalls } from '../../electron/engine/packets/bench/capture-calls.ts'
import { OpenCapture } from '../../electron/engine/packets/bench/open-capture.ts'
import { dissectedFilter } from '../../electron/engine/packets/dissect/dissected-filter.ts'
import { Dissector } from '../../electron/engine/packets/dissect/dissector.ts'
import { FieldNames } from '../../electron/engine/packets/dissect/field-names.ts'
import { ok, type Result } from '../../shared/model/result.ts'

type Call = <N extends CallName>(
  name: N,
  input: CaptureCalls[N][0],
  signal?: AbortSignal,
  progress?: (value: unknown) => void,
) => Promise<Result<CaptureCalls[N][1]>>
interface Opened {
  readonly path: string
  readonly folder: string
  readonly capture: OpenCapture
  readonly call: Call
}

const signal = new AbortController().signal

export class FilteredCaptures {
  readonly #dissector = new Dissector()
  /** Nobody waits here for a name while typing. */
  readonly #fieldNames = new FieldNames(this.#dissector, 60_000)
  #opened: Opened | null = null

  /** The last capture stays open: filters of one capture are asked one after the other. */
  async #open(path: string): Promise<Opened> {
    if (this.#opened?.path === path) return this.#opened
    await this.#close()
    const folder = mkdtempSync(join(tmpdir(), 'watchfloor-filter-'))
    const opened = await OpenCapture.open('filtered', folder, [path], () => undefined)
    if (!opened.ok) throw new Error(opened.error.message)
    const capture = opened.value
    await capture.read()
    if (capture.phase !== 'ready') throw new Error(capture.summary.problem ?? capture.phase)
    const handlers = captureHandlers(capture)
    const call: Call = async (name, input, _, progress = () => undefined) => await handlers[name](input, progress, signal)
    return (this.#opened = { path, folder, capture, call })
  }
  async #close(): Promise<void> {
    await this.#opened?.capture.close()
    if (this.#opened !== null) rmSync(this.#opened.folder, { recursive: true, force: true })
    this.#opened = null
  }

  async filter(
    path: string,
    filter: string,
  ): Promise<{ readonly matched: number; readonly how: 'index' | 'decode' | 'dissect' }> {
    const { call } = await this.#open(path)
    const found = await dissectedFilter(
      { thread: () => ok({ call }), fieldNames: this.#fieldNames, filterDissector: this.#dissector },
      { capture: 'filtered', filter, span: { from: null, to: null } },
      () => undefined,
      signal,
    )
    if (!found.ok) throw new Error(`${filter}: ${found.error.message}`)
    return found.value
  }

  async close(): Promise<void> {
    this.#dissector.close()
    await this.#close()
  }
}
