/** The rotated copies of a followed file, and which of them goes on where reading stopped. */
import { readdir, stat, type FileHandle } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { TAIL_BYTES, tailOf } from '../framer.ts'
import { tailHash } from '../log-reader.ts'
import { openLog, type OpenLog } from '../open-log.ts'

/** Looked at, newest first. */
const MOST = 64

/** Device and inode: what a file is called whatever its name. */
export interface FileId {
  readonly id: string
  readonly size: number
  readonly mtimeNs: bigint
}
export interface Rotation extends FileId {
  readonly path: string
  readonly compressed: boolean
}

export async function identify(path: string): Promise<FileId | null> {
  try {
    const found = await stat(path, { bigint: true })
    return found.isFile() ? { id: `${found.dev}:${found.ino}`, size: Number(found.size), mtimeNs: found.mtimeNs } : null
  } catch {
    return null
  }
}

export const COMPRESSED = /\.(?:gz|zst|xz)$/
const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')

/**
 * Tests names: `eve.json` was rotated to `eve.json.1`, `eve.json-20261120`, `eve.json.2026-11-20.gz`, `eve-20261120.json`,
 * `eve.1.json.zst` …: its name with a number or date at its end or before its extension, perhaps compressed.
 */
export function rotationsOf(name: string): (other: string) => boolean {
  const dot = name.lastIndexOf('.')
  const mark = String.raw`[.\-_]\d[\d\-_.T:]{0,31}`
  const tail = String.raw`(?:\.(?:gz|zst|xz))?$`
  const after = new RegExp(`^${escaped(name)}${mark}${tail}`)
  const inside = dot > 0 ? new RegExp(`^${escaped(name.slice(0, dot))}${mark}${escaped(name.slice(dot))}${tail}`) : null
  return (other) => other !== name && (after.test(other) || (inside?.test(other) ?? false))
}

/** The name that this one would be a rotation of (see {@link rotationsOf}); null where it has no number or date. */
export function rotatedName(name: string): string | null {
  const found = /^(.+?)[.\-_]\d[\d\-_.T:]{0,31}?((?:\.[A-Za-z]\w*)?)$/.exec(name.replace(COMPRESSED, ''))
  const base = found === null ? null : `${found[1]}${found[2]}`
  return base !== null && rotationsOf(base)(name) ? base : null
}

/** Oldest first. Where a copy stands both plain and compressed (compression is under way) the plain one counts. */
export async function listRotations(path: string): Promise<Rotation[]> {
  let found: Rotation[] | null = null
  // A copy that vanishes while the list is made has another name now: the list is made anew.
  for (let tries = 0; found === null && tries < 10; tries++) found = await listOnce(path, tries === 9)
  found ??= []
  found.sort((a, b) => (a.mtimeNs === b.mtimeNs ? byNumber(a.path, b.path) : a.mtimeNs < b.mtimeNs ? -1 : 1))
  return found.slice(-MOST)
}

async function listOnce(path: string, last: boolean): Promise<Rotation[] | null> {
  const folder = dirname(path)
  const isRotation = rotationsOf(basename(path))
  let names: string[]
  try {
    names = (await readdir(folder)).filter(isRotation)
  } catch {
    return []
  }
  const all = new Set(names)
  const found: Rotation[] = []
  for (const name of names) {
    const compressed = COMPRESSED.test(name)
    if (compressed && all.has(name.replace(COMPRESSED, ''))) continue
    const id = await identify(join(folder, name))
    if (id !== null) found.push({ ...id, path: join(folder, name), compressed })
    else if (!last) return null
  }
  return found
}

/** Of two written in the same moment the one with the higher number is the older. */
function byNumber(a: string, b: string): number {
  const number = (path: string): number => Number(/(\d+)\D*$/.exec(basename(path))?.[1] ?? 0)
  return number(b) - number(a)
}

interface Place {
  readonly offset: number
  readonly tail: string
}
interface Copy {
  readonly path: string
  readonly id: string
}

/** The bytes before the place where they are those that its `tail` remembers; null where the content is another. */
export async function continues(copy: Copy, offset: number, tail: string): Promise<Uint8Array<ArrayBuffer> | null> {
  return (await furthest(copy, [{ offset, tail }]))?.bytes ?? null
}

/** Of places the furthest whose bytes the file has before it; null where it has none of them. A compressed one is read once. */
export async function furthest<P extends Place>(
  copy: Copy,
  places: readonly P[],
): Promise<{ known: P; bytes: Uint8Array<ArrayBuffer> } | null> {
  const ascending = [...places].sort((a, b) => a.offset - b.offset)
  let best: { known: P; bytes: Uint8Array<ArrayBuffer> } | null = null
  const look = (known: P, bytes: Uint8Array<ArrayBuffer>): void => {
    if (tailHash(bytes) === known.tail) best = { known, bytes }
  }
  try {
    const log = await openLog(copy.path)
    try {
      if (log.id === copy.id) await (log.plain ? lookPlain(log, ascending, look) : lookDecompressed(log, ascending, look))
    } finally {
      await log.close()
    }
  } catch {
    // Gone, or broken: what was found before that counts.
  }
  return best
}

type Look<P> = (place: P, bytes: Uint8Array<ArrayBuffer>) => void

async function lookPlain<P extends Place>({ handle }: OpenLog, places: readonly P[], look: Look<P>): Promise<void> {
  for (const place of places) {
    const bytes = await tailAt(handle, place.offset)
    if (bytes === null) return
    look(place, bytes)
  }
}

async function lookDecompressed<P extends Place>(log: OpenLog, places: readonly P[], look: Look<P>): Promise<void> {
  let tail: Uint8Array<ArrayBuffer> = new Uint8Array(0)
  let at = 0
  let next = 0
  for await (const piece of log.pieces()) {
    let rest = piece
    for (let place = places[next]; place !== undefined && place.offset <= at + rest.length; place = places[++next]) {
      tail = tailOf(tail, rest.subarray(0, place.offset - at))
      rest = rest.subarray(place.offset - at)
      at = place.offset
      look(place, tail)
    }
    if (next === places.length) return
    tail = tailOf(tail, rest)
    at += rest.length
  }
}

/** The bytes before `offset` (at most {@link TAIL_BYTES}); null where the file is shorter. */
async function tailAt(handle: FileHandle, offset: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const length = Math.min(TAIL_BYTES, offset)
  const bytes = new Uint8Array(length)
  const { bytesRead } = await handle.read(bytes, 0, length, offset - length)
  return bytesRead === length ? bytes : null
}
