/** The verification on screen: what a decision rests on, and the way to run it again, for `i`. */
import { create } from 'zustand'
import type { Verification } from '../../../shared/model/impact.ts'

export const useVerifyNow = create<{ readonly run: (() => void) | null; readonly latest: Verification | null }>(() => ({
  run: null,
  latest: null,
}))
