/**
 * Captures for a command: opened as one, merged by time, read to their end, in this very process. The index lies in a temporary
 * folder that goes at the end, or, with `--data`, where the desk finds it too.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import { identityOf } from '../packets/bench/bench.ts'
import { captureHandlers, type CallName, type CaptureCalls } from '../packets/bench/capture-calls.ts'
import { OpenCapture } from '../packets/bench/open-capture.ts'
import { RecentCaptures } from '../packets/bench/recent-captures.ts'
import { dissectedFilter } from '../packets/dissect/dissected-filter.ts'
import { Dissector } from '../packets/dissect/dissector.ts'
import { FieldNames } from '../packets/dissect/field-names.ts'
import { checkFilter } from '../packets/filter/check-filter.ts'
import { CaptureIndex } from '../packets/index/capture-index.ts'
import { talk, UsageError, type CommandInput, type CommandOption } from './define.ts'
import { refuse } from './refuse.ts'

/** What every command about captures takes. */
export const CAPTURE_OPTIONS = {
  data: {
    type: 'string',
    value: '<dir>',
    doc: 'data folder in which the index is kept, and found the next time (default: none)',
  },
} as const satisfies Record<string, CommandOption>
export const FILTER_OPTION = {
  type: 'string',
  value: "'<filter>'",
  doc: "packets that Wireshark's display filter lets through",
} as const satisfies CommandOption

/** Milliseconds that the dissectors may take to say what a field is: nobody is typing. */
const PATIENCE = 60_000
const TOLD_EVERY = 5_000

export interface TerminalCapture {
  readonly capture: OpenCapture
  call<N extends CallName>(name: N, input: CaptureCalls[N][0]): Promise<Result<CaptureCalls[N][1]>>
  /** The number of a view with the packets that the filter lets through. */
  filter(text: string): Promise<Result<{ readonly view: number; readonly matched: number }>>
}

/**
 * Opens the captures that the command line names and gives them to `use`, whose exit code is given back. `filter` is looked at
 * before anything is read: 2 where it is wrong. 1 where there is no capture.
 */
export async function withCaptures(
  input: CommandInput,
  filter: string | undefined,
  use: (opened: TerminalCapture) => Promise<number>,
): Promise<number> {
  if (input.positionals.length === 0) throw new UsageError('name at least one capture')
  const paths = input.positionals.map((path) => resolve(path))
  const dissector = new Dissector()
  const fieldNames = new FieldNames(dissector, PATIENCE)
  try {
    if (filter !== undefined) {
      const checked = await checkFilter(filter, fieldNames)
      if (!checked.ok) return refuse(checked.error, filter)
    }
    const place = await placeFor(paths, input.text('data'))
    if (!place.ok) return refuse(place.error)
    const { id, bytes, folder, temporary, recent } = place.value
    const clean = (): void => {
      if (temporary) rmSync(folder, { recursive: true, force: true })
    }
    // Whoever reads the output may be gone before its end, and the program ends at once.
    process.once('exit', clean)
    try {
      const opened = await OpenCapture.open(id, folder, paths, () => undefined)
      if (!opened.ok) return refuse(opened.error)
      const capture = opened.value
      try {
        const read = await readAll(capture, input.signal)
        if (!read) return 1
        recent?.note({ id, paths, opened: new Date().toISOString(), packets: capture.index.columns.length, bytes })
        return await use(terminalCapture(capture, fieldNames, dissector, input.signal))
      } finally {
        await capture.close()
      }
    } finally {
      process.removeListener('exit', clean)
      clean()
    }
  } finally {
    dissector.close()
  }
}

interface Place {
  readonly id: string
  readonly bytes: number
  readonly folder: string
  readonly temporary: boolean
  readonly recent: RecentCaptures | null
}

async function placeFor(paths: readonly string[], data: string | undefined): Promise<Result<Place>> {
  const identity = await identityOf(paths)
  if (!identity.ok) return identity
  const { id, bytes } = identity.value
  if (data !== undefined) {
    const recent = new RecentCaptures(join(resolve(data), 'captures'))
    const folder = join(recent.folder, id)
    if (!existsSync(folder) || isWhole(folder)) return ok({ id, bytes, folder, temporary: false, recent })
    // Somebody is reading it at this moment, or was interrupted: this reader keeps out of the way.
  }
  return ok({ id, bytes, folder: mkdtempSync(join(tmpdir(), 'watchfloor-capture-')), temporary: true, recent: null })
}

function isWhole(folder: string): boolean {
  const index = CaptureIndex.open(folder)
  index?.close()
  return index !== null
}

/** False where it was interrupted or failed, which has been said. */
async function readAll(capture: OpenCapture, signal: AbortSignal): Promise<boolean> {
  const stop = (): void => capture.stop()
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop, { once: true })
  const talking = setInterval(() => {
    const { progress, packets, state } = capture.summary
    const share = progress.of > 0 ? Math.floor((progress.bytes / progress.of) * 100) : 100
    talk(`${packets} packets, ${share} % ${state === 'indexing' ? 'indexed' : 'read'}`)
  }, TOLD_EVERY)
  try {
    await capture.read()
  } finally {
    clearInterval(talking)
    signal.removeEventListener('abort', stop)
  }
  const { state, problem } = capture.summary
  if (state === 'failed') talk(problem ?? 'the capture could not be read')
  return state === 'ready' && !signal.aborted
}

function terminalCapture(
  capture: OpenCapture,
  fieldNames: FieldNames,
  filterDissector: Dissector,
  signal: AbortSignal,
): TerminalCapture {
  const handlers = captureHandlers(capture)
  const call = async <N extends CallName>(
    name: N,
    input: CaptureCalls[N][0],
    _?: AbortSignal,
    progress: (value: unknown) => void = () => undefined,
  ): Promise<Result<CaptureCalls[N][1]>> => await handlers[name](input, progress, signal)
  let told = Date.now()
  return {
    capture,
    call: (name, input) => call(name, input),
    async filter(text) {
      if (signal.aborted) return fail({ code: 'cancelled', message: 'Cancelled.' })
      return await dissectedFilter(
        { thread: () => ok({ call }), fieldNames, filterDissector },
        { capture: capture.id, filter: text, span: { from: null, to: null } },
        ({ scanned, of, matched }) => {
          if (Date.now() - told < TOLD_EVERY) return
          told = Date.now()
          talk(`${scanned} of ${of} packets filtered, ${matched} found`)
        },
        signal,
      )
    },
  }
}
