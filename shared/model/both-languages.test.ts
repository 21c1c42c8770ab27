import { expect, it } from 'vitest'
import { inLanguage } from './both-languages.ts'

it('takes the part of the language, and leaves alone what people wrote', () => {
  expect(inLanguage('Calls home · C2 통신', 'en')).toBe('Calls home')
  expect(inLanguage('Calls home · C2 통신', 'ko')).toBe('C2 통신')
  for (const label of ['Scan', '스캔', 'a · b', '1차 · 2차', 'Scan · 스캔 · 3', ''])
    for (const language of ['en', 'ko'] as const) expect(inLanguage(label, language)).toBe(label)
})
