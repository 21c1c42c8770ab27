/** Offsets of IANA zones, asked of Intl once per quarter of an hour of local time that is seen. */

const QUARTER = 900_000
/** Quarters remembered per zone: 4096 are six weeks without a gap. */
const REMEMBERED = 4096

export class Zone {
  readonly #format: Intl.DateTimeFormat | null
  readonly #known = new Map<number, number>()
  #lastQuarter = Number.NaN
  #lastOffset = 0

  /** An unknown name counts as UTC: the settings refuse it before it gets here. */
  constructor(name: string) {
    this.#format = formatOf(name)
  }

  /**
   * Milliseconds to add to UTC to get this zone's wall clock, for a wall-clock time given as if it were UTC. A time that
   * occurs twice (clocks go back) is the first of the two; one that never occurs (clocks go forward) is read with the
   * offset before the change.
   */
  offset(localMs: number): number {
    if (this.#format === null) return 0
    const quarter = Math.floor(localMs / QUARTER)
    if (quarter === this.#lastQuarter) return this.#lastOffset
    let offset = this.#known.get(quarter)
    if (offset === undefined) {
      offset = this.#find(quarter * QUARTER)
      if (this.#known.size >= REMEMBERED) this.#known.clear()
      this.#known.set(quarter, offset)
    }
    this.#lastQuarter = quarter
    this.#lastOffset = offset
    return offset
  }

  #find(localMs: number): number {
    // Zones change their offset by at most a few hours, days apart: a day before is surely the old offset.
    const before = this.#at(localMs - 86_400_000)
    const after = this.#at(localMs + 86_400_000)
    if (before === after) return before
    if (this.#at(localMs - before) === before) return before
    return this.#at(localMs - after) === after ? after : before
  }

  /** Offset in force at a UTC time. */
  #at(utcMs: number): number {
    let year = 0,
      month = 0,
      day = 0,
      hour = 0,
      minute = 0,
      second = 0
    for (const { type, value } of this.#format!.formatToParts(utcMs)) {
      if (type === 'year') year = Number(value)
      else if (type === 'month') month = Number(value)
      else if (type === 'day') day = Number(value)
      else if (type === 'hour') hour = Number(value)
      else if (type === 'minute') minute = Number(value)
      else if (type === 'second') second = Number(value)
    }
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(utcMs / 1000) * 1000
  }
}

function formatOf(name: string): Intl.DateTimeFormat | null {
  if (name === 'UTC') return null
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch {
    return null
  }
}
