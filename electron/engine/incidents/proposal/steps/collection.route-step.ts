/** Data is gathered and packed before it leaves. */
import { defineRouteStep, has } from '../define.ts'

export default defineRouteStep({
  id: 'collection',
  order: 120,
  way: 'local',
  holds: false,
  section: 'path',
  name: {
    en: 'Data collected',
    ko: '데이터 수집',
  },
  fits: ({ attack }) => has(attack, 'TA0009', 'T1560'),
  worked: () => ({
    en: 'Data was gathered on this host.',
    ko: '이 호스트에서 데이터가 수집되었습니다.',
  }),
  tried: () => ({
    en: 'What gathers data was seen on this host; that data was gathered is not shown.',
    ko: '이 호스트에서 데이터를 모으려는 행위로 보이는 기록이 있습니다.',
  }),
  examples: [
    { attack: ['TA0009', 'T1560.001'], outside: false, fits: true },
    { attack: ['T1190'], outside: true, fits: false },
  ],
})
