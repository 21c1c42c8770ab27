import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { madeExchange, madePcap } from '../packets/library/made-pcap.ts'
import { runCaptured as run } from '../../../test/fixtures/terminal/run-captured.ts'

const folder = mkdtempSync(join(tmpdir(), 'watchfloor-commands-'))
const first = join(folder, 'first.pcap')
const second = join(folder, 'second.pcap')
const broken = join(folder, 'broken.pcap')

beforeAll(() => {
  const early = madePcap(madeExchange(1_767_225_600, '192.0.2.1', '198.51.100.1', 50_001, '/a.bin', 'first body'))
  writeFileSync(first, early)
  writeFileSync(second, madePcap(madeExchange(1_767_225_600.0025, '192.0.2.2', '198.51.100.1', 50_002, '/b.bin', 'second')))
  writeFileSync(broken, early.subarray(0, early.length - 5))
})
afterAll(() => rmSync(folder, { recursive: true }))

const json = (line: string | undefined): Record<string, unknown> => JSON.parse(line ?? '') as Record<string, unknown>

describe('watchfloor packets', () => {
  it('says what is in a capture', async () => {
    const { code, lines } = await run('packets', first, '--json')
    expect(code).toBe(0)
    expect(lines).toHaveLength(1)
    expect(json(lines[0])).toMatchObject({
      packets: 5,
      firstTime: '1767225600.000000000',
      lastTime: '1767225600.004000000',
      tcpStreams: 1,
      ipPairs: { '192.0.2.1 <-> 198.51.100.1': 5 },
      httpHosts: ['files.example.com'],
      httpUris: ['/a.bin'],
      error: null,
      sha256: createHash('sha256').update(readFileSync(first)).digest('hex'),
    })
  })
  it('says of a broken one what is left, and where it ends', async () => {
    const { code, lines } = await run('packets', broken, '--json')
    expect(code).toBe(0)
    expect(json(lines[0])).toMatchObject({ packets: 4, error: expect.stringMatching(/^byte \d+: /) as string })
  })
  it('lists packets of several captures in order of time', async () => {
    const { lines } = await run('packets', second, first)
    expect(lines).toHaveLength(10)
    expect(lines[0]).toBe('    1   0.000000 192.0.2.1 → 198.51.100.1 TCP 40 50001 → 80 [SYN] Seq=0 Win=64240 Len=0')
    expect(lines[3]).toMatch(/^ {4}4 {3}0\.002500 192\.0\.2\.2 → 198\.51\.100\.1 TCP 40 50002 → 80 \[SYN\]/)
  })
  it('filters', async () => {
    expect(await run('packets', first, second, '--filter', 'ip.addr == 192.0.2.2', '--count')).toMatchObject({
      code: 0,
      lines: ['5'],
    })
    const { lines } = await run('packets', first, second, '--filter', 'http.request', '--json')
    expect(lines.map(json)).toEqual([
      expect.objectContaining({ number: 5, relativeTime: '0.003000000', protocol: 'HTTP', sourcePort: 50_001 }),
      expect.objectContaining({ number: 9, relativeTime: '0.005500000', protocol: 'HTTP', sourcePort: 50_002 }),
    ])
  })
  it('points at what is wrong in a filter', async () => {
    const { code, lines, talk } = await run('packets', first, '--filter', 'ip and tcp.prot == 80')
    expect(code).toBe(2)
    expect(lines).toEqual([])
    const [, text, caret, perhaps] = talk.split('\n')
    expect(text!.slice(caret!.indexOf('^'), caret!.lastIndexOf('^') + 1)).toBe('tcp.prot')
    expect(perhaps).toContain('tcp.port')
  })
  it('says when there is no capture, and leaves nothing behind', async () => {
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('watchfloor-capture-'))
    expect(await run('packets', join(folder, 'none.pcap'), '--json')).toMatchObject({ code: 1, lines: [] })
    writeFileSync(join(folder, 'text.pcap'), 'This is no capture but a text of some length.')
    expect((await run('packets', join(folder, 'text.pcap'), '--json')).code).toBe(1)
    expect((await run('packets', folder, '--json')).code).toBe(1)
    expect((await run('packets')).code).toBe(2)
    await run('packets', first, '--count')
    const left = readdirSync(tmpdir()).filter((name) => name.startsWith('watchfloor-capture-') && !before.includes(name))
    expect(left).toEqual([])
  })
  it('keeps the index where it is told to, and finds it again', async () => {
    const data = join(folder, 'data')
    expect((await run('packets', first, '--data', data, '--count')).lines).toEqual(['5'])
    const ids = readdirSync(join(data, 'captures')).filter((name) => name !== 'recent.json')
    expect(ids).toHaveLength(1)
    const meta = join(data, 'captures', ids[0]!, 'meta.json')
    const made = statSync(meta).mtimeMs
    expect((await run('packets', first, '--data', data, '--filter', 'http', '--count')).lines).toEqual(['2'])
    expect(statSync(meta).mtimeMs).toBe(made)
  })
})

describe('watchfloor flows', () => {
  it('gives flows as JSON lines and as lines', async () => {
    const { code, lines } = await run('flows', first, second, '--json')
    expect(code).toBe(0)
    expect(lines.map(json)).toEqual([
      expect.objectContaining({ flow: 0, transport: 'tcp', app: 'http', firstData: 'GET /a.bin HTTP/1.1' }),
      expect.objectContaining({ flow: 1, communityId: expect.stringMatching(/^1:/) as string }),
    ])
    expect((await run('flows', first)).lines[0]).toMatch(
      /^0 2026-01-01T00:00:00.000Z tcp 192.0.2.1:50001 → 198.51.100.1:80 http /,
    )
  })
})

describe('watchfloor carve', () => {
  it('writes a capture that says where it came from', async () => {
    const out = join(folder, 'carved.pcapng')
    const { code, lines } = await run('carve', first, second, '--filter', 'tcp.port == 50002', '--out', out, '--json')
    expect(code).toBe(0)
    const bytes = readFileSync(out)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    expect(json(lines[0])).toEqual({ path: out, packets: 5, bytes: bytes.length, sha256 })
    expect(bytes.toString('latin1')).toContain('tcp.port == 50002')
    expect((await run('packets', out, '--count')).lines).toEqual(['5'])
    // What is there stays.
    expect((await run('carve', first, '--out', out)).code).toBe(1)
    expect(readFileSync(out).equals(bytes)).toBe(true)
  })
  it('writes nothing where the filter is wrong', async () => {
    const out = join(folder, 'none.pcapng')
    expect((await run('carve', first, '--filter', 'tcp.port ==', '--out', out)).code).toBe(2)
    expect(existsSync(out)).toBe(false)
  })
})

describe('watchfloor objects', () => {
  it('writes what was transferred below neutral names', async () => {
    const out = join(folder, 'objects')
    const { code, lines } = await run('objects', first, second, '--out', out, '--json')
    expect(code).toBe(0)
    const objects = lines.map(json)
    expect(objects).toHaveLength(2)
    const sha256 = createHash('sha256').update('first body').digest('hex')
    expect(objects[0]).toMatchObject({ kind: 'http', host: 'files.example.com', size: 10, sha256, complete: true })
    const path = String(objects[0]!['path'])
    expect(readFileSync(path, 'utf8')).toBe('first body')
    expect(path).not.toContain('a.bin')
    expect(statSync(path).mode & 0o111).toBe(0)
  })
})
