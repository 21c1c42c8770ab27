/** What the page keeps while another view is on screen. */
import { create } from 'zustand'

interface PageState {
  /** `aside`: wanted, but on a narrow screen the detail has its place for now. */
  readonly fields: 'open' | 'closed' | 'aside'
  readonly lastHash: string | null
}

export const usePage = create<PageState>(() => ({ fields: 'open', lastHash: null }))

/** Pixels a window needs for list, rows and detail side by side. */
const ROOM = 1700

export const toggleFields = (): void => usePage.setState(({ fields }) => ({ fields: fields === 'open' ? 'closed' : 'open' }))

/** The list makes room for the detail, and comes back after it. */
export function yieldFields(detail: boolean, width: number): void {
  const { fields } = usePage.getState()
  if (detail && fields === 'open' && width < ROOM) usePage.setState({ fields: 'aside' })
  else if (!detail && fields === 'aside') usePage.setState({ fields: 'open' })
}
