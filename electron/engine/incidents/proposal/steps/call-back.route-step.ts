/** What was planted calls its master. */
import { defineRouteStep, has } from '../define.ts'

export default defineRouteStep({
  id: 'call-back',
  order: 50,
  way: 'outward',
  holds: false,
  proof: ['beacon-is-answered'],
  section: 'path',
  name: {
    en: 'Calls home',
    ko: 'C2 통신',
  },
  fits: ({ attack }) => has(attack, 'TA0011', 'T1071', 'T1573', 'T1219'),
  worked: (words) => ({
    en: `The host called this server and was answered: ${words.title}.`,
    ko: `호스트가 이 서버에 연결했고 응답을 받았습니다. 경보: ${words.title}`,
  }),
  tried: () => ({
    en: 'The host called there; that it was answered as the attacker wanted is not shown.',
    ko: '호스트가 그곳에 연결을 시도했지만 공격자가 원한 응답을 받았다는 근거는 없습니다.',
  }),
  weakness: () => [
    {
      id: 'planted',
      weakness: {
        en: 'Something on this host calls a server that belongs to the intrusion.',
        ko: '이 호스트에서 침입에 쓰인 서버로 연결이 나갔습니다.',
      },
      advice: {
        en: 'Isolate this host, keep its memory, and install it anew; block the called address and its name.',
        ko: '이 호스트를 격리하고 메모리를 보존한 뒤 다시 설치하십시오. 연결된 주소와 도메인을 차단하십시오.',
      },
    },
  ],
  examples: [
    { attack: ['TA0011', 'T1573'], outside: false, fits: true },
    { attack: ['TA0011', 'T1105'], outside: false, fits: true },
    { attack: ['T1190'], outside: true, fits: false },
  ],
})
