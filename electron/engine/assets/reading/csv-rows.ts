/** Separated values (RFC 4180), piece by piece: comma, semicolon or tab, quoted fields over several lines, rows of bounded size. */
import { FileProblem, problem, type Pieces, type Place } from './row.ts'
import type { RowProblem } from '../../../../shared/model/asset.ts'

export interface CsvRow {
  readonly kind: 'row'
  readonly fields: readonly string[]
  /** Where each field begins. */
  readonly places: readonly Place[]
}
export type CsvItem = CsvRow | { readonly kind: 'problem'; readonly problem: RowProblem }

const MOST_ROW = 1 << 20
const MOST_FIELDS = 1024

/** The separator of the first row: the one that occurs most outside of quotes. */
export function separatorOf(head: string): string {
  const line = head.replace(/"(?:[^"]|"")*"/g, '').split(/\r?\n/, 1)[0] ?? ''
  const count = (separator: string): number => line.split(separator).length - 1
  return [',', ';', '\t'].reduce((best, one) => (count(one) > count(best) ? one : best))
}

/** Rows with anything in them. A row that is too long is a problem and left out. @throws FileProblem where a quote is never closed. */
export async function* csvRows(pieces: Pieces, separator: string): AsyncGenerator<CsvItem, void> {
  let fields: string[] = []
  let places: Place[] = []
  let field = ''
  let size = 0
  let tooLong = false
  let state: 'begin' | 'plain' | 'quoted' | 'quote' = 'begin'
  let line = 1
  let column = 1
  let start: Place = { line, column }
  let rowStart: Place = start
  const endField = (): void => {
    if (!tooLong) {
      fields.push(field)
      places.push(start)
      if (fields.length > MOST_FIELDS) tooLong = true
    }
    field = ''
    state = 'begin'
  }
  const endRow = (): CsvItem | null => {
    endField()
    const row: CsvItem | null = tooLong
      ? { kind: 'problem', problem: problem(rowStart, 'too_long') }
      : fields.length === 1 && fields[0] === ''
        ? null
        : { kind: 'row', fields, places }
    fields = []
    places = []
    size = 0
    tooLong = false
    return row
  }
  const add = (text: string): void => {
    size += text.length
    if (size > MOST_ROW) {
      tooLong = true
      field = ''
      fields = []
      places = []
    } else if (!tooLong) field += text
  }
  for await (const piece of pieces) {
    let at = 0
    while (at < piece.length) {
      const char = piece[at]!
      if (state === 'begin') start = { line, column }
      if (state === 'quoted') {
        const quote = piece.indexOf('"', at)
        const end = quote < 0 ? piece.length : quote
        add(piece.slice(at, end))
        for (let i = at; i < end; i++) {
          if (piece.charCodeAt(i) === 10) [line, column] = [line + 1, 1]
          else column++
        }
        if (quote >= 0) {
          state = 'quote'
          column++
        }
        at = end + 1
        continue
      }
      at++
      column++
      if (state === 'quote' && char === '"') {
        add('"')
        state = 'quoted'
      } else if (char === separator) endField()
      else if (char === '\n') {
        const row = endRow()
        ;[line, column] = [line + 1, 1]
        rowStart = { line, column }
        if (row) yield row
      } else if (char === '"' && state === 'begin') state = 'quoted'
      else if (char === '\r') {
        // Belongs to the line end; elsewhere it is nothing that a value needs.
      } else {
        if (state === 'begin') state = 'plain'
        // The rest of a plain field at once.
        let end = at
        while (end < piece.length && !isStop(piece.charCodeAt(end), separator)) end++
        add(piece.slice(at - 1, end))
        column += end - at
        at = end
      }
    }
  }
  if (state === 'quoted') throw new FileProblem(start, 'ends_early', field)
  if (fields.length > 0 || field !== '' || tooLong) {
    const row = endRow()
    if (row) yield row
  }
}

const isStop = (code: number, separator: string): boolean =>
  code === 10 || code === 13 || code === 34 || code === separator.charCodeAt(0)

/** Names of columns in a form in which they can be compared: `CVSS v3.0 Base Score` → `cvssv30basescore`. */
export const columnKey = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
