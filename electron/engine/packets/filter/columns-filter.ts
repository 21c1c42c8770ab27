/**
 * A checked filter over the columns of the index: a chunk of packets at a time, a verdict for each. Common tests run through
 * arrays: protocols by stack, addresses and ports by flow, numbers and signs by column, facts by their notes. Any other test that
 * the index can answer is asked packet by packet; what it cannot answer is `MAYBE`.
 */
import type { FieldValue } from '../decode/define.ts'
import { CHUNK } from '../index/columns.ts'
import type { CaptureIndex } from '../index/capture-index.ts'
import type { Test } from './checked.ts'
import type { Columnar } from './columnar.ts'
import { compileFilter, MAYBE, NO, YES, type PacketValues, type Verdict } from './evaluate.ts'
import type { FieldUse } from './fields.ts'
import { flowColumns, flowUses } from './flow-columns.ts'
import { ofFlow } from './flow-values.ts'
import { BROKEN, IndexValues, NUMBER_COLUMNS, SIGN_FIELDS, type NumberColumn } from './index-values.ts'
import { numberTest } from './number-test.ts'
import { relativeNumbers, isRelative } from './relative-numbers.ts'
import { timesBetween } from './times-between.ts'
import { deltaTest, timeTest, type TimeTest } from './time-test.ts'
import { ABSENT, OWN, QUOTED } from './transport-of-stack.ts'
import { usesOf } from './uses.ts'

/** Bytes that tables of flows may take; tests beyond it are asked packet by packet. */
const MOST_TABLES = 128 << 20

export class ColumnsFilter {
  readonly #index: CaptureIndex
  readonly #values: IndexValues
  readonly #run: Columnar
  readonly #out = new Uint8Array(CHUNK)
  /** By depth. */
  readonly #scratch: Uint8Array[] = []
  /** Bytes of the tables of flows. */
  #tables = 0

  /** `test` null is the empty filter. Flows and stacks must not grow while it is used. */
  constructor(test: Test | null, index: CaptureIndex) {
    this.#index = index
    this.#values = new IndexValues(index)
    this.#run = test === null ? (_, length, out) => void out.fill(YES, 0, length) : this.#columnar(test)
  }

  /** {@link NO}, {@link YES} or {@link MAYBE} of each packet of the chunk. Good until the next call. */
  chunk(index: number): Uint8Array {
    const length = this.#index.columns.lengthOf(index)
    this.#run(index, length, this.#out)
    return this.#out.subarray(0, length)
  }

  /** `depth` names the scratch column that nobody further out uses. */
  #columnar(test: Test, depth = 0): Columnar {
    switch (test.kind) {
      case 'and':
      case 'or':
      case 'xor': {
        const uses = flowUses(test)
        if (uses !== null && this.#room()) return flowColumns(this.#index, this.#values, test, uses)
        const [left, right] = [this.#columnar(test.left, depth + 1), this.#columnar(test.right, depth + 1)]
        const table = TABLES[test.kind]
        const second = (this.#scratch[depth] ??= new Uint8Array(CHUNK))
        const enough = test.kind === 'and' ? NO : test.kind === 'or' ? YES : null
        return (index, length, out) => {
          left(index, length, out)
          // What is decided already need not be asked: a chunk of nothing but such packets is common.
          if (enough !== null && decided(out, length, enough)) return
          right(index, length, second)
          for (let i = 0; i < length; i++) out[i] = table[(out[i]! << 2) | second[i]!]!
        }
      }
      case 'not': {
        const inner = this.#columnar(test.inner, depth)
        return (index, length, out) => {
          inner(index, length, out)
          for (let i = 0; i < length; i++) out[i] = NOT[out[i]!]!
        }
      }
      default:
        return this.#leaf(test)
    }
  }

  /** Takes room for one more table of so many bytes for each direction of a flow; false where there would be too many. */
  #room(bytes = 1): boolean {
    this.#tables += bytes * (2 * this.#index.flows.length + 2)
    return this.#tables <= MOST_TABLES
  }

  #leaf(test: Test): Columnar {
    const uses = usesOf(test)
    const [first] = uses
    if (first === undefined) return this.#asked(test)
    if (uses.some(({ field }) => field.how === 'dissect')) return this.#narrowed(uses)
    const plain = uses.every(({ layers, raw }) => layers === null && !raw)
    if (test.kind === 'exists' && plain && first.field.type === 'protocol') return this.#stack(first.field.name)
    if (uses.some(({ field, layers, raw }) => field.how === 'decode' || layers !== null || raw || field.type === 'protocol'))
      return this.#narrowed(uses)
    const sign = SIGN_FIELDS.get(first.field.name)
    if (test.kind === 'exists' && sign !== undefined) return this.#signs(sign)
    if (uses.every(({ field }) => ofFlow(field.name)) && this.#room()) return flowColumns(this.#index, this.#values, test, uses)
    const numbers = uses.length === 1 ? numberTest(test) : null
    const column = NUMBER_COLUMNS.get(first.field.name)
    if (numbers !== null && column !== undefined) return this.#numbers(numbers, column)
    if (numbers !== null && first.field.name === 'frame.number')
      return (index, length, out) => {
        for (let i = 0; i < length; i++) out[i] = numbers(index * CHUNK + i + 1) ? YES : NO
      }
    if (numbers !== null && isRelative(first.field.name) && this.#room(4))
      return relativeNumbers(this.#index, this.#values, first.field.name, numbers)
    const delta = deltaTest(test)
    if (delta !== null && this.#room(8)) return timesBetween(this.#index, this.#values, delta.field, delta.fits)
    const started = this.#values.first()
    const times = timeTest(test, started)
    if (times !== null) return this.#times(times)
    if (uses.every(({ field }) => field.name === 'frame.protocols')) return this.#byStack(test)
    const noted = uses.every(
      ({ field }) => field.known !== null && field.known.read === undefined && field.name === first.field.name,
    )
    return noted ? this.#notes(test, first.field.name) : this.#asked(test)
  }

  #stack(protocol: string): Columnar {
    return (index, length, out) => {
      const containing = this.#values.containing(protocol)
      if (containing === null) return void out.fill(MAYBE, 0, length)
      const stack = this.#index.columns.column(index, 'stack')
      for (let i = 0; i < length; i++) out[i] = containing[stack[i]!]!
    }
  }

  /** Cannot be known here, but not of packets that lack a field's protocol. */
  #narrowed(uses: readonly FieldUse[]): Columnar {
    const protocols = [...new Set(uses.map(({ field }) => field.protocol))].filter((one) => one !== null && one !== 'frame')
    return (index, length, out) => {
      out.fill(MAYBE, 0, length)
      for (const protocol of protocols) {
        const containing = this.#values.containing(protocol!)
        if (containing === null) continue
        const stack = this.#index.columns.column(index, 'stack')
        for (let i = 0; i < length; i++) if (containing[stack[i]!] === 0) out[i] = NO
      }
    }
  }

  /** The text of the stack is the same for every packet that has it. */
  #byStack(test: Test): Columnar {
    const predicate = compileFilter(test)
    const given = new Given()
    const verdicts = new Uint8Array(65_536).fill(UNASKED)
    return (index, length, out) => {
      const stack = this.#index.columns.column(index, 'stack')
      for (let i = 0; i < length; i++) {
        let verdict = verdicts[stack[i]!]!
        if (verdict === UNASKED) {
          given.of = [this.#index.stacks.text(stack[i]!)]
          verdicts[stack[i]!] = verdict = predicate(given)
        }
        out[i] = verdict
      }
    }
  }

  #times(test: TimeTest): Columnar {
    return (index, length, out) => {
      const seconds = this.#index.columns.column(index, 'seconds')
      const nanos = this.#index.columns.column(index, 'nanos')
      for (let i = 0; i < length; i++) out[i] = seconds[i] === seconds[i] && test(seconds[i]!, nanos[i]!) ? YES : NO
    }
  }

  #signs(bits: number): Columnar {
    return (index, length, out) => {
      const signs = this.#index.columns.column(index, 'signs')
      for (let i = 0; i < length; i++) out[i] = (signs[i]! & bits) === 0 ? NO : YES
    }
  }

