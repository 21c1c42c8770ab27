import { describe, expect, it } from 'vitest'
import { recogniseLog } from './recognise-log.ts'

const record = (more: object = {}): string =>
  JSON.stringify({ timestamp: '2026-11-20T10:00:00.000000+0000', event_type: 'flow', src_ip: '10.0.0.1', flow_id: 1, ...more })
async function* inPieces(text: string, size: number): AsyncIterable<Uint8Array> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
const found = async (text: string, size: number): Promise<string | null> =>
  (await recogniseLog(inPieces(text, size), 'some.log'))?.id ?? null

describe('the format of a file', () => {
  const long = record({ payload: 'x'.repeat(200_000) })
  it.each([1000, 65_536, 65_537, 262_144, 10_000_000])(
    'is seen behind a first record of any length, read by %d bytes',
    async (size) => {
      expect(await found(`${long}\n${record()}\n`, size)).toBe('eve')
      expect(await found(`${long}\n${long}\n${record()}\n`, size)).toBeNull()
      expect(await found(`${record()}\n${long}\n`, size)).toBe('eve')
      expect(await found(`${long}`, size)).toBeNull()
    },
  )
})
