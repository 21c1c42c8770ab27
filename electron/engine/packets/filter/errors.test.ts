import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { FILTER_ERROR_KEYS, filterError } from './errors.ts'

it('every reason has a text in every language, with the same values', () => {
  for (const language of ['en', 'ko']) {
    const path = join(import.meta.dirname, `../../../../renderer/i18n/${language}/packet-filter.json`)
    const { filterErrors } = z
      .object({ filterErrors: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync(path, 'utf8')))
    expect(Object.keys(filterErrors).sort()).toEqual([...FILTER_ERROR_KEYS].sort())
    for (const key of FILTER_ERROR_KEYS) {
      const { message } = filterError(key, { start: 0, end: 0 })
      const named = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, name]) => name!).sort()
      expect([key, named(filterErrors[key]!, /\{\{(\w+)\}\}/g)]).toEqual([key, named(message, /\{(\w+)\}/g)])
    }
  }
})
