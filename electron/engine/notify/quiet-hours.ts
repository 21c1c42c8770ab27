/** Hours in which a subscription is not told at once. */
import type { QuietHours } from '../../../shared/model/notification.ts'

const DAY = 1440

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))

const clocks = new Map<string, Intl.DateTimeFormat>()
function localMinutes(zone: string, now: number): number {
  let clock = clocks.get(zone)
  if (!clock) {
    clock = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
    if (clocks.size < 1000) clocks.set(zone, clock)
  }
  return minutesOf(clock.format(now))
}

/**
 * When the quiet hours that hold at `now` end; null where none do. Milliseconds. `from` equal to `to` is never. Where the clock is set in
 * between, the end is out by as much: who waits for it asks again.
 */
export function quietUntil(quiet: QuietHours | null, now: number): number | null {
  if (quiet === null) return null
  const [from, to, at] = [minutesOf(quiet.from), minutesOf(quiet.to), localMinutes(quiet.zone, now)]
  const within = from <= to ? at >= from && at < to : at >= from || at < to
  if (!within) return null
  const minute = Math.floor(now / 60_000) * 60_000
  return minute + ((to - at + DAY) % DAY || DAY) * 60_000
}
