import fc from 'fast-check'
import { expect, test } from 'vitest'
import { followFlow, type FlowPacket } from './follow-flow.ts'

const SYN = 2
const ACK = 16
const FIN = 1

/** A packet whose payload stands behind two bytes of something else, in a buffer that is used again. */
function packets(
  list: readonly (readonly [direction: 0 | 1, seq: number, text: string, flags?: number, ack?: number, stated?: number])[],
) {
  const buffer = Buffer.alloc(2000)
  return (function* (): Generator<FlowPacket> {
    let number = 0
    for (const [direction, seq, text, flags = ACK, ack = 0, stated = text.length] of list) {
      buffer.fill(0x2a)
      buffer.write(text, 2, 'latin1')
      yield { number: ++number, direction, data: buffer, from: 2, to: 2 + text.length, stated, seq: seq >>> 0, ack, flags }
    }
  })()
}

async function followed(list: Parameters<typeof packets>[0], transport: 'tcp' | 'udp' = 'tcp'): Promise<string[]> {
  const shown: string[] = []
  for await (const { direction, packet, bytes, missing } of followFlow(packets(list), transport))
    shown.push(`${packet}${direction === 0 ? '>' : '<'}${missing > 0 ? `(${missing})` : Buffer.from(bytes).toString('latin1')}`)
  return shown
}

test('both directions in order, each byte once', async () => {
  expect(
    await followed([
      [0, 99, '', SYN],
      [1, 499, '', SYN | ACK, 100],
      [0, 100, 'GET '],
      [0, 107, 'Z'],
      [0, 100, 'GET '],
      [0, 104, 'XY!'],
      [1, 500, 'ok', ACK, 108],
      [1, 502, '', FIN | ACK, 108],
      [1, 502, 'late'],
    ]),
  ).toEqual(['3>GET ', '6>XY!', '4>Z', '7<ok'])
})

test('what is missing is said where it is missing', async () => {
  expect(
    await followed([
      [0, 100, 'abc'],
      [0, 110, 'klm'],
      [1, 500, 'x', ACK, 100, 4],
    ]),
  ).toEqual(['1>abc', '3<x', '3<(3)', '2>(7)', '2>klm'])
})

test('datagrams as they are', async () => {
  expect(
    await followed(
      [
        [0, 0, 'ask'],
        [1, 0, 'answer', 0, 0, 10],
        [0, 0, ''],
        [0, 0, 'ask'],
      ],
      'udp',
    ),
  ).toEqual(['1>ask', '2<answer', '2<(4)', '4>ask'])
})

test('law: whatever the order, a direction gives its text', async () => {
  const text = fc.string({ unit: fc.constantFrom(...'abcdefgh'), minLength: 1, maxLength: 40 })
  await fc.assert(
    fc.asyncProperty(
      text,
      text,
      fc.array(fc.tuple(fc.boolean(), fc.nat(39), fc.integer({ min: 1, max: 9 }))),
      async (one, two, some) => {
        const whole = [one, two] as const
        const list: (readonly [0 | 1, number, string, number?])[] = [
          [0, 99, '', SYN],
          [1, 199, '', SYN | ACK],
        ]
        for (const [second, at, length] of some) {
          const direction = second ? 1 : 0
          const piece = whole[direction].slice(at, at + length)
          if (piece !== '') list.push([direction, 100 + 100 * direction + at, piece])
        }
        for (const direction of [0, 1] as const)
          for (let at = whole[direction].length - 1; at >= 0; at--)
            list.push([direction, 100 + 100 * direction + at, whole[direction][at]!])
        const got = ['', '']
        for await (const { direction, bytes, missing } of followFlow(packets(list), 'tcp')) {
          expect(missing).toBe(0)
          got[direction] += Buffer.from(bytes).toString('latin1')
        }
        expect(got).toEqual(whole)
      },
    ),
    { numRuns: 60 },
  )
})
