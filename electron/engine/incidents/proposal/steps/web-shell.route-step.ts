/** A script of the attacker on a web server takes commands. */
import { defineRouteStep, has } from '../define.ts'

export default defineRouteStep({
  id: 'web-shell',
  order: 80,
  way: 'inward',
  holds: true,
  section: 'path',
  name: {
    en: 'Web shell',
    ko: '웹셸',
  },
  fits: ({ attack }) => has(attack, 'T1505.003'),
  worked: (_words, tests) => {
    const stored = tests.has('upload-stored')
    const ran = tests.has('command-output-shown') || tests.has('web-shell-replies') || tests.has('process-after-exploit')
    if (stored && ran)
      return {
        en: 'A script was uploaded, and commands ran through it as through a web shell.',
        ko: '스크립트가 업로드되었고, 웹셸로 쓰여 명령이 실행되었습니다.',
      }
    if (stored)
      return {
        en: 'A script was uploaded; that commands ran through it is not shown.',
        ko: '스크립트가 업로드되었습니다. 이를 통해 명령이 실행되었다는 근거는 없습니다.',
      }
    if (ran) return { en: 'Commands ran through a web shell.', ko: '웹셸을 통해 명령이 실행되었습니다.' }
    return {
      en: 'What calls a web shell was answered; that commands ran is not shown.',
      ko: '웹셸 호출에 응답이 있었습니다. 명령이 실행되었다는 근거는 없습니다.',
    }
  },
  tried: () => ({
    en: 'A web shell was tried; that it answered is not shown.',
    ko: '웹셸 시도가 있었지만 응답했다는 근거는 없습니다.',
  }),
  weakness: (_words, tests) => [
    ...(tests.has('upload-stored')
      ? [
          {
            id: 'upload',
            weakness: {
              en: 'The web application stores uploaded scripts where they can be called.',
              ko: '웹 애플리케이션이 업로드된 스크립트를 실행 가능한 위치에 저장합니다.',
            },
            advice: {
              en: 'Remove the uploaded script, do not run scripts in the upload folder, and accept only the file types that are needed.',
              ko: '업로드된 스크립트를 삭제하고, 업로드 폴더의 스크립트 실행을 막으며, 필요한 파일 형식만 허용하십시오.',
            },
          },
        ]
      : []),
    ...(tests.has('command-output-shown') || tests.has('web-shell-replies')
      ? [
          {
            id: 'web-commands',
            weakness: { en: 'The web server lets its account start a shell.', ko: '웹 서버 계정이 셸을 실행할 수 있습니다.' },
            advice: {
              en: 'Take the web server out of service, look for further scripts, and install it anew from a known state; change every password that it could read.',
              ko: '웹 서버를 서비스에서 분리하고 다른 스크립트가 있는지 찾은 뒤 알려진 상태로 다시 설치하십시오. 서버가 읽을 수 있던 모든 암호를 바꾸십시오.',
            },
          },
        ]
      : []),
  ],
  examples: [
    { attack: ['TA0003', 'T1505.003'], outside: true, fits: true },
    { attack: ['T1190'], outside: true, fits: false },
  ],
})
