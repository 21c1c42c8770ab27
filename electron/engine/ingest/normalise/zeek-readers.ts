/** The reader of each of Zeek's logs: every log has its own aliases, and a field tree of its own. */
import type { FieldRegistry } from '../../event/field-registry.ts'
import { JsonFields } from './json-fields.ts'
import { zeekAliasesOf, zeekTimesOf } from './zeek.ts'

/** Logs with a reader of their own; further names share one without aliases of a log. */
const MOST_LOGS = 128

export class ZeekReaders {
  readonly #make: (log: string) => JsonFields
  readonly #logs = new Map<string, JsonFields>()
  readonly #others: JsonFields

  /** `decimals` of fractions; null leaves them as they are. */
  constructor(fields: FieldRegistry, decimals: number | null) {
    this.#make = (log) =>
      new JsonFields(fields, {
        aliases: zeekAliasesOf(log),
        times: zeekTimesOf(log),
        oneEmptyIsNone: true,
        ...(decimals === null ? {} : { decimals }),
      })
    this.#others = this.#make('')
  }

  of(log: string): JsonFields {
    let reader = this.#logs.get(log)
    if (reader === undefined) {
      if (this.#logs.size >= MOST_LOGS) return this.#others
      reader = this.#make(log)
      this.#logs.set(log, reader)
    }
    return reader
  }
}
