/** Every decoder's examples, and what must hold for all of them whatever they are fed. */
import { describe, expect, it } from 'vitest'
import { Random } from '../../../../test/fuzz/random.ts'
import { feedHeaders, feedMessages } from '../../../../test/fuzz/feed-decoders.ts'
import { runExample, type ExampleResult } from '../facts/run-example.ts'
import type { DecoderDefinition, DecoderExample } from './define.ts'
import { decoders, fieldByName } from './registry.ts'

/** Names that others own: a decoder adds them as its own layer only. */
const NAME = /^[a-z0-9][a-z0-9_.-]*$/

function wanted({ expect: { stack, line, facts = {} } }: DecoderExample, result: ExampleResult): void {
  expect(result.bugs).toEqual([])
  if (stack !== undefined && result.stack !== stack) expect(result.stacks).toContain(stack)
  if (line !== undefined && result.lines.join(', ') !== line) expect(result.lines).toContain(line)
  for (const [name, value] of Object.entries(facts)) {
    const got = result.facts.filter(([field]) => field === name).map(([, text]) => text)
    // One value is meant to be the only one, however often it occurs.
    if (Array.isArray(value)) expect({ [name]: got }).toEqual({ [name]: value.map(String) })
    else expect({ [name]: [...new Set(got)] }).toEqual({ [name]: [String(value)] })
  }
}

const pieces = (bytes: Uint8Array, size: () => number): Uint8Array[] => {
  const out: Uint8Array[] = []
  for (let at = 0; at < bytes.length;) {
    const next = Math.min(bytes.length, at + size())
    out.push(bytes.slice(at, next))
    at = next
  }
  return out
}

function examples(decoder: DecoderDefinition): void {
  it.each(decoder.examples.map((example) => [example.name, example] as const))('%s', (_, example) => {
    const whole = runExample(example)
    wanted(example, whole)
    if (example.messages?.transport !== 'tcp') return
    const compared = ({ stack, facts, bugs }: ExampleResult): unknown => [stack.split(':').sort(), facts, bugs]
    expect(compared(runExample(example, (bytes) => pieces(bytes, () => 1)))).toEqual(compared(whole))
    const random = new Random(7)
    for (let round = 0; round < 8; round++) {
      const most = 2 + random.below(200)
      expect(compared(runExample(example, (bytes) => pieces(bytes, () => 1 + random.below(most))))).toEqual(compared(whole))
    }
  })
}

describe('this suite', () => {
  const bad = (message: NonNullable<DecoderDefinition['message']>): DecoderDefinition => ({
    ...decoders[0]!,
    examples: [],
    fields: [],
    message,
  })

  it.each([
    ['throws', bad((m) => void m.view.getUint16(m.from + 200))],
    ['uses a field that there is not', bad((_, __, out) => out.fact('no.such.field', 1))],
    ['adds a protocol that there is not', bad((_, __, out) => out.layer('no-such-protocol'))],
    ['reads outside', bad((m, _, out) => out.inner('data', m.data, m.from, m.to + 1))],
    ['never ends', bad((_, __, out) => { for (;;) out.line('') })], // prettier-ignore
  ])('sees a decoder that %s', (_, decoder) => {
    expect(() => feedMessages(decoder, new Random(1), 50)).toThrow()
  })

  it('sees an example that is not what comes out', () => {
    const example: DecoderExample = { name: '', packet: { link: 147, hex: '0102' }, expect: {} }
    const result = runExample(example)
    expect(() => wanted({ ...example, expect: { stack: 'data:x' } }, result)).toThrow()
    expect(() => wanted({ ...example, expect: { line: 'Len=3' } }, result)).toThrow()
    expect(() => wanted({ ...example, expect: { facts: { 'data.len': 3 } } }, result)).toThrow()
    wanted({ ...example, expect: { stack: 'data', line: 'Len=2', facts: { 'data.len': 2, 'data.data': '0102' } } }, result)
  })
})

describe.each(decoders.map((decoder) => [decoder.id, decoder] as const))('%s', (id, decoder) => {
  examples(decoder)

  it('takes anything', () => {
    const random = new Random(id.length * 7919 + id.charCodeAt(0))
    expect(feedHeaders(decoder, random, 200)).toBe(200)
    expect(feedMessages(decoder, random, 200)).toBe(200)
  })

  it('is documented, and has an example', () => {
    expect(id).toMatch(NAME)
    expect(decoder.title).not.toBe('')
    expect(decoder.spec).toMatch(/^https:\/\//)
    expect(decoder.doc.length).toBeGreaterThan(10)
    expect(decoder.examples.length).toBeGreaterThan(0)
    for (const { packet, messages, expect: stated } of decoder.examples) {
      expect((packet === undefined) !== (messages === undefined)).toBe(true)
      expect(Object.keys(stated).length).toBeGreaterThan(0)
    }
  })

  it('has fields of its own, each with a text', () => {
    for (const { name, doc } of decoder.fields) {
      expect(name).toMatch(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/)
      expect({ name, doc: doc.length > 0 }).toEqual({ name, doc: true })
      expect(fieldByName(name)?.decoder).toBe(decoders.indexOf(decoder))
    }
    for (const also of decoder.also ?? []) expect(also).toMatch(NAME)
  })

  it('can be reached, or says nothing of headers and messages', () => {
    expect(decoder.header !== undefined || decoder.message !== undefined || decoder.line === undefined).toBe(true)
    for (const { keys } of decoder.on) for (const key of keys) expect(Number.isInteger(key)).toBe(true)
  })
})
