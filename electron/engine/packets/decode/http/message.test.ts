import { brotliCompressSync, deflateRawSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { decodeBody, joinChunks, MOST_DECODED, walkChunks } from './body.ts'
import { beginHttp, httpLength } from './framing.ts'
import http from '../decoders/http.decoder.ts'
import type { Facts, FoundObject, Message } from '../define.ts'

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1')

/** Feeds both directions as the reader does, in pieces; gives what was said. */
function feed(sent: readonly (readonly [direction: 0 | 1, data: Uint8Array])[], piece: number) {
  const state = beginHttp()
  const objects: FoundObject[] = []
  const lines: string[] = []
  const became: string[] = []
  const out: Facts = {
    layer: () => undefined,
    fact: () => undefined,
    line: (text) => void lines.push(text),
    protocol: () => undefined,
    become: (decoder) => void became.push(decoder),
    inner: () => undefined,
    expect: () => undefined,
    malformed: () => void lines.push('malformed'),
    wantsObjects: true,
    object: (object) => void objects.push(object),
  }
  for (const [direction, data] of sent) {
    let from = 0
    for (let to = Math.min(piece, data.length); from < data.length; to = Math.min(data.length, to + piece)) {
      for (;;) {
        const length = httpLength(data, from, to, direction, state)
        if (length <= 0 || from + length > to) break
        const m: Message = {
          data,
          view: new DataView(data.buffer, data.byteOffset, data.length),
          from,
          to: from + length,
          length,
          transport: 'tcp',
          direction,
          sourcePort: 0,
          destinationPort: 0,
          source: '',
          destination: '',
          seconds: 0,
          inStep: true,
        }
        http.message!(m, state, out)
        from += length
        if (from >= to) break
      }
      if (to === data.length) break
    }
  }
  return { objects, lines, became }
}

const get = (target: string): Uint8Array => bytes(`GET ${target} HTTP/1.1\r\nHost: files.example.com\r\n\r\n`)
function chunks(body: Uint8Array, size: number): Buffer {
  const parts: Uint8Array[] = []
  for (let at = 0; at < body.length; at += size) {
    const part = body.subarray(at, at + size)
    parts.push(bytes(`${part.length.toString(16)};x=1\r\n`), part, bytes('\r\n'))
  }
  return Buffer.concat([...parts, bytes('0\r\nTrailer: x\r\n\r\n')])
}

describe('objects', () => {
  const body = Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * 7919) & 255))

  it.each([
    ['gzip', gzipSync(body)],
    ['deflate', deflateRawSync(body)],
    ['br', brotliCompressSync(body)],
    ['identity', body],
  ])('a body of many chunks is put together and decoded: %s', (encoding, sent) => {
    const head = bytes(
      `HTTP/1.1 200 OK\r\nContent-Type: application/zip\r\nContent-Encoding: ${encoding}\r\nTransfer-Encoding: chunked\r\n\r\n`,
    )
    const answer = Buffer.concat([head, chunks(sent, 4093), bytes('HTTP/1.1 204 No Content\r\n\r\n')])
    for (const piece of [1447, 30_000, 1_000_000]) {
      const { objects, lines } = feed(
        [
          [0, get('/a/b.zip?c=/d')],
          [0, get('/e')],
          [1, answer],
        ],
        piece,
      )
      expect(objects).toHaveLength(1)
      expect(objects[0]).toMatchObject({ host: 'files.example.com', name: 'b.zip', type: 'application/zip', complete: true })
      expect(Buffer.compare(objects[0]!.bytes, body)).toBe(0)
      expect(lines.filter((line) => line.startsWith('HTTP/'))).toEqual([
        'HTTP/1.1 200 OK (application/zip)',
        'HTTP/1.1 204 No Content',
      ])
    }
  })

  it('what would grow too large is given as it is', () => {
    const bomb = gzipSync(new Uint8Array(MOST_DECODED + 1))
    const { bytes: decoded, whole } = decodeBody(bomb, 'gzip')
    expect({ same: decoded === bomb, whole }).toEqual({ same: true, whole: false })
  })

  it('a body that is cut gives what it holds', () => {
    const whole = gzipSync(body, { level: 0 })
    const { bytes: decoded } = decodeBody(whole.subarray(0, 50_000), 'gzip')
    expect(decoded.length).toBeGreaterThan(40_000)
    expect(Buffer.compare(decoded, body.subarray(0, decoded.length))).toBe(0)
  })
})

describe('where a message ends', () => {
  const length = (text: string, direction: 0 | 1 = 1): number => {
    const data = bytes(text)
    return httpLength(data, 0, data.length, direction, beginHttp())
  }

  it.each([
    ['HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef', 41],
    ['HTTP/1.1 304 Not Modified\r\nContent-Length: 3\r\n\r\n', 48],
    ['HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n', 25],
    ['HTTP/1.0 200 OK\r\n\r\n', Infinity],
    ['HTTP/1.1 200 OK\r\n', 0],
    ['HTT', 0],
    ['HTML', 0],
    ['\u0016\u0003\u0001', -1],
    ['GET / HTTP/1.1\r\n\r\n', 18],
    ['GET / FTP\r\n', 0],
    ['hello there\r\n', -1],
  ])('%j', (text, wanted) => {
    expect(length(text)).toBe(wanted)
  })

  it('a tunnel and another protocol begin behind their answers', () => {
    const connect = bytes('CONNECT a.example:443 HTTP/1.1\r\n\r\n')
    expect(
      feed(
        [
          [0, connect],
          [1, bytes('HTTP/1.1 200 ok\r\n\r\n')],
        ],
        1000,
      ).became,
    ).toEqual([''])
    const upgrade = bytes('HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\n\r\n')
    expect(
      feed(
        [
          [0, get('/')],
          [1, upgrade],
        ],
        1000,
      ).became,
    ).toEqual(['websocket'])
  })

  it('chunks that are none end the walk', () => {
    const data = bytes('5\r\nabcde\r\nzz\r\n')
    expect(walkChunks(data, 0, data.length, { at: 0, last: false })).toBe(-1)
    expect(Buffer.from(joinChunks(data, 0, data.length)).toString()).toBe('abcde')
  })
})
