/** Logs or files that tell of the attacker are removed. */
import { defineRouteStep, has } from '../define.ts'

export default defineRouteStep({
  id: 'log-clearing',
  order: 20,
  way: 'local',
  holds: false,
  section: 'path',
  name: {
    en: 'Logs cleared',
    ko: '로그 삭제',
  },
  fits: ({ attack }) => has(attack, 'T1070'),
  worked: () => ({
    en: 'Traces were removed on this host.',
    ko: '이 호스트에서 흔적이 삭제되었습니다.',
  }),
  tried: () => ({
    en: 'An attempt to remove traces was seen on this host.',
    ko: '이 호스트에서 흔적을 지우려는 시도가 있었습니다.',
  }),
  weakness: () => [
    {
      id: 'logs-local',
      weakness: {
        en: 'Logs of this host could be removed where they are kept.',
        ko: '이 호스트의 로그를 저장된 자리에서 지울 수 있었습니다.',
      },
      advice: {
        en: 'Send the logs of this host to a collector as they are written, and alert on their clearing.',
        ko: '이 호스트의 로그를 기록 즉시 수집 서버로 보내고, 로그 삭제를 탐지하십시오.',
      },
    },
  ],
  examples: [
    { attack: ['TA0005', 'T1070.001'], outside: false, fits: true },
    { attack: ['TA0005', 'T1027'], outside: false, fits: false },
  ],
})
