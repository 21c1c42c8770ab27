import { createHash } from 'node:crypto'

/** Proposed parts are known by what they say, so that they are found again. */
export const PROPOSED = 'p-'
export const stableId = (...of: readonly string[]): string =>
  `${PROPOSED}${createHash('sha256').update(JSON.stringify(of)).digest('hex').slice(0, 32)}`
