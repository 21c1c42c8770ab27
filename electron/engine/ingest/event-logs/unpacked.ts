/** An event log that is open for reading anywhere in it; a compressed one is unpacked into a file without a name. */
import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OpenLog } from '../open-log.ts'

export interface UnpackedLog {
  readonly handle: FileHandle
  /** Gives its space back; the log stays open. */
  close(): Promise<void>
}

/** Throws as reading the log does, and the file system's error. Ends early, with what there is, when `stopped`. */
export async function unpackedLog(log: OpenLog, stopped: () => boolean): Promise<UnpackedLog> {
  if (log.compression === null) return { handle: log.handle, close: async () => undefined }
  const folder = await mkdtemp(join(tmpdir(), 'watchfloor-event-log-'))
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true })
  let handle: FileHandle | null = null
  try {
    handle = await open(join(folder, 'log'), 'wx+', 0o600)
    // Where the system lets an open file lose its name nothing is left behind by a program that dies.
    if (process.platform !== 'win32') await remove()
    let at = 0
    for await (const piece of log.bytes()) {
      if (stopped()) break
      for (let written = 0; written < piece.length;)
        written += (await handle.write(piece, written, piece.length - written, at + written)).bytesWritten
      at += piece.length
    }
  } catch (error) {
    await handle?.close()
    await remove()
    throw error
  }
  const unpacked = handle
  return {
    handle: unpacked,
    async close() {
      await unpacked.close()
      await remove()
    },
  }
}
