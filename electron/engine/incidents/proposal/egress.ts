/** What steps that go outwards have in common: nothing stopped the connection. */
import type { Bilingual } from '../../../../shared/model/impact.ts'
import type { StepWords, WeaknessWords } from './define.ts'

/** `advice`: what to do of it for this kind of step. */
export const egress = (words: StepWords, advice: Bilingual): WeaknessWords => ({
  id: 'egress',
  weakness: {
    en: `Nothing stopped the connection of this host to ${words.to}.`,
    ko: `이 호스트에서 나간 연결이 차단되지 않았습니다. 목적지: ${words.to}`,
  },
  advice,
})
