import { describe, expect, it } from 'vitest'
import type { DissectorFields } from './catalogue.ts'
import { checkFilter } from './check-filter.ts'
import { questionsOf } from './questions.ts'

/** Fields of a protocol that only dissectors know: `made.up`, `made.text`, ... */
const fields: DissectorFields = {
  find: (name) =>
    Promise.resolve(name.startsWith('made.') ? { type: name === 'made.text' ? 'FT_STRING' : 'FT_UINT32', title: 'Made' } : null),
  like: () => Promise.resolve([]),
}
/** Own tests stand in angle brackets. */
async function questions(filter: string): Promise<string[]> {
  const checked = await checkFilter(filter, fields)
  if (!checked.ok) throw new Error(checked.error.message)
  return questionsOf(checked.value).list.map(({ text, always }) => (always ? text : `<${text}>`))
}

describe('what the dissectors are asked', () => {
  it.each<[string, string[]]>([
    ['', []],
    ['made.up', ['made.up']],
    ['tcp.stream == 5 && made.up > 3', ['<tcp.stream == 5>', 'made.up > 3']],
    ['(made.up == 1 || (tcp))', ['<tcp>', 'made.up == 1']],
    ['frame.number > 7 and not ( made.up )', ['<frame.number > 7>', 'not (made.up)']],
    // Parts that are theirs as a whole are one question, and what is written twice is asked once.
    ['tcp or made.up and !made.text contains "a or b"', ['<tcp>', '(made.up) and (not (made.text contains "a or b"))']],
    ['made.up and (tcp or made.up)', ['<tcp>', 'made.up']],
    ['made.up and made.text or made.up == 2 xor tcp', ['<tcp>', 'made.up == 2', '(made.up) and (made.text)']],
    // A test that compares both is theirs.
    ['made.up == tcp.stream', ['made.up == tcp.stream']],
    ['tcp.stream == made.up', ['tcp.stream == made.up']],
    ['{made.up + 1} * 2 == -tcp.len', ['{made.up + 1} * 2 == -tcp.len']],
    ['made.up not in {1, 2..3} or udp', ['<udp>', 'not (made.up in {1, 2..3})']],
    ['(made.up in {1}) && udp', ['<udp>', 'made.up in {1}']],
    ['all made.up == 1 && udp', ['<udp>', 'all made.up == 1']],
    ['(any made.up in { 4 }) && udp', ['<udp>', 'any made.up in { 4 }']],
    ['all tcp.len < tcp.seq < made.up', ['<all tcp.len < tcp.seq>', 'all tcp.seq < made.up']],
    ['1 < made.up < tcp.len || udp', ['<udp>', '(1 < made.up) and (made.up < tcp.len)']],
    ['http.host matches "^(?!www)" && tcp', ['<tcp>', 'http.host matches "^(?!www)"']],
    ['tcp xor len(made.text) > 3 xor made.text[0:2] == "ab"', ['<tcp>', '(len(made.text) > 3) xor (made.text[0:2] == "ab")']],
  ])('%s', async (filter, wanted) => {
    expect((await questions(filter)).sort()).toEqual([...wanted].sort())
  })
})
