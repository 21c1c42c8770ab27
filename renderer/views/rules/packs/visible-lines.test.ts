import { expect, it } from 'vitest'
import { visibleLines } from './visible-lines.ts'

it('keeps lines, and shows what would hide', () => {
  expect(visibleLines('one\r\ntwo\n\nfour')).toBe('one\ntwo\n\nfour')
  expect(visibleLines('a\u202eb\n<b>\u001b[2J')).toBe('a\\u202eb\n<b>\\x1b[2J')
})
