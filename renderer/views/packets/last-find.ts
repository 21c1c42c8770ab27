/** What was looked for last: the find tool says it, and the page finds the next one with a key while the tool is closed. */
import { create } from 'zustand'

export interface FindSpec {
  readonly what: 'text' | 'hex' | 'regex' | 'filter'
  readonly where: 'line' | 'bytes'
  readonly text: string
  readonly caseSensitive: boolean
}

export const useLastFind = create<{ readonly spec: FindSpec | null }>(() => ({ spec: null }))
export const rememberFind = (spec: FindSpec): void => useLastFind.setState({ spec })
