import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MOST_WAITING_BYTES, MOST_WAITING_SEGMENTS, StreamAssembler, type HeldBytes } from './stream-assembler.ts'

/** What was handed over: text, `<n>` for gaps (`<n!>` for what was not captured), `$` for the end. */
class Told {
  text = ''
  packets: number[] = []
  bytes(data: Uint8Array, view: DataView, from: number, to: number, packet: number): void {
    if (view.byteOffset !== data.byteOffset || view.buffer !== data.buffer) throw new Error('the view is over other bytes')
    this.text += Buffer.from(data.subarray(from, to)).toString('latin1')
    this.packets.push(packet)
  }
  gap(missing: number, cut: boolean): void {
    this.text += `<${missing}${cut ? '!' : ''}>`
  }
  end(closed: boolean): void {
    this.text += closed ? '$' : '%'
  }
}

function stream(seq: number | null = 0, total: HeldBytes = { held: 0 }) {
  const told = new Told()
  const assembler = new StreamAssembler(told, total)
  if (seq !== null) assembler.begin(seq)
  let packet = 0
  const add = (at: number, text: string, stated = text.length): void => {
    const data = Buffer.from(`..${text}`, 'latin1')
    const view = new DataView(data.buffer, data.byteOffset, data.length)
    assembler.add(at >>> 0, data, view, 2, data.length, stated, ++packet, 0)
    // Bytes are only good during the call.
    data.fill(0x2a)
  }
  return { told, assembler, add }
}

test('segments in order', () => {
  const { told, add, assembler } = stream(1000)
  add(1000, 'one ')
  add(1004, 'two')
  assembler.fin(1007, 0, 3, 0)
  add(1007, 'after the end')
  expect(told.text).toBe('one two$')
  expect(told.packets).toEqual([1, 2])
})

test('retransmissions, keep-alives and overlaps: the first bytes count', () => {
  const { told, add } = stream()
  add(0, 'abcd')
  add(0, 'ABCD')
  add(3, 'x')
  add(2, 'XXefg')
  expect(told.text).toBe('abcdefg')
  add(9, 'jk')
  add(8, 'iJKl')
  expect(told.text).toBe('abcdefg')
  add(5, '..hIJ')
  expect(told.text).toBe('abcdefghijkl')
})

test('what waits keeps its packet', () => {
  const { told, add } = stream()
  add(3, 'def')
  add(6, 'ghi')
  add(0, 'abc')
  expect(told.text).toBe('abcdefghi')
  expect(told.packets).toEqual([3, 1, 2])
})

test('a stream that begins in the middle begins with its first segment', () => {
  const { told, add } = stream(null)
  add(5000, 'abc')
  add(4990, 'earlier...')
  add(5003, 'def')
  expect(told.text).toBe('abcdef')
})

test('sequence numbers wrap', () => {
  const { told, add, assembler } = stream(2 ** 32 - 3)
  add(2, 'fgh')
  add(2 ** 32 - 3, 'abcde')
  assembler.fin(5, 0, 9, 0)
  expect(told.text).toBe('abcdefgh$')
})

test('a gap is given up some packets after it was acknowledged', () => {
  const { told, add, assembler } = stream()
  add(0, 'ab')
  add(5, 'f')
  add(6, 'g')
  add(7, 'h')
  add(8, 'i')
  for (let i = 0; i < 10; i++) assembler.acknowledge(2)
  expect(told.text).toBe('ab')
  for (let i = 0; i < 4; i++) assembler.acknowledge(7)
  expect(told.text).toBe('ab<3>fghi')
  expect(told.packets).toEqual([1, 2, 3, 4, 5])
})

test('of a gap only what was acknowledged is given up', () => {
  const { told, add, assembler } = stream()
  add(10, 'k')
  for (let i = 0; i < 9; i++) assembler.acknowledge(4)
  expect(told.text).toBe('<4>')
  add(4, 'efghij')
  expect(told.text).toBe('<4>efghijk')
})

