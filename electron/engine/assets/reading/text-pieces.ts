/** A file's text in pieces, decompressed where it is compressed, as UTF-8 with or without a byte order mark. */
import { openLog, type OpenLog } from '../../ingest/open-log.ts'
import type { Pieces } from './row.ts'

const HEAD_CHARACTERS = 256 * 1024

export interface OpenText {
  /** Bytes on disk. */
  readonly size: number
  /** The first characters, to see what it is. */
  readonly head: string
  /** From the beginning; once. `progress` is told how many bytes on disk were gone through. */
  pieces(signal: AbortSignal, progress?: (bytes: number) => void): Pieces
  close(): Promise<void>
}

/** @throws ReadProblem, or what the system says. */
export async function openText(path: string): Promise<OpenText> {
  const file = await openLog(path)
  try {
    let head = ''
    for await (const text of decodedPieces(file)) {
      head += text
      if (head.length >= HEAD_CHARACTERS) break
    }
    return {
      size: file.size,
      head: head.slice(0, HEAD_CHARACTERS),
      pieces: (signal, progress) => told(file, signal, progress),
      close: () => file.close(),
    }
  } catch (error) {
    await file.close()
    throw error
  }
}

async function* told(file: OpenLog, signal: AbortSignal, progress?: (bytes: number) => void): AsyncGenerator<string, void> {
  for await (const text of decodedPieces(file)) {
    signal.throwIfAborted()
    progress?.(file.read)
    yield text
  }
}

async function* decodedPieces(file: OpenLog): AsyncGenerator<string, void> {
  const decoder = new TextDecoder()
  for await (const bytes of file.bytes()) {
    const text = decoder.decode(bytes, { stream: true })
    if (text !== '') yield text
  }
  const last = decoder.decode()
  if (last !== '') yield last
}
