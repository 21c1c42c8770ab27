/** What of the incidents is listed: in the address, so that it can be gone back to. */
import type { InputOf } from '../../../client/types.ts'

export const STATES = ['open', 'closed', 'all'] as const
export type ListState = (typeof STATES)[number]

export interface ListFilter {
  readonly text: string
  readonly state: ListState
  /** Only those that the reader owns. */
  readonly mine: boolean
}
export const NO_FILTER: ListFilter = { text: '', state: 'open', mine: false }
/** Most that are listed at once. */
export const MOST_LISTED = 500

const STATUS = {
  open: ['open', 'contained', 'eradicated', 'recovered'],
  closed: ['closed', 'merged'],
  all: ['open', 'contained', 'eradicated', 'recovered', 'closed', 'merged'],
} as const

export const filterOf = (params: Readonly<Record<string, string | undefined>>): ListFilter => ({
  text: (params['text'] ?? '').slice(0, 500),
  state: STATES.find((one) => one === params['state']) ?? 'open',
  mine: params['mine'] !== undefined,
})
export const paramsOf = ({ text, state, mine }: ListFilter): Record<string, string> => ({
  ...(text ? { text } : {}),
  ...(state === 'open' ? {} : { state }),
  ...(mine ? { mine: '1' } : {}),
})
export const searchOf = ({ text, state, mine }: ListFilter, me: string): InputOf<'incidents.list'> => ({
  text: text.trim(),
  status: [...STATUS[state]],
  owner: mine && me !== '' ? me : null,
  limit: MOST_LISTED,
})
export const isFiltered = (filter: ListFilter): boolean => filter.text.trim() !== '' || filter.mine || filter.state !== 'open'
