/** From an event to the log sources it belongs to, by a few lookups; bounded whatever values events hold. */
import type { FieldRegistry } from '../../event/field-registry.ts'
import type { EventRow, RowValue } from '../../event/row.ts'
import type { LogSource } from '../logsources/log-source.ts'

/** One question about a row: its answer is a small number, 0 for anything that no log source asks for. */
interface Question {
  readonly size: number
  ask(row: EventRow): number
}

interface FormatNode<T> {
  readonly questions: readonly Question[]
  readonly leaves: Map<number | string, T>
}

/** A key is a whole number as long as it can be told from its neighbour; with more questions it is text. */
const LARGEST_KEY = 2 ** 50
/** Combinations of answers that are remembered in a format: what events hold must not fill the memory. */
const MOST_LEAVES = 20_000

export class Dispatch<T> {
  readonly #byFormat = new Map<string, FormatNode<T>>()
  readonly #sources: readonly LogSource[]
  readonly #fields: FieldRegistry
  readonly #make: (format: string, sources: readonly LogSource[]) => T
  #lastFormat = ''
  #lastNode: FormatNode<T> | null = null

  readonly #read: (field: string, format: string) => readonly string[]

  /**
   * `make` is called once for each combination of log sources that occurs together in a format. `read` gives the names of a row's
   * fields where what a log source calls a field may be, best first.
   */
  constructor(
    sources: readonly LogSource[],
    fields: FieldRegistry,
    read: (field: string, format: string) => readonly string[],
    make: (format: string, sources: readonly LogSource[]) => T,
  ) {
    this.#read = read
    this.#sources = sources
    this.#fields = fields
    this.#make = make
    for (const format of new Set(sources.flatMap(({ when }) => when.format)))
      this.#byFormat.set(format, { questions: this.#questions(format), leaves: new Map() })
  }

  /** What `make` gave for the row's log sources; null where no log source knows its format. */
  of(row: EventRow): T | null {
    if (row.format !== this.#lastFormat) {
      this.#lastFormat = row.format
      this.#lastNode = this.#byFormat.get(row.format) ?? null
    }
    const node = this.#lastNode
    if (node === null) return null
    let last = 0
    let size = 1
    let before = ''
    for (let i = 0; i < node.questions.length; i++) {
      const question = node.questions[i]!
      if (size * question.size > LARGEST_KEY) {
        before += `${last},`
        last = 0
        size = 1
      }
      last = last * question.size + question.ask(row)
      size *= question.size
    }
    const key = before === '' ? last : before + last
    let leaf = node.leaves.get(key)
    if (leaf === undefined) {
      leaf = this.#make(
        row.format,
        this.#sources.filter((source) => this.#fits(source, row)),
      )
      if (node.leaves.size >= MOST_LEAVES) node.leaves.clear()
      node.leaves.set(key, leaf)
    }
    return leaf
  }

  #fits({ when }: LogSource, row: EventRow): boolean {
    return (
      when.format.includes(row.format) &&
      (when.type === undefined || when.type.includes(row.type)) &&
      Object.entries(when.fields ?? {}).every(([field, values]) => isOne(valueOf(row, this.#ids(field, row.format)), values)) &&
      (when.has ?? []).every((field) => valueOf(row, this.#ids(field, row.format)) !== undefined)
    )
  }

  #ids(field: string, format: string): number[] {
    return this.#read(field, format).map((name) => this.#fields.id(name))
  }

  #questions(format: string): Question[] {
    const own = this.#sources.filter(({ when }) => when.format.includes(format))
    const questions: Question[] = []
    const types = new Set(own.flatMap(({ when }) => when.type ?? []))
    if (types.size > 0) {
      const numbers = new Map([...types].map((type, i) => [type, i + 1]))
      questions.push({ size: types.size + 1, ask: (row) => numbers.get(row.type) ?? 0 })
    }
    const values = new Map<string, Set<string>>()
    for (const { when } of own)
      for (const [field, wanted] of Object.entries(when.fields ?? {})) {
        const known = values.get(field) ?? new Set()
        for (const value of wanted) known.add(String(value).toLowerCase())
        values.set(field, known)
      }
    for (const [field, wanted] of values) questions.push(this.#valueQuestion(this.#ids(field, format), [...wanted]))
    for (const field of new Set(own.flatMap(({ when }) => when.has ?? []))) {
      const ids = this.#ids(field, format)
      questions.push({ size: 2, ask: (row) => (valueOf(row, ids) === undefined ? 0 : 1) })
    }
    return questions
  }

  /** Which of the values a field has: whole ones by lookup, then beginnings, the longest first. */
  #valueQuestion(ids: readonly number[], wanted: readonly string[]): Question {
    const numbers = new Map<RowValue, number>()
    const beginnings: { readonly text: string; readonly number: number }[] = []
    wanted.forEach((value, i) => {
      const start = beginningOf(value)
      if (start !== null) beginnings.push({ text: start, number: i + 1 })
      else {
        numbers.set(value, i + 1)
        if (/^\d{1,15}$/.test(value)) numbers.set(Number(value), i + 1)
      }
    })
    beginnings.sort((a, b) => b.text.length - a.text.length)
    let lastValue: RowValue | undefined
    let lastNumber = 0
    const numberOf = (value: RowValue): number => {
      const known = numbers.get(value)
      if (known !== undefined || typeof value !== 'string') return known ?? 0
      const lower = value.toLowerCase()
      return numbers.get(lower) ?? beginnings.find(({ text }) => lower.startsWith(text))?.number ?? 0
    }
    return {
      size: wanted.length + 1,
      ask(row) {
        const value = valueOf(row, ids)
        if (value === undefined) return 0
        // Events of one log come together.
        if (value === lastValue) return lastNumber
        lastValue = value
        return (lastNumber = numberOf(value))
      },
    }
  }
}

/** Of the first of the fields that is set. */
function valueOf({ values }: EventRow, ids: readonly number[]): RowValue | undefined {
  for (let i = 0; i < ids.length; i++) {
    const value = values[ids[i]!]
    if (value !== undefined) return value
  }
  return undefined
}

/** What a value ending in `*` begins with, in lower case; null where it is a whole value. */
const beginningOf = (value: string): string | null => (value.endsWith('*') ? value.slice(0, -1).toLowerCase() : null)

function isOne(value: RowValue | undefined, wanted: readonly (string | number)[]): boolean {
  if (value === undefined || typeof value === 'object') return false
  const text = String(value).toLowerCase()
  return wanted.some((one) => {
    const start = beginningOf(String(one))
    return start === null ? String(one).toLowerCase() === text : text.startsWith(start)
  })
}
