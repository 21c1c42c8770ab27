import { clockOf, dateTime, dayOf } from './words.ts'

/** When something ended: the day too where it is not that of its beginning. */
export const endOf = (time: string, until: string): string => (dayOf(time) === dayOf(until) ? clockOf(until) : dateTime(until))
