/** Every inventory's and every vulnerability format's examples, and what must hold for all of them whatever they are fed. */
import { describe, expect, it } from 'vitest'
import { Random } from '../../../test/fuzz/random.ts'
import { inventories } from './inventories/registry.ts'
import { FileProblem } from './reading/row.ts'
import { vulnerabilityFormats } from './vulnerabilities/registry.ts'

const formats = [...inventories, ...vulnerabilityFormats]

/** The same text in pieces of other sizes must read the same. */
async function* cut(text: string, size: () => number): AsyncGenerator<string> {
  for (let at = 0; at < text.length;) {
    const length = Math.max(1, size())
    yield text.slice(at, at + length)
    at += length
  }
}
const all = async (format: (typeof formats)[number], input: string, size: () => number): Promise<unknown[]> => {
  const items: unknown[] = []
  try {
    for await (const item of format.read(cut(input, size), input)) items.push(item)
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error
    items.push({ kind: 'problem', problem: error.problem })
  }
  return items
}

describe.each(formats.map((format) => [format.id, format] as const))('%s', (_id, format) => {
  it.each(format.examples.map((example) => [example.name, example] as const))('%s', async (_name, { input, expect: wanted }) => {
    const items = await all(format, input, () => input.length)
    expect(items).toMatchObject(wanted)
    expect(items.length).toBe(wanted.length)
  })
  it('reads the same in pieces of any size', async () => {
    const random = new Random(5)
    for (const { input } of format.examples) {
      const whole = await all(format, input, () => input.length)
      expect(await all(format, input, () => 1)).toEqual(whole)
      expect(await all(format, input, () => 1 + random.below(40))).toEqual(whole)
    }
  })
  it('is recognised, and by no other format', () => {
    for (const { input } of format.examples) {
      const sure = formats.map((other) => [other.recognises(input, 'file'), other.id] as const).sort(([a], [b]) => b - a)
      expect(sure[0]?.[1]).toBe(format.id)
      expect(sure[0]![0]).toBeGreaterThan(0.5)
      expect(sure[0]![0]).toBeGreaterThan(sure[1]![0])
    }
  })
  it('says what it is', () => {
    expect(format.doc.length).toBeGreaterThan(40)
    expect(format.spec).toMatch(/^https:\/\//)
    expect(format.examples.length).toBeGreaterThan(0)
  })
})
