import { describe, expect, it } from 'vitest'
import { refusedRegex } from './regular-expression.ts'

describe('why a regular expression is refused', () => {
  it.each([
    ['a(?!b)', 'unsupported', 'look-ahead'],
    ['(?=a)b', 'unsupported', 'look-ahead'],
    ['(a)\\1', 'unsupported', 'back-reference'],
    ['(?P<x>a)(?P=x)', 'unsupported', 'back-reference'],
    ['a++', 'unsupported', 'possessive'],
    ['(?>a)', 'unsupported', 'atomic'],
    ['(?(1)a)', 'unsupported', 'condition'],
    ['(?R)', 'unsupported', 'recursion'],
    ['(?#why)a', 'unsupported', 'comment'],
    ['(?x)a', 'unsupported', 'flag'],
    ['a\\Kb', 'unsupported', 'it has \\K'],
    ['(?<=(a))b', 'unsupported', 'look-behind'],
    ['a{1,1001}', 'unsupported', 'more than 1000'],
    ['(a{900}){900}', 'unsupported', 'more than 1000'],
    ['((a{1,1000}){1,1000}){1,1000}', 'unsupported', ''],
    ['a{3,2}', 'invalid', 'repeat count {3,2}'],
    ['(', 'invalid', 'missing closing )'],
    ['[z-a]', 'invalid', 'range z-a'],
    ['a**', 'invalid', 'repetition operator **'],
    ['\\q', 'invalid', 'invalid escape sequence'],
    [`${'('.repeat(1200)}a${')'.repeat(1200)}`, 'too_large', 'nested too deeply'],
    ['a'.repeat(9000), 'too_large', 'longer than 8192 characters'],
  ])('%s: %s, %s', (source, kind, reason) => {
    const refused = refusedRegex(source)
    expect(refused).toMatchObject({ kind, reason: expect.stringContaining(reason) as string })
    expect(refused!.reason.includes('look-ahead')).toBe(source.includes('(?=') || source.includes('(?!'))
  })

  it.each(['a{1,1000}', '(?<=a)b', '(?i)a', 'a'.repeat(8192)])('%s is not', (source) => {
    expect(refusedRegex(source)).toBeNull()
  })
})
