/** Every example of every test, looked at by all tests: what one says of it must not be turned round by the others. */
import { describe, expect, it } from 'vitest'
import { makeCase } from './made-case.ts'
import { impactTests } from './registry.ts'
import { runTests } from './run-tests.ts'

const LOST = new Set(['failed', 'blocked'])

describe('all tests together', () => {
  for (const { id, examples } of impactTests)
    for (const example of examples) {
      if (example.expect !== 'succeeded' && !LOST.has(example.expect ?? '')) continue
      it(`${id}: ${example.name}`, () => {
        const { result, findings } = runTests(impactTests, makeCase(example.of), (_, error) => {
          throw error
        })
        const said = findings.map((one) => `${one.test} ${one.result} ${one.confidence}`)
        if (example.expect === 'succeeded')
          expect([...said, result], 'a success that is called a failure').not.toContain('failed')
        else expect([...said, result], 'a failure that is called a success').not.toContain('succeeded')
        if (example.expect === 'succeeded') expect(result).not.toBe('blocked')
      })
    }
})
