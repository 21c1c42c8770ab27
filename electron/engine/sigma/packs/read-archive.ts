/** A zip file → its rule files. */
import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import type { LeftOut } from '../../../../shared/pack-contract.ts'
import { MAX_FILE } from '../yaml-source.ts'
import { isHidden } from './entry-name.ts'
import { MAX_ARCHIVE, MAX_MANIFEST, MAX_UNPACKED } from './limits.ts'
import { MANIFEST } from './manifest.ts'
import type { Pace } from './pace.ts'
import { cancelled, type PackFile, type PackFiles } from './pack-file.ts'
import { refuse } from './refusal.ts'
import { commonFolder, leftOutByName } from './take-file.ts'
import { unpack } from './unpack.ts'
import { zipEntries } from './zip-entries.ts'

const PIECE = 1024 * 1024

/** Rejects with an error of the file system. */
export async function readArchive(path: string, pace: Pace, signal?: AbortSignal): Promise<Result<PackFiles>> {
  const file = await open(path, 'r')
  const hash = createHash('sha256')
  let archive: Uint8Array
  try {
    const { size } = await file.stat()
    if (size > MAX_ARCHIVE) return refuse(path, `is longer than ${MAX_ARCHIVE} bytes`)
    archive = new Uint8Array(size)
    for (let at = 0; at < size;) {
      const { bytesRead } = await file.read(archive, at, Math.min(PIECE, size - at), at)
      if (bytesRead === 0) return refuse(path, 'became shorter while it was read')
      hash.update(archive.subarray(at, at + bytesRead))
      at += bytesRead
      await pace.rest()
    }
  } finally {
    await file.close()
  }
  if (archive[0] !== 0x50 || archive[1] !== 0x4b)
    return fail({ code: 'unsupported_format', message: `${path} is neither a zip file nor a folder` })
  return filesOfArchive(archive, hash.digest('hex'), pace, signal)
}

/** `sum`: of its bytes. */
export async function filesOfArchive(
  archive: Uint8Array,
  sum: string,
  pace: Pace,
  signal?: AbortSignal,
): Promise<Result<PackFiles>> {
  const entries = await zipEntries(archive, pace)
  if (!entries.ok) return entries
  const folder = commonFolder(
    entries.value.flatMap(({ name }) => (isHidden(name) ? [] : [name])),
    MANIFEST,
  )
  const files: PackFile[] = []
  const left: LeftOut[] = []
  let manifest: Uint8Array | null = null
  let room = MAX_UNPACKED
  for (const entry of entries.value) {
    if (signal?.aborted === true) return cancelled()
    const name = entry.name.startsWith(folder) ? entry.name.slice(folder.length) : entry.name
    const isManifest = name === MANIFEST
    const why = isManifest ? null : leftOutByName(name)
    if (why !== null) {
      left.push({ file: name, why })
      continue
    }
    const limit = isManifest ? MAX_MANIFEST : MAX_FILE
    // Of what they say first, so that nothing is unpacked in vain; then of what they are.
    if (entry.size > room && entry.size <= limit) return refuse(entry.name, `more than ${MAX_UNPACKED} bytes in all`)
    const bytes = await unpack(entry, limit, pace)
    if (!bytes.ok) return bytes
    room -= bytes.value.length
    if (isManifest) manifest = bytes.value
    else files.push({ name, bytes: bytes.value })
  }
  files.sort((a, b) => (a.name < b.name ? -1 : 1))
  return ok({ files, manifest, left, sha256: sum })
}
