/** Which decoder comes after which number: one table for each kind of number. */

/** Tables. `port` tables hold datagram and stream decoders too. */
export const TABLE = {
  /** LINKTYPE_ number. */
  link: 0,
  etherType: 1,
  /** IP protocol. */
  ip: 2,
  udpPort: 3,
  tcpPort: 4,
  /** PPP protocol. */
  ppp: 5,
  /** LLC DSAP. */
  llc: 6,
  /** SCTP payload protocol. */
  sctpPayload: 7,
  sctpPort: 8,
  /** BSD address family (null and loop links). */
  bsdFamily: 9,
  /** By name of the table's owner, for what is used once: see the decoder's `on`. */
  other: 10,
} as const
export type Table = keyof typeof TABLE

const SIZE = 65_536

export class Dispatch {
  readonly #tables: Int16Array[]
  /** The decoder of what nothing is known of. */
  data = -1
  /** Those that are reached by no table. */
  etherType = -1
  llc = -1

  constructor() {
    this.#tables = Object.keys(TABLE).map(() => new Int16Array(SIZE).fill(-1))
  }

  /** Index of the decoder for the key, or -1. */
  find(table: number, key: number): number {
    return key >= 0 && key < SIZE ? this.#tables[table]![key]! : -1
  }

  /** A key that is taken throws: two decoders claim the same. */
  set(table: number, key: number, decoder: number): void {
    const rows = this.#tables[table]!
    if (rows[key] !== -1) throw new Error(`two decoders claim key ${key} of table ${table}`)
    rows[key] = decoder
  }
}
