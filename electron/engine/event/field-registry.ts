/**
 * Field names as small numbers, per thread. A row, the rule matcher and the column builder all speak these numbers, so that
 * no name is hashed per event.
 */
export const MAX_FIELDS = 4096

export class FieldRegistry {
  readonly #ids = new Map<string, number>()
  readonly #names: string[] = []

  /**
   * Number of a name; the name is registered when it is new. Hostile input can invent names without end, so past
   * `MAX_FIELDS` the answer is -1: the value then stays in the raw record only.
   */
  id(name: string): number {
    const known = this.#ids.get(name)
    if (known !== undefined) return known
    if (this.#names.length >= MAX_FIELDS) return -1
    const id = this.#names.length
    this.#ids.set(name, id)
    this.#names.push(name)
    return id
  }

  /** Number of a name, or -1 where nothing has registered it. */
  find(name: string): number {
    return this.#ids.get(name) ?? -1
  }

  name(id: number): string {
    const name = this.#names[id]
    if (name === undefined) throw new RangeError(`no field ${id}`)
    return name
  }

  get size(): number {
    return this.#names.length
  }
}
