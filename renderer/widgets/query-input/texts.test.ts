import { describe, expect, it } from 'vitest'
import { EVENT_FIELDS } from '../../../shared/query/complete.ts'
import { QUERY_ERRORS } from '../../../shared/query/parse.ts'
import english from '../../i18n/en/query.json'
import korean from '../../i18n/ko/query.json'

describe('texts of the query language', () => {
  it('say in English what the parser says', () => {
    expect(english.errors).toEqual(QUERY_ERRORS)
  })
  it('have every error in Korean, with its values', () => {
    const values = (text: string): string[] => [...text.matchAll(/\{\{\w+\}\}/g)].map(([value]) => value).sort()
    for (const [key, text] of Object.entries(QUERY_ERRORS))
      expect([key, values((korean.errors as Record<string, string>)[key] ?? '')]).toEqual([key, values(text)])
  })
  it('say what every field means', () => {
    const docs = Object.fromEntries(EVENT_FIELDS.map(({ name, doc }) => [name.replaceAll('.', '_'), doc]))
    expect(english.docs).toEqual(docs)
    expect(Object.keys(korean.docs).sort()).toEqual(Object.keys(docs).sort())
  })
  it('name every type', () => {
    for (const { type } of EVENT_FIELDS) expect([type, type in english.types, type in korean.types]).toEqual([type, true, true])
  })
})
