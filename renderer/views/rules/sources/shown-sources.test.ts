import { describe, expect, it } from 'vitest'
import type { LogSourceFile, LogSourceRow } from '../../../../shared/log-source-contract.ts'
import { idOf, mappings, nameText, NEW_FILE, shownFiles } from './shown-sources.ts'

const row = (product: string, more: Partial<LogSourceRow> = {}): LogSourceRow => ({
  names: [{ product, category: null, service: 'audit' }],
  formats: ['jsonl'],
  types: [],
  values: [],
  has: [],
  fields: [],
  rules: 1,
  ...more,
})
const file = (id: string, sources: LogSourceRow[]): LogSourceFile => ({
  id,
  title: `The ${id}`,
  doc: '',
  spec: '',
  shipped: true,
  changed: false,
  text: '',
  sources,
  rules: 1,
  problems: [],
})

describe('log sources on screen', () => {
  const files = [
    file('aws', [row('aws', { fields: [{ name: 'c-uri', from: ['http.url'], derive: null }] }), row('other')]),
    file('azure', [row('azure', { values: [{ field: 'category', values: ['AuditLogs'] }] })]),
  ]
  it('are found by names, conditions and fields; a file that is named has all of its own', () => {
    const found = (text: string) => shownFiles(files, text).map(({ id, sources }) => [id, sources.length])
    expect(found('')).toEqual([
      ['aws', 2],
      ['azure', 1],
    ])
    expect(found('the AWS')).toEqual([['aws', 2]])
    expect(found('http.url')).toEqual([['aws', 1]])
    expect(found('auditlogs category')).toEqual([['azure', 1]])
    expect(found('nothing')).toEqual([])
  })
  it('are named as rules name them', () => {
    expect(nameText({ product: 'windows', category: null, service: 'security' })).toBe('windows / security')
  })
  it('have each mapping once', () => {
    const fields = [
      { name: 'b', from: ['x'], derive: null },
      { name: 'a', from: [], derive: 'url' },
    ]
    expect(mappings(file('x', [row('a', { fields }), row('b', { fields })])).map(({ name }) => name)).toEqual(['a', 'b'])
  })
  it('take the id of a new one from its text', () => {
    expect(idOf(NEW_FILE)).toBe('my-source')
    expect(idOf("title: x\nid: 'b_2'\n")).toBe('b_2')
    expect(idOf('title: x')).toBe('')
  })
})
