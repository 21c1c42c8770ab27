/** The attacker brings programs. */
import { defineRouteStep, has } from '../define.ts'
import { egress } from '../egress.ts'

export default defineRouteStep({
  id: 'tool-download',
  order: 40,
  way: 'outward',
  holds: false,
  proof: ['download-completed', 'downloads-program', 'program-then-ran'],
  section: 'path',
  name: {
    en: 'Tools downloaded',
    ko: '도구 다운로드',
  },
  fits: ({ attack }) => has(attack, 'T1105'),
  worked: () => ({
    en: 'A program was fetched from there.',
    ko: '그곳에서 프로그램을 내려받았습니다.',
  }),
  tried: () => ({
    en: 'An attempt to fetch a program was seen.',
    ko: '프로그램을 내려받으려는 시도가 있었습니다.',
  }),
  weakness: (words) => [
    egress(words, {
      en: 'Block outbound connections of this host except to destinations it needs.',
      ko: '이 호스트의 외부 연결을 필요한 목적지로만 제한하십시오.',
    }),
  ],
  examples: [
    { attack: ['TA0011', 'T1105'], outside: false, fits: true },
    { attack: ['TA0011', 'T1071.001'], outside: false, fits: false },
  ],
})
