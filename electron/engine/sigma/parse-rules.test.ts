import { describe, expect, it } from 'vitest'
import { parseRules, rulesOfText, type RuleText } from './parse-rules.ts'

const files: RuleText[] = Array.from({ length: 700 }, (_, i) => ({
  file: `/rules/${i}.yml`,
  folder: '/rules',
  text:
    i % 50 === 7
      ? `title: [${i}\n`
      : `title: Rule ${i}\nid: ${i}\nlogsource: { category: dns }\ndetection:\n  sel: { query|contains: name-${i} }\n  condition: sel\n`,
}))
const plain = files.map((file) => [...rulesOfText(file)])

describe('parsing rules', () => {
  it('gives on threads what it gives here, in the order of the files', async () => {
    expect(await parseRules(files)).toEqual(plain)
    expect(plain.flat().filter(({ rule }) => rule === null).length).toBe(14)
  })

  it('does without threads where they cannot begin', async () => {
    expect(await parseRules(files, '/nowhere/rules.worker.js')).toEqual(plain)
  })
})
