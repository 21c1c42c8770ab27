/** Bodies of HTTP messages: chunks (RFC 9112, section 7.1), compression, and what Wireshark calls their content. */
import { brotliDecompressSync, constants, inflateRawSync, unzipSync } from 'node:zlib'
import { ascii } from '../bytes-text.ts'

/** A body that grows beyond this when it is decompressed is not decompressed further. */
export const MOST_DECODED = 64 << 20
const MOST_CHUNK_LINE = 1024

/** Where the walk over a chunked body stands. */
export interface ChunkWalk {
  /** Next chunk's line, in bytes from the body's first; may lie beyond what is there. */
  at: number
  /** Behind the last chunk: its trailers are read. */
  last: boolean
}

/** Walks on over the chunks of the body at `body`. Gives where it ends, 0 where more is needed, -1 where these are no chunks. */
export function walkChunks(data: Uint8Array, body: number, to: number, walk: ChunkWalk): number {
  for (;;) {
    const at = body + walk.at
    if (at >= to) return 0
    let feed = at
    while (feed < to && data[feed] !== 10) feed++
    if (feed >= to) return to - at > MOST_CHUNK_LINE ? -1 : 0
    const end = feed > at && data[feed - 1] === 13 ? feed - 1 : feed
    if (walk.last) {
      walk.at = feed + 1 - body
      if (end === at) return feed + 1
      continue
    }
    const size = chunkSize(data, at, end)
    if (size < 0) return -1
    if (size === 0) {
      walk.last = true
      walk.at = feed + 1 - body
      continue
    }
    // The chunk is followed by an end of line.
    const after = feed + 1 + size
    walk.at = after - body + (after < to && data[after] === 10 ? 1 : 2)
  }
}

function chunkSize(data: Uint8Array, at: number, end: number): number {
  let size = 0
  let digits = 0
  for (let i = at; i < end; i++) {
    const byte = data[i]!
    const digit =
      byte >= 48 && byte <= 57 ? byte - 48 : byte >= 65 && byte <= 70 ? byte - 55 : byte >= 97 && byte <= 102 ? byte - 87 : -1
    if (digit < 0) {
      if (byte === 59 || byte === 32) break
      return -1
    }
    if (++digits > 12) return -1
    size = size * 16 + digit
  }
  return digits === 0 ? -1 : size
}

/** The chunks' bytes, one after the other; what is not there is left out. */
export function joinChunks(data: Uint8Array, body: number, to: number): Uint8Array {
  const joined = new Uint8Array(Math.max(0, to - body))
  let length = 0
  let at = body
  while (at < to) {
    const feed = data.indexOf(10, at)
    if (feed < 0 || feed >= to) break
    const size = chunkSize(data, at, data[feed - 1] === 13 ? feed - 1 : feed)
    if (size <= 0) break
    const end = Math.min(to, feed + 1 + size)
    joined.set(data.subarray(feed + 1, end), length)
    length += end - feed - 1
    at = feed + 1 + size
    at += data[at] === 10 ? 1 : 2
  }
  return joined.subarray(0, length)
}

/** Undoes a content encoding. What cannot be undone, or grows too large, is given as it is, with `whole` false. */
export function decodeBody(bytes: Uint8Array, encoding: string): { readonly bytes: Uint8Array; readonly whole: boolean } {
  // Truncated bodies give what they hold.
  const options = { maxOutputLength: MOST_DECODED, finishFlush: constants.Z_SYNC_FLUSH }
  try {
    switch (encoding.trim().toLowerCase()) {
      case '':
      case 'identity':
        return { bytes, whole: true }
      case 'gzip':
      case 'x-gzip':
        return { bytes: unzipSync(bytes, options), whole: true }
      case 'deflate':
        // Sent with and without the header that RFC 1950 asks for.
        return { bytes: (bytes[0]! & 15) === 8 ? unzipSync(bytes, options) : inflateRawSync(bytes, options), whole: true }
      case 'br':
        return {
          bytes: brotliDecompressSync(bytes, {
            maxOutputLength: MOST_DECODED,
            finishFlush: constants.BROTLI_OPERATION_FLUSH,
          }),
          whole: true,
        }
      default:
        return { bytes, whole: false }
    }
  } catch {
    return { bytes, whole: false }
  }
}

export interface Content {
  /** Wireshark's name of what reads it. */
  readonly layer: string
  /** What the line says of it. */
  readonly line: string
}

const NAMED: Readonly<Record<string, Content>> = {
  'image/png': { layer: 'png', line: '(PNG)' },
  'image/jpeg': { layer: 'image-jfif', line: '(JPEG JFIF image)' },
  'image/jpg': { layer: 'image-jfif', line: '(JPEG JFIF image)' },
  'application/json': { layer: 'json', line: 'JavaScript Object Notation (application/json)' },
  'application/ocsp-request': { layer: 'ocsp', line: '(application/ocsp-request)' },
  'application/ocsp-response': { layer: 'ocsp', line: '(application/ocsp-response)' },
  'application/x-www-form-urlencoded': { layer: 'urlencoded-form', line: '(application/x-www-form-urlencoded)' },
  'application/x-javascript': { layer: 'data-text-lines', line: '(application/x-javascript)' },
  'message/rfc822': { layer: 'imf', line: '(message/rfc822)' },
  'application/octet-stream': { layer: 'data', line: '' },
  '': { layer: 'data', line: '' },
}
export const CONTENT_LAYERS: readonly string[] = [
  ...new Set(Object.values(NAMED).map(({ layer }) => layer)),
  'data-text-lines',
  'xml',
  'image-gif',
  'mime_multipart',
  'media',
].filter((layer) => layer !== 'data' && layer !== 'imf')

/** What is in a body of this content type (without parameters, lower case), `at` its first byte. */
export function contentOf(type: string, data: Uint8Array, at: number): Content {
  const named = NAMED[type]
  if (named !== undefined) return named
  if (type === 'text/xml' || type === 'application/xml' || type.endsWith('+xml')) return { layer: 'xml', line: '' }
  if (type.endsWith('+json')) return { layer: 'json', line: `JavaScript Object Notation (${type})` }
  if (type.startsWith('text/')) return { layer: 'data-text-lines', line: `(${type})` }
  if (type.startsWith('multipart/')) return { layer: 'mime_multipart', line: `(${type})` }
  if (type === 'image/gif') return { layer: 'image-gif', line: `(${ascii(data, at, at + 6)})` }
  return { layer: 'media', line: `(${type})` }
}
