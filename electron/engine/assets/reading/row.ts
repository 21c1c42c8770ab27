/** What readers of files give: rows with their place, and what was wrong with others. */
import type { RowProblem } from '../../../../shared/model/asset.ts'

export interface Place {
  /** From 1; columns in UTF-16 units. */
  readonly line: number
  readonly column: number
}
export type ProblemCode = RowProblem['code']

const MOST_SHOWN = 120
export const problem = (place: Place, code: ProblemCode, value = ''): RowProblem => ({
  line: place.line,
  column: place.column,
  code,
  value: value.length > MOST_SHOWN ? `${value.slice(0, MOST_SHOWN)}…` : value,
})

/** Something is wrong with the file from here on; what was read before it counts. */
export class FileProblem extends Error {
  readonly problem: RowProblem
  constructor(place: Place, code: ProblemCode, value = '') {
    super(code)
    this.name = 'FileProblem'
    this.problem = problem(place, code, value)
  }
}

/** Pieces of a file's text, one after the other. */
export type Pieces = AsyncIterable<string>

/** Counts lines and columns over pieces. */
export class PlaceCounter {
  line = 1
  column = 1

  /** Goes over `text` from `from` to `to`. */
  pass(text: string, from: number, to: number): void {
    let begin = from
    for (let at = from; at < to; at++)
      if (text.charCodeAt(at) === 10) {
        this.line++
        this.column = 1
        begin = at + 1
      }
    this.column += to - begin
  }
  get place(): Place {
    return { line: this.line, column: this.column }
  }
}
