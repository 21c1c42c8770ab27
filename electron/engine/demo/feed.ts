/**
 * The demonstration, live: files that grow as a sensor's do, with four hours of history before them. Followed by ordinary
 * sources. Nothing is ever dated in the future: a speed above 1 lets the story begin in the past and catch up with the clock,
 * and from there on it goes at the clock's pace.
 */
import { appendFile, mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Micros } from '../../../shared/model/time.ts'
import { Demonstration } from './generate.ts'
import { MINUTE } from './rhythm.ts'
import { captureHeader } from './writers/capture.ts'
import { byFile, type OutputFile, type Piece } from './writers/piece.ts'
import { zeekHeader } from './writers/zeek.ts'

/** What was begun, so that the same demonstration goes on after a restart. */
const State = z.object({
  format: z.literal('watchfloor-demonstration-live-1'),
  seed: z.number().int(),
  speed: z.number().positive(),
  start: z.number().int(),
  /** Clock and position in the story at the beginning. */
  began: z.number().int(),
  position: z.number().int(),
  intrusion: z.object({ at: z.number().int(), span: z.number().int() }),
  /** Everything before it is written. */
  written: z.number().int(),
})
type State = z.infer<typeof State>

export interface FeedOptions {
  readonly folder: string
  readonly seed: number
  /** Story seconds per second until the story has caught up with the clock. */
  readonly speed: number
  /** Minutes of history before the story begins. */
  readonly history?: number
  readonly signal: AbortSignal
  /** Microseconds since 1970. */
  readonly clock?: () => Micros
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>
  /** Told once, when the history is written. */
  readonly ready?: () => void
}

const STATE = 'state.json'
const CAPTURE = 'capture.pcap'
/** Folder of the rolling capture, in the demonstration's own. */
export const CAPTURES = 'captures'
const HISTORY = 240
const STORY = 24 * MINUTE
/** The scan, and the first tries on the web form, are history already when one begins to watch. */
const STARTED = 5 * MINUTE
const TICK = 250
const HELD = 20_000
/** A file of this size is renamed and begun anew; one renamed file is kept. */
const ROTATE = 64 * 1024 * 1024
/** A gap longer than this (the desk was closed) is not filled. */
const LONGEST_GAP = 4 * 60 * MINUTE

/** Runs until it is aborted. Rejects where the disk refuses. */
export async function feed(options: FeedOptions): Promise<void> {
  const clock = options.clock ?? (() => Date.now() * 1000)
  const wait = options.wait ?? ((ms, signal) => sleep(ms, undefined, { signal }))
  const { folder, signal } = options
  await mkdir(folder, { recursive: true })
  const path = join(folder, STATE)
  const state = (await resumed(path, options, clock())) ?? (await begun(folder, options, clock()))
  const files = new Files(folder)
  const save = async (): Promise<void> => {
    // Renamed into place: a half-written state would begin the story again.
    await writeFile(`${path}.new`, JSON.stringify(state))
    await rename(`${path}.new`, path)
  }
  const position = (): Micros => Math.min(clock(), Math.round(state.position + (clock() - state.began) * state.speed))
  const demonstration = new Demonstration({
    seed: state.seed,
    start: state.start,
    minutes: Infinity,
    anchor: state.began,
    fromMinute: Math.floor((state.written - state.start) / MINUTE),
    intrusion: state.intrusion,
    // Of hours of history nobody wants the packets; of the story everybody does.
    capture: true,
    captureFrom: state.intrusion.at,
  })
  let minute = Math.floor((state.written - state.start) / MINUTE)
  let told = false
  // What is past already is written in large pieces.
  let held: Piece[] = []
  const flush = async (): Promise<void> => {
    const pieces = held
    held = []
    await files.append(pieces)
  }
  for await (const pieces of demonstration.minutes()) {
    const end = state.start + ++minute * MINUTE
    let next = pieces.findIndex((piece) => piece.at >= state.written)
    if (next < 0) next = pieces.length
    while (!signal.aborted) {
      const now = position()
      let until = next
      while (until < pieces.length && pieces[until]!.at <= now) until++
      held.push(...pieces.slice(next, until))
      next = until
      if (now >= end) {
        if (held.length >= HELD) await flush()
        break
      }
      await flush()
      if (!told) {
        told = true
        options.ready?.()
      }
      state.written = now
      await save()
      await wait(TICK, signal).catch(() => undefined)
    }
    if (signal.aborted) return await flush()
    state.written = end
  }
}

async function resumed(path: string, options: FeedOptions, now: Micros): Promise<State | null> {
  let text
  try {
    text = await readFile(path, 'utf8')
  } catch {
    return null
  }
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return null
  }
  const parsed = State.safeParse(json)
  if (
    !parsed.success ||
    parsed.data.seed !== options.seed ||
    parsed.data.written > now ||
    now - parsed.data.written > LONGEST_GAP
  )
    return null
  return parsed.data
}

async function begun(folder: string, options: FeedOptions, now: Micros): Promise<State> {
  await mkdir(join(folder, CAPTURES), { recursive: true })
  // Emptied, not removed: the library watches it.
  for (const name of await readdir(folder)) if (name !== CAPTURES) await rm(join(folder, name), { recursive: true, force: true })
  for (const name of await readdir(join(folder, CAPTURES)))
    await rm(join(folder, CAPTURES, name), { recursive: true, force: true })
  // At ordinary speed the story begins now; faster, so far back that it is over when it reaches the clock.
  const position = options.speed > 1 ? now - STORY : now
  const start = Math.floor((position - (options.history ?? HISTORY) * MINUTE) / MINUTE) * MINUTE
  return {
    format: 'watchfloor-demonstration-live-1',
    seed: options.seed,
    speed: options.speed,
    start,
    began: now,
    position,
    intrusion: { at: Math.max(start, position - STARTED), span: STORY },
    written: start,
  }
}

class Files {
  readonly #folder: string
  readonly #sizes = new Map<OutputFile, number>()

  constructor(folder: string) {
    this.#folder = folder
  }

  async append(pieces: readonly Piece[]): Promise<void> {
    if (pieces.length === 0) return
    for (const [file, { bytes }] of byFile(pieces)) {
      const path = join(this.#folder, file === CAPTURE ? CAPTURES : '', file)
      let size = this.#sizes.get(file)
      if (size === undefined) {
        await mkdir(dirname(path), { recursive: true })
        size = await stat(path).then(({ size: known }) => known, () => 0) // prettier-ignore
      }
      if (size > ROTATE) {
        await rename(path, file === CAPTURE ? join(this.#folder, CAPTURES, 'capture-before.pcap') : `${path}.1`)
        size = 0
      }
      const header = size === 0 ? headerOf(file, pieces[0]!.at) : NOTHING
      await appendFile(path, Buffer.concat([header, bytes]))
      this.#sizes.set(file, size + header.length + bytes.length)
    }
  }
}

const NOTHING = new Uint8Array(0)
function headerOf(file: OutputFile, at: Micros): Uint8Array {
  if (file === CAPTURE) return captureHeader()
  return file.startsWith('zeek/') ? Buffer.from(`${zeekHeader(file, at).join('\n')}\n`) : NOTHING
}
