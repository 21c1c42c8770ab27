import { describe, expect, it } from 'vitest'
import { isEventLog } from './evtx-chunks.ts'
import { evtxLines } from './evtx-lines.ts'
import { evtxObjects } from './evtx-objects.ts'
import { made, madeChunk, madeEvtx, utf16, type MadeNode, type MadeRecord, type MadeValue } from './made-evtx.ts'

async function lines(file: Uint8Array, piece = file.length): Promise<unknown[]> {
  const parts: Buffer[] = []
  async function* pieces(): AsyncGenerator<Uint8Array, void> {
    for (let at = 0; at < file.length; at += piece) yield file.subarray(at, at + piece)
  }
  for await (const part of evtxLines(pieces())) parts.push(Buffer.from(part))
  const read = Buffer.concat(parts).toString('utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line) as object) // prettier-ignore
  // What is read without lines is the same, in the same order of members.
  const objects: unknown[] = []
  for await (const some of evtxObjects(pieces())) objects.push(...some)
  expect(JSON.stringify(objects)).toBe(JSON.stringify(read.map((object) => ('#damaged' in object ? null : object))))
  return read
}
const one = async (template: readonly MadeNode[], values: readonly MadeValue[]): Promise<unknown> =>
  (await lines(madeEvtx([[{ id: 1, template, values }]])))[0]
const value = (index: number, optional = false): { value: number; optional: boolean } => ({ value: index, optional })
const DATA = (name: string, ...children: MadeNode[]): MadeNode => ({ name: 'Data', attributes: { Name: [name] }, children })

const LOGON: readonly MadeNode[] = [
  {
    name: 'Event',
    attributes: { xmlns: ['http://schemas.microsoft.com/win/2004/08/events/event'] },
    children: [
      {
        name: 'System',
        children: [
          { name: 'Provider', attributes: { Name: ['Made-Up'], Guid: [value(0, true)] } },
          { name: 'EventID', attributes: { Qualifiers: [value(1, true)] }, children: [value(2)] },
          { name: 'Level', children: [value(3)] },
          { name: 'TimeCreated', attributes: { SystemTime: [value(4)] } },
          { name: 'Correlation', attributes: { ActivityID: [value(0, true)] } },
          { name: 'Binary', children: [value(0, true)] },
        ],
      },
      { name: 'EventData', children: [DATA('Target', value(5)), DATA('Where', value(6), ' on ', value(5)), DATA('Empty')] },
    ],
  },
]
const logon = (id: number, user: string): MadeRecord => ({
  id,
  template: LOGON,
  values: [made.none, made.none, made.u16(4624), made.u8(4), made.time('2026-01-02T03:04:05.678Z'), made.text(user), made.u32(3)],
})

describe('an event log', () => {
  it('is known by its first bytes', () => {
    expect(isEventLog(madeEvtx([]))).toBe(true)
    expect(isEventLog(Buffer.from('ElfChnk\0'))).toBe(false)
    expect(isEventLog(Buffer.from('Elf'))).toBe(false)
  })

  it('is an object for each record, whatever its pieces', async () => {
    const users = ['kim', 'a"b\\c\n\u0001', '김 — 🐟', '\ud800x']
    const file = madeEvtx([
      users.slice(0, 2).map((user, i) => logon(i + 1, user)),
      users.slice(2).map((user, i) => logon(i + 3, user)),
    ])
    for (const piece of [file.length, 1000, 65_536]) {
      const found = await lines(file, piece)
      expect(found).toHaveLength(4)
      expect(found[1]).toEqual({
        Event: {
          '#attributes': { xmlns: 'http://schemas.microsoft.com/win/2004/08/events/event' },
          System: {
            Provider: { '#attributes': { Name: 'Made-Up' } },
            EventID: 4624,
            Level: 4,
            TimeCreated: { '#attributes': { SystemTime: '2026-01-02T03:04:05.6780000Z' } },
            Correlation: null,
          },
          EventData: { Target: users[1], Where: `3 on ${users[1]}`, Empty: null },
        },
      })
      expect(found.map((line) => (line as { Event: { EventData: { Target: string } } }).Event.EventData.Target)).toEqual([
        ...users.slice(0, 3),
        '\ufffdx',
      ])
    }
  })

  it('has values of every type', async () => {
    const cases: readonly [MadeValue, unknown][] = [
      [made.none, null],
      [made.text(''), ''],
      [made.text('x\0'), 'x'],
      [made.of(2, 'c4620a00'), 'Äb\n'],
      [made.of(3, 'ff'), -1],
      [made.u8(255), 255],
      [made.of(5, 'feff'), -2],
      [made.u16(65_535), 65_535],
      [made.of(7, 'ffffffff'), -1],
      [made.u32(4_294_967_295), 4_294_967_295],
      [made.of(9, 'ffffffffffffffff'), -1],
      [made.u64(123_456_789_012_345n), 123_456_789_012_345],
      [made.u64(18_446_744_073_709_551_615n), '18446744073709551615'],
      [made.of(11, '0000c03f'), 1.5],
      [made.of(12, '000000000000f83f'), 1.5],
      [made.of(12, '000000000000f07f'), 'Infinity'],
      [made.of(12, 'ffffffffffff3f43'), 9_007_199_254_740_991],
      // Larger than what a reader of integers trusts.
      [made.of(12, '00000000600c8043'), '144550594680455170'],
      [made.of(12, '50efe2d6e41a4b44'), '1e+21'],
      [made.of(13, '01000000'), true],
      [made.of(13, '00000000'), false],
      [made.of(14, '00ff10'), '00FF10'],
      [made.of(15, '33221100554477668899aabbccddeeff'), '{00112233-4455-6677-8899-AABBCCDDEEFF}'],
      [made.of(16, 'ff000000'), '0xff'],
      [made.of(16, '0100000002000000'), '0x200000001'],
      [made.time('2026-01-02T03:04:05.600Z'), '2026-01-02T03:04:05.6000000Z'],
      [made.of(17, 'ffffffffffffffff'), '18446744073709551615'],
      [made.of(18, 'ea07010005000200030004000500f401'), '2026-01-02T03:04:05.500Z'],
      [made.of(19, '010100000000000512000000'), 'S-1-5-18'],
      [made.of(19, '0102000000000005200000002002000001'), 'S-1-5-32-544'],
      [made.of(19, '0105000000000005'), '0105000000000005'],
      [made.of(20, 'e7030000'), '0x3e7'],
      [made.hex64(0x8000_0000_0000_0000n), '0x8000000000000000'],
      [made.hex64(0n), '0x0'],
      [{ type: 0x81, bytes: utf16('one\0two\0') }, ['one', 'two']],
      [made.of(0x86, '01000200'), [1, 2]],
      [made.of(0x95, '01000000000000000200000000000000'), ['0x1', '0x2']],
      // Too short for what it says to be.
      [made.of(8, '0102'), null],
      [made.of(15, '0102'), '0102'],
      [made.of(99, 'ab'), 'AB'],
    ]
    const template = [{ name: 'E', children: cases.map((_, i) => ({ name: `v${i}`, children: [value(i)] })) }]
    expect(await one(template, cases.map(([of]) => of))).toEqual({ E: Object.fromEntries(cases.map(([, wanted], i) => [`v${i}`, wanted])) }) // prettier-ignore
  })

  it('has elements inside values, texts of parts, lists and members of any name', async () => {
    const inner: MadeNode[] = [
      { name: 'LogFileCleared', attributes: { xmlns: ['urn:x'] }, children: [{ name: 'User', children: ['kim'] }] },
    ]
    expect(
      await one(
        [
          {
            name: 'Event',
            children: [
              '\n ',
              { name: 'UserData', children: [value(0)] },
              { name: 'Data', children: ['a'] },
              { name: 'Data', children: ['b', { entity: 'amp' }, { character: 0x41 }, { cdata: '<c>' }] },
              { name: '__proto__', children: [value(1)] },
              { name: 'Mixed', attributes: { id: ['x"', value(1)] }, children: ['text'] },
              { name: 'Absent', children: [value(7, true)] },
              { name: 'NotThere', children: [value(7)] },
            ],
          },
        ],
        [{ inner }, made.text('p')],
      ),
    ).toEqual({
      Event: JSON.parse(
        '{"UserData":{"LogFileCleared":{"#attributes":{"xmlns":"urn:x"},"User":"kim"}},"Data":["a","b&A<c>"],"__proto__":"p","Mixed":{"#attributes":{"id":"x\\"p"},"#text":"text"},"NotThere":null}',
      ) as unknown,
    })
  })
})

describe('a damaged one', () => {
  const damagedLines = async (file: Uint8Array): Promise<string[]> =>
    (await lines(file)).map((line) => (line as { '#damaged'?: string })['#damaged'] ?? 'whole')

  it('is read on behind a record that cannot be read, and behind a chunk that is none', async () => {
    const bad = { ...logon(2, 'x'), raw: Uint8Array.of(0x0f, 1, 1, 0, 0x77) }
    const file = madeEvtx([[logon(1, 'a'), bad, logon(3, 'c')], [logon(4, 'd')], [logon(5, 'e')]])
    file.fill(0x55, 4096 + 65_536, 4096 + 65_536 + 100)
    expect(await damagedLines(file)).toEqual([
      'whole',
      expect.stringMatching(/^record 2 at byte \d+: an unknown token 119/),
      'whole',
      `no chunk at byte ${4096 + 65_536}`,
      'whole',
      'whole',
    ])
  })

  it('is read to where it is cut', async () => {
    const file = madeEvtx([[logon(1, 'a'), logon(2, 'b'), logon(3, 'c')]])
    const second = Buffer.from(file).indexOf('**\0\0', 4096 + 520, 'latin1')
    expect(await damagedLines(file.subarray(0, second + 40))).toEqual([
      'whole',
      expect.stringMatching(/^record 2 at byte \d+ is cut/),
    ])
    expect(await damagedLines(file.subarray(0, 4096 + 100))).toEqual(['the chunk at byte 4096 is cut'])
    expect(await damagedLines(file.subarray(0, 100))).toEqual(['the header of the file is cut: 100 of 4096 bytes are there'])
  })

  it('has the records that were written after its header was, and none of earlier times', async () => {
    const records = [logon(1, 'a'), logon(2, 'b'), logon(3, 'c')]
    const chunk = madeChunk(records)
    const [, second, third] = [...chunk.toString('latin1').matchAll(/\*\*\0\0/g)].map(({ index }) => index)
    chunk.writeUInt32LE(second!, 48)
    const file = Buffer.concat([madeEvtx([]), chunk])
    // The file says that it was open.
    file.writeUInt32LE(1, 120)
    expect(await damagedLines(file)).toEqual(['whole', 'whole', 'whole'])
    file.writeBigUInt64LE(1n, 4096 + third! + 8)
    expect(await damagedLines(file)).toEqual(['whole', 'whole'])
  })

  it('does not become large: a record that refers to itself, and one that says much of little', async () => {
    // A value that stands a thousand times in its template.
    const much: MadeNode[] = [{ name: 'E', children: Array.from({ length: 3000 }, () => value(0)) }]
    const found = await damagedLines(
      madeEvtx([[{ id: 1, template: much, values: [made.text('x'.repeat(10_000))] }, logon(2, 'b')]]),
    )
    expect(found).toEqual([expect.stringContaining('more than'), 'whole'])
    // A template whose place is its own record's.
    const self = Uint8Array.of(0x0f, 1, 1, 0, 0x0c, 1, 1, 0, 0, 0, 0, 2, 0, 0)
    expect(await damagedLines(madeEvtx([[{ id: 1, template: [], values: [], raw: self }]]))).toEqual([
      expect.stringContaining('record 1'),
    ])
  })
})
