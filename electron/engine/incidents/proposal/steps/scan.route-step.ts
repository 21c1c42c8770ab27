/** Looking around: ports, names, versions. It gets nobody in. */
import { defineRouteStep, has } from '../define.ts'

export default defineRouteStep({
  id: 'scan',
  order: 10,
  way: 'inward',
  holds: false,
  onlyLooks: true,
  section: 'path',
  name: {
    en: 'Scan',
    ko: '스캔',
  },
  fits: ({ attack }) => has(attack, 'TA0043', 'T1595', 'T1046'),
  worked: () => ({
    en: 'The target was scanned.',
    ko: '대상이 스캔되었습니다.',
  }),
  tried: () => ({
    en: 'The target was scanned.',
    ko: '대상이 스캔되었습니다.',
  }),
  examples: [
    { attack: ['TA0043', 'T1595'], outside: true, fits: true },
    { attack: ['T1190'], outside: true, fits: false },
  ],
})