  #numbers(test: (value: number) => boolean, { column, mask, tcp }: NumberColumn): Columnar {
    // Flags have few values.
    const flags =
      column === 'flags'
        ? Uint8Array.from({ length: 4096 }, (_, i) => (test(mask === 0 ? i : i & mask ? 1 : 0) ? YES : NO))
        : null
    return (index, length, out) => {
      const { columns } = this.#index
      const values = columns.column(index, column)
      if (!tcp) {
        for (let i = 0; i < length; i++) out[i] = test(values[i]!) ? YES : NO
        return
      }
      const kinds = this.#values.transport('tcp')
      const stack = columns.column(index, 'stack')
      const signs = columns.column(index, 'signs')
      // What is only quoted has no length of its own.
      const ofQuoted = column === 'payload' ? NO : MAYBE
      for (let i = 0; i < length; i++) {
        const kind = kinds[stack[i]!]!
        if (kind === ABSENT) out[i] = NO
        else if (kind === QUOTED) out[i] = ofQuoted
        else if (kind !== OWN || (signs[i]! & BROKEN) !== 0) out[i] = MAYBE
        else out[i] = flags !== null ? flags[values[i]! & 4095]! : test(values[i]!) ? YES : NO
      }
    }
  }

  /** Facts of messages: only packets that have them are looked at. */
  #notes(test: Test, field: string): Columnar {
    const predicate = compileFilter(test)
    const given = new Given()
    return (index, length, out) => {
      out.fill(NO, 0, length)
      const found = this.#index.notes.valuesOf(index, field)
      if (found === null) return
      const { packets, values } = found
      for (let i = 0; i < packets.length;) {
        const packet = packets[i]!
        let end = i + 1
        while (end < packets.length && packets[end] === packet) end++
        given.of = values.slice(i, end)
        if (packet < length) out[packet] = predicate(given)
        i = end
      }
    }
  }

  /** Packet by packet. */
  #asked(test: Test): Columnar {
    const predicate = compileFilter(test)
    return (index, length, out) => {
      for (let i = 0; i < length; i++) out[i] = predicate(this.#values.at(index * CHUNK + i))
    }
  }
}

/** The values of the one field that is asked for. */
class Given implements PacketValues {
  of: readonly FieldValue[] = []
  values(): readonly FieldValue[] {
    return this.of
  }
  has(): boolean {
    return true
  }
}

const UNASKED = 3
const NOT: readonly Verdict[] = [YES, NO, MAYBE]
/** By left << 2 | right. */
const table = (of: (left: number, right: number) => Verdict): Uint8Array =>
  Uint8Array.from({ length: 12 }, (_, i) => of(i >> 2, Math.min(2, i & 3)))
const TABLES = {
  and: table((a, b) => (a === NO || b === NO ? NO : a === YES && b === YES ? YES : MAYBE)),
  or: table((a, b) => (a === YES || b === YES ? YES : a === NO && b === NO ? NO : MAYBE)),
  xor: table((a, b) => (a === MAYBE || b === MAYBE ? MAYBE : a === b ? NO : YES)),
}

function decided(verdicts: Uint8Array, length: number, as: Verdict): boolean {
  for (let i = 0; i < length; i++) if (verdicts[i] !== as) return false
  return true
}
