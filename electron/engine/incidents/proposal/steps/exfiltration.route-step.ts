/** Data goes out of the house. */
import { defineRouteStep, has } from '../define.ts'
import { egress } from '../egress.ts'

export default defineRouteStep({
  id: 'exfiltration',
  order: 30,
  way: 'outward',
  holds: false,
  proof: ['data-left', 'unusual-volume-out', 'ftp-file-taken'],
  section: 'left',
  name: {
    en: 'Data sent out',
    ko: '데이터 유출',
  },
  fits: ({ attack }) => has(attack, 'TA0010', 'T1048', 'T1041', 'T1567'),
  worked: () => ({
    en: 'Data left the network.',
    ko: '데이터가 외부로 나갔습니다.',
  }),
  tried: () => ({
    en: 'Something that looks like data being sent out was seen; that data left is not shown.',
    ko: '데이터 유출로 보이는 행위가 있었지만 실제로 나갔다는 근거는 없습니다.',
  }),
  weakness: (words) => [
    egress(words, {
      en: 'Block outbound connections of this host except to destinations it needs; block the receiving address; find out what the data was.',
      ko: '이 호스트의 외부 연결을 필요한 목적지로만 제한하고, 받은 주소를 차단하며, 나간 데이터의 내용을 확인하십시오.',
    }),
  ],
  examples: [
    { attack: ['TA0010', 'T1048.003'], outside: false, fits: true },
    { attack: ['TA0011'], outside: false, fits: false },
  ],
})
