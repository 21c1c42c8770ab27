/** Accounts, services, tasks that keep a way in open. */
import { defineRouteStep, has } from '../define.ts'

export default defineRouteStep({
  id: 'persistence',
  order: 110,
  way: 'local',
  holds: false,
  section: 'path',
  name: {
    en: 'Persistence',
    ko: '지속성 확보',
  },
  fits: ({ attack }) => has(attack, 'T1136', 'T1053', 'T1543', 'T1569', 'T1547', 'TA0003'),
  worked: (words) => ({
    en: `A way to come back was set up: ${words.title}.`,
    ko: `지속성 수단이 만들어졌습니다. 경보: ${words.title}`,
  }),
  tried: () => ({
    en: 'Something that would stay was tried.',
    ko: '지속성 수단을 만들려는 시도가 있었습니다.',
  }),
  weakness: () => [
    {
      id: 'persistence',
      weakness: { en: 'A way back in was set up on this host.', ko: '이 호스트에 다시 들어올 수단이 만들어졌습니다.' },
      advice: {
        en: 'Remove the account, service or task that was set up, and look for others of the same time.',
        ko: '만들어진 계정, 서비스 또는 작업을 삭제하고 같은 시간대의 다른 항목을 확인하십시오.',
      },
    },
  ],
  examples: [
    { attack: ['TA0003', 'T1136.002'], outside: false, fits: true },
    { attack: ['TA0007', 'T1033'], outside: false, fits: false },
  ],
})
