/** Passwords are guessed until one opens. */
import { defineRouteStep, has } from '../define.ts'

export default defineRouteStep({
  id: 'credential-attack',
  order: 70,
  way: 'inward',
  holds: true,
  apart: true,
  section: 'path',
  name: {
    en: 'Password guessing',
    ko: '암호 추측',
  },
  fits: ({ attack }) => has(attack, 'T1110'),
  worked: () => ({
    en: 'A login was accepted after passwords had been guessed.',
    ko: '암호 추측 끝에 로그인이 허용되었습니다.',
  }),
  tried: () => ({
    en: 'Passwords were guessed; no login is shown to have been accepted.',
    ko: '암호 추측이 있었고, 로그인이 허용되었다는 근거는 없습니다.',
  }),
  weakness: () => [
    {
      id: 'guessed',
      weakness: { en: 'A password of this host could be guessed.', ko: '이 호스트의 암호가 추측되었습니다.' },
      advice: {
        en: 'Change the guessed password, lock accounts after failures, and ask for a second factor or keys.',
        ko: '추측된 암호를 바꾸고, 실패 횟수에 따라 계정을 잠그며, 다중 인증이나 키 인증을 요구하십시오.',
      },
    },
  ],
  examples: [
    { attack: ['TA0006', 'T1110'], outside: true, fits: true },
    { attack: ['T1190'], outside: true, fits: false },
  ],
})
