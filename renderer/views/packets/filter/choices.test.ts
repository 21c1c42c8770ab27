import { describe, expect, it } from 'vitest'
import { choicesOf, recentOf } from './choices.ts'

const stream = { name: 'tcp.stream', type: 'unsigned', doc: 'Stream index', how: 'index' as const }
const port = { name: 'tcp.srcport', type: 'port', doc: 'Source port', how: 'index' as const }

describe('what can stand at the caret', () => {
  it('takes the place of the word, and the caret stands behind it', () => {
    const [option] = choicesOf('ip && tcp.str == 3', { from: 6, to: 13, choices: [stream, port] })
    expect(option).toMatchObject({ text: 'ip && tcp.stream == 3', caret: 16, matched: { start: 0, end: 7 } })
  })
  it('is nothing where the only choice stands there already', () => {
    expect(choicesOf('tcp.stream', { from: 0, to: 10, choices: [stream] })).toEqual([])
    expect(choicesOf('tcp.stream', { from: 0, to: 10, choices: [stream, port] })).toHaveLength(2)
  })
})

describe('filters that were run', () => {
  it('are those that hold what is typed', () => {
    const labels = (text: string): string[] => recentOf(text, ['http', 'dns && ip', 'ip']).map(({ label }) => label)
    expect(labels('')).toEqual(['http', 'dns && ip', 'ip'])
    expect(labels('IP')).toEqual(['dns && ip', 'ip'])
    expect(labels('ip')).toEqual(['dns && ip'])
  })
})
