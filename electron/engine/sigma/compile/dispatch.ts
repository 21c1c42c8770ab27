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

  /** `make` is called once for each combination of log sources that occurs together in a format. */
  constructor(sources: readonly LogSource[], fields: FieldRegistry, make: (format: string, sources: readonly LogSource[]) => T) {
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
      Object.entries(when.fields ?? {}).every(([field, values]) => isOne(row.get(this.#fields.id(field)), values)) &&
      (when.has ?? []).every((field) => row.get(this.#fields.id(field)) !== undefined)
    )
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
    for (const [field, wanted] of values) {
      const id = this.#fields.id(field)
      const numbers = new Map<RowValue, number>()
      ;[...wanted].forEach((value, i) => {
        numbers.set(value, i + 1)
        if (/^\d{1,15}$/.test(value)) numbers.set(Number(value), i + 1)
      })
      questions.push({
        size: wanted.size + 1,
        ask(row) {
          const value = row.values[id]
          if (value === undefined) return 0
          return numbers.get(value) ?? (typeof value === 'string' ? (numbers.get(value.toLowerCase()) ?? 0) : 0)
        },
      })
    }
    for (const field of new Set(own.flatMap(({ when }) => when.has ?? []))) {
      const id = this.#fields.id(field)
      questions.push({ size: 2, ask: (row) => (row.values[id] === undefined ? 0 : 1) })
    }
    return questions
  }
}

function isOne(value: RowValue | undefined, wanted: readonly (string | number)[]): boolean {
  if (value === undefined || typeof value === 'object') return false
  const text = String(value).toLowerCase()
  return wanted.some((one) => String(one).toLowerCase() === text)
}