test('an acknowledgment of what was never sent is not believed', () => {
  const { told, add, assembler } = stream()
  assembler.acknowledge(0x7fff_ffff)
  add(2, 'c')
  for (let i = 0; i < 9; i++) assembler.acknowledge(0)
  expect(told.text).toBe('')
  add(0, 'ab')
  expect(told.text).toBe('abc')
})

test('segments that were cut say so', () => {
  const { told, add } = stream()
  add(0, 'abc', 10)
  add(10, 'k')
  add(12, '', 3)
  add(11, 'l')
  expect(told.text).toBe('abc<7!>kl<3!>')
})

test('the end waits for what is missing, and a reset does not', () => {
  const { told, add, assembler } = stream()
  add(3, 'd')
  assembler.fin(4, 0, 2, 0)
  expect(told.text).toBe('')
  add(0, 'abc')
  expect(told.text).toBe('abcd$')
  const other = stream()
  other.add(3, 'd')
  other.assembler.reset(2, 0)
  other.add(4, 'e')
  expect(other.told.text).toBe('<3>d%e')
})

test('memory is bounded, and given back', () => {
  const total = { held: 0 }
  const { told, assembler, add } = stream(0, total)
  const large = 'x'.repeat(60_000)
  for (let i = 0; i < 300; i++) {
    add(1 + i * 60_000, large)
    expect(assembler.held).toBeLessThanOrEqual(MOST_WAITING_BYTES)
    expect(total.held).toBe(assembler.held)
  }
  expect(told.text.startsWith('<1>xxx')).toBe(true)
  add(0, 'a')
  expect(total.held).toBe(0)

  const small = stream(0, total)
  for (let i = 0; i < 3 * MOST_WAITING_SEGMENTS; i++) small.add(1 + 2 * i, 'y')
  expect(total.held).toBe(small.assembler.held)
  expect(small.assembler.held).toBeLessThanOrEqual(MOST_WAITING_SEGMENTS)
  small.assembler.flush()
  expect(total.held).toBe(0)
  expect(small.told.text).toBe('<1>y'.repeat(3 * MOST_WAITING_SEGMENTS))
})

test('law: pieces of a text in any order, overlapping, twice, are the text again', () => {
  const text = fc.string({ unit: fc.constantFrom(...'abcdefghijklmnop'), minLength: 1, maxLength: 60 })
  const pieces = fc.array(fc.tuple(fc.nat(59), fc.integer({ min: 1, max: 20 })), { maxLength: 40 })
  fc.assert(
    fc.property(text, pieces, fc.integer({ min: 0, max: 2 ** 32 - 1 }), (whole, some, isn) => {
      const { told, add, assembler } = stream(isn)
      const cut = some.map(([at, length]) => [at, whole.slice(at, at + length)] as const)
      // Everything there is, at last.
      const rest = [...whole].map((letter, at) => [at, letter] as const).reverse()
      for (const [at, piece] of [...cut, ...rest]) add(isn + at, piece)
      assembler.fin((isn + whole.length) >>> 0, 0, 999, 0)
      expect(told.text).toBe(`${whole}$`)
      expect(assembler.held).toBe(0)
    }),
  )
})

test('law: bytes and gaps together are as long as what the segments span, and bytes stand at their place', () => {
  const pieces = fc.array(fc.tuple(fc.nat(200), fc.integer({ min: 1, max: 20 }), fc.nat(10)), { minLength: 1, maxLength: 40 })
  fc.assert(
    fc.property(pieces, fc.integer({ min: 0, max: 2 ** 32 - 1 }), (some, isn) => {
      const letter = (at: number): string => String.fromCharCode(97 + ((at * 7) % 26))
      const { told, add, assembler } = stream(isn)
      let span = 0
      for (const [at, captured, missing] of some) {
        const text = Array.from({ length: captured }, (_, i) => letter(at + i)).join('')
        add(isn + at, text, captured + missing)
        assembler.acknowledge((isn + at) >>> 0)
        span = Math.max(span, at + captured + missing)
      }
      assembler.flush()
      let place = 0
      for (const [part, missing] of told.text.matchAll(/<(\d+)!?>|./g)) {
        if (missing !== undefined) place += Number(missing)
        else expect(part).toBe(letter(place++))
      }
      expect(place).toBe(span)
    }),
  )
})
