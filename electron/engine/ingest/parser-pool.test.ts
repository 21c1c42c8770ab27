/** The built threads: when they begin, and that no record passes them without rules. */
import { afterEach, expect, it } from 'vitest'
import { shippedLogSources } from '../sigma/logsources/table.ts'
import { rulesOfText } from '../sigma/parse-rules.ts'
import type { SigmaRule } from '../sigma/types.ts'
import { ParserPool } from './parser-pool.ts'
import type { Work } from './work.ts'

let pool: ParserPool
afterEach(() => pool.close())

const rule = (n: number, value: string): SigmaRule => {
  const text = `title: Rule ${n}\nid: 00000000-0000-4000-8000-${String(n).padStart(12, '0')}\nstatus: test\nlevel: low\nlogsource:\n  category: dns\ndetection:\n  selection:\n    QueryName: ${value}\n  condition: selection\n`
  const [read] = [...rulesOfText({ file: `${n}.yml`, folder: '/', text })]
  if (!read?.rule) throw new Error(JSON.stringify(read))
  return read.rule
}
/** The last one is in the third part that is sent. */
const RULES = Array.from({ length: 700 }, (_, n) => rule(n, n === 699 ? 'bad.example.com' : `other-${n}.example.com`))
const SOURCES = shippedLogSources().sources

let works = 0
function work(name: string): Work {
  const text = `{"timestamp":"2026-01-01T00:00:00.000000+0000","event_type":"dns","src_ip":"192.0.2.1","dest_ip":"192.0.2.2","proto":"UDP","dns":{"type":"query","rrname":"${name}"}}`
  const bytes = new Uint8Array(Buffer.from(text))
  return {
    id: ++works,
    source: 's',
    received: 0,
    segments: [
      {
        stream: 1,
        reading: { format: 'eve', zone: 'UTC', csv: undefined, fileName: 'eve.json', parserState: null },
        origin: 'eve.json',
        chunk: {
          bytes,
          bounds: Uint32Array.of(0, bytes.length),
          offset: 0,
          record: 1,
          refused: null,
          end: bytes.length,
          records: 1,
          tail: new Uint8Array(0),
        },
        numbered: true,
        position: null,
      },
    ],
  }
}

it('the first record of a new thread meets all rules, though they come in parts', async () => {
  pool = new ParserPool(1)
  pool.setRules(RULES, SOURCES)
  const { hits, records } = await pool.run(0, work('bad.example.com'))
  expect(records).toBe(1)
  expect(hits.map(({ rows }) => [...rows])).toEqual([[0]])
  expect((await pool.run(0, work('good.example.com'))).hits).toEqual([])
})

it('a thread without rules works too, and takes those that come later', async () => {
  pool = new ParserPool(1)
  pool.forget(7)
  pool.setRules([], SOURCES)
  expect((await pool.run(0, work('bad.example.com'))).hits).toEqual([])
  pool.setRules(RULES, SOURCES)
  await expect.poll(async () => (await pool.run(0, work('bad.example.com'))).hits.length).toBe(1)
})
