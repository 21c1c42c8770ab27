/** Names of fields that only the dissectors know, asked once each. */
import type { DissectorFields } from '../filter/catalogue.ts'
import type { Dissector } from './dissector.ts'
import type { KnownField } from './requests.ts'

const MOST_KNOWN = 10_000
/** A person waits for the answer while typing. */
const MOST_WAIT = 5000

export class FieldNames implements DissectorFields {
  readonly #dissector: Dissector
  readonly #known = new Map<string, KnownField | null>()
  /** Milliseconds an answer is waited for. */
  readonly #mostWait: number

  constructor(dissector: Dissector, mostWait = MOST_WAIT) {
    this.#dissector = dissector
    this.#mostWait = mostWait
  }

  async find(name: string): Promise<KnownField | null> {
    const known = this.#known.get(name)
    if (known !== undefined) return known
    const found = await this.#dissector.findField(name, { signal: AbortSignal.timeout(this.#mostWait) })
    // Without dissectors nothing is known, and nothing is remembered.
    if (!found.ok) return null
    if (this.#known.size >= MOST_KNOWN) this.#known.clear()
    this.#known.set(name, found.value)
    return found.value
  }

  async like(prefix: string, limit: number): Promise<readonly KnownField[]> {
    const found = await this.#dissector.fieldsLike(prefix, limit, { signal: AbortSignal.timeout(this.#mostWait) })
    return found.ok ? found.value : []
  }

  /** What is known of these names. */
  known(names: readonly string[]): KnownField[] {
    return names.flatMap((name) => this.#known.get(name) ?? [])
  }
}
