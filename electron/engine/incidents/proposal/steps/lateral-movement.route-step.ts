/** From a held host to the next: administrative shares, remote services, WinRM, RDP, SSH. */
import { defineRouteStep, has } from '../define.ts'

export default defineRouteStep({
  id: 'lateral-movement',
  order: 90,
  way: 'inward',
  holds: true,
  section: 'path',
  name: {
    en: 'Lateral movement',
    ko: '내부 이동',
  },
  fits: ({ attack }, { outside }) => !outside && has(attack, 'TA0008', 'T1021', 'T1550', 'T1570'),
  recordShows: ({ login }) => login?.accepted === true,
  worked: (words) => ({
    en: `The attacker went on to this host${words.user === null ? '' : ` with the account ${words.user}`}.`,
    ko: `공격자가 이 호스트로 이동했습니다.${words.user === null ? '' : ` 사용된 계정: ${words.user}`}`,
  }),
  tried: () => ({
    en: 'A way on to this host was tried; that it was opened is not shown.',
    ko: '이 호스트로 이동하려는 시도가 있었지만 성공했다는 근거는 없습니다.',
  }),
  weakness: (words) => [
    {
      id: `reused-${words.user ?? ''}`,
      weakness:
        words.user === null
          ? {
              en: 'Administrative access to this host is open to the host that the attacker came from.',
              ko: '공격자가 거쳐 온 호스트에서 이 호스트로 관리 접근이 열려 있습니다.',
            }
          : {
              en: `The account ${words.user} was used to reach this host from ${words.from}.`,
              ko: `이 호스트에 접근하는 데 계정이 사용되었습니다. 계정: ${words.user}, 출발: ${words.from}`,
            },
      advice:
        words.user === null
          ? {
              en: 'Allow SMB, RPC, WinRM, RDP and SSH to this host only from administration hosts.',
              ko: 'SMB, RPC, WinRM, RDP, SSH 접근을 관리용 호스트에서만 허용하십시오.',
            }
          : {
              en: `Disable the account ${words.user} or change its password, take rights that it does not need, and allow SMB, RPC, WinRM, RDP and SSH to this host only from administration hosts.`,
              ko: `사용된 계정을 비활성화하거나 암호를 바꾸고 불필요한 권한을 회수하십시오(계정: ${words.user}). SMB, RPC, WinRM, RDP, SSH 접근을 관리용 호스트에서만 허용하십시오.`,
            },
    },
  ],
  examples: [
    { attack: ['TA0008', 'T1021.002'], outside: false, fits: true },
    { attack: ['TA0008', 'T1210'], outside: true, fits: false },
  ],
})
