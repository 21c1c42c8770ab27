/** Microseconds. */
export const HOUR = 3_600_000_000
export const WEEK = 7 * 24 * HOUR
/** The beginning of the hour. */
export const hourOf = (time: number): number => Math.floor(time / HOUR) * HOUR
