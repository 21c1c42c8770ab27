/** What the page keeps while another view is on screen. */
import { create } from 'zustand'

export const usePage = create<{ readonly fieldsOpen: boolean; readonly lastHash: string | null }>(() => ({ fieldsOpen: true, lastHash: null }))
