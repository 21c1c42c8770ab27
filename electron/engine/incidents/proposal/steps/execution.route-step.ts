/** Commands and looking around on a held host. */
import { defineRouteStep, has } from '../define.ts'

export default defineRouteStep({
  id: 'execution',
  order: 130,
  way: 'local',
  holds: false,
  section: 'path',
  name: {
    en: 'Commands run',
    ko: '명령 실행',
  },
  fits: ({ attack }) => has(attack, 'TA0002', 'TA0007', 'T1059'),
  worked: (words) => ({
    en: `Commands ran on this host: ${words.title}.`,
    ko: `이 호스트에서 명령이 실행되었습니다. 경보: ${words.title}`,
  }),
  tried: () => ({
    en: 'Commands were seen on this host; what came of them is not shown.',
    ko: '이 호스트에서 명령 기록이 있지만 결과는 확인되지 않았습니다.',
  }),
  examples: [
    { attack: ['TA0002', 'T1059.001'], outside: false, fits: true },
    { attack: ['TA0043'], outside: true, fits: false },
  ],
})
