/** Passwords and hashes are read out of a host. */
import { defineRouteStep, has } from '../define.ts'

export default defineRouteStep({
  id: 'credential-theft',
  order: 60,
  way: 'local',
  holds: false,
  section: 'path',
  name: {
    en: 'Credentials taken',
    ko: '자격 증명 탈취',
  },
  fits: ({ attack }) => has(attack, 'T1003', 'T1555', 'T1552'),
  worked: () => ({
    en: 'A place where this host keeps credentials was opened.',
    ko: '이 호스트에서 자격 증명이 보관된 곳이 열렸습니다.',
  }),
  tried: () => ({
    en: 'An attempt to read credentials stored on this host was seen.',
    ko: '이 호스트에 저장된 자격 증명을 읽으려는 시도가 있었습니다.',
  }),
  weakness: () => [
    {
      id: 'stored-credentials',
      weakness: {
        en: 'Credentials of accounts that log on to this host can be read from its memory or files.',
        ko: '이 호스트에 로그온하는 계정의 자격 증명이 메모리나 파일에서 읽힐 수 있습니다.',
      },
      advice: {
        en: 'Reset every account that was logged on to this host; turn on Credential Guard or LSA protection; keep administrators off it.',
        ko: '이 호스트에 로그온했던 모든 계정의 암호를 바꾸고, Credential Guard 또는 LSA 보호를 켜며, 관리자 계정의 로그온을 막으십시오.',
      },
    },
  ],
  examples: [
    { attack: ['TA0006', 'T1003.001'], outside: false, fits: true },
    { attack: ['TA0006', 'T1110'], outside: true, fits: false },
  ],
})
