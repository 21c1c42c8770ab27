import { ANY_DASH, DASHES, type Part } from '../detection.ts'
import { defineModifier, MODIFIER_SPEC } from './define.ts'

const word = (c: string | undefined): boolean => c !== undefined && /\w/.test(c)

/** A dash that begins an option: a word follows it, none stands before it. */
function openDashes(literal: string): Part[] {
  const parts: Part[] = []
  let from = 0
  for (let i = 0; i < literal.length; i++)
    if (DASHES.includes(literal[i]!) && !word(literal[i - 1]) && word(literal[i + 1])) {
      if (i > from) parts.push(literal.slice(from, i))
      parts.push(ANY_DASH)
      from = i + 1
    }
  if (from < literal.length) parts.push(literal.slice(from))
  return parts
}

export default defineModifier({
  id: 'windash',
  spec: MODIFIER_SPEC,
  doc: 'A dash or slash that begins an option stands for any of - / – — ―, each one on its own.',
  takes: ['text', 'number'],
  apply: (value) =>
    value.type === 'text'
      ? { ...value, parts: value.parts.flatMap((part) => (typeof part === 'string' ? openDashes(part) : [part])) }
      : value,
  examples: [
    {
      key: 'CommandLine|contains|windash',
      value: ' -f -x',
      matches: [{ CommandLine: 'a /f /x' }, { CommandLine: 'a -f –x' }, { CommandLine: 'a ―F —X b' }],
      misses: [{ CommandLine: 'a f x' }, { CommandLine: 'a +f -x' }],
    },
    {
      key: 'CommandLine|contains|windash',
      value: '-param-name',
      matches: [{ CommandLine: '/param-name' }],
      misses: [{ CommandLine: '-param/name' }],
    },
  ],
})
