import type { ImpactCase } from '../case.ts'
import { defineImpactTest } from '../define.ts'

interface Platform {
  readonly name: string
  /** Words of titles that mean nothing else. */
  readonly named: RegExp
  /** Words of inventories that say that it is this one. */
  readonly known: RegExp
}
const PLATFORMS: readonly Platform[] = [
  {
    name: 'Windows',
    named: /\bwindows\b|\biis\b|asp\.net|microsoft exchange|exchange server|proxy(?:shell|logon)|sharepoint|eternalblue|\bms\d{2}-\d{3}\b|smbghost|bluekeep|zerologon|printnightmare|win\.ini|\bpowershell\b/i,
    known: /windows|microsoft-iis|microsoft exchange|sharepoint|active directory/i,
  },
  {
    name: 'Linux',
    named: /\blinux\b|shellshock|\bsamba\b|\bglibc\b|dirty ?(?:cow|pipe)|\/etc\/(?:passwd|shadow)|\bpolkit\b/i,
    known: /linux|ubuntu|debian|centos|red hat|rhel|rocky|alma|suse|fedora|amazon linux|alpine/i,
  },
  {
    name: 'a network device',
    named: /\b(?:cisco|forti(?:os|gate|net)|pulse secure|netscaler|palo ?alto|pan-os|big-ip|sonicwall|zyxel|mikrotik|draytek|netgear|d-link|dlink|tp-link|tplink|realtek sdk|gpon|dasan|hikvision|dahua|\w{2,16}link router|home router)\b/i,
    known: /cisco|forti|ivanti|pulse|citrix|netscaler|pan-os|palo alto|big-ip|f5 |sonicwall|zyxel|routeros|mikrotik|draytek|netgear|d-link|tp-link|router|firewall|switch|camera|dvr|vxworks|embedded/i,
  },
] // prettier-ignore

/** What arrives or leaves as a file or a call is for whoever takes it. */
const NO_EXPLOIT = new Set<ImpactCase['attackClass']>([
  'malware',
  'command_and_control',
  'exfiltration',
  'policy',
  'login',
  'credential_attack',
  'scan',
])

export default defineImpactTest({
  id: 'other-platform',
  family: 'target',
  title: { en: 'Made for another platform', ko: '다른 플랫폼 대상 공격' },
  reasoning: {
    en: 'An exploit for one system does nothing on another.',
    ko: '특정 시스템용 공격은 다른 시스템에서 동작하지 않습니다.',
  },
  spec: 'https://doi.org/10.1007/978-3-540-30143-1_16',
  appliesTo: 'Detections whose title names one platform, on an asset whose operating system is known.',
  reads: ['alert', 'asset', 'attackClass', 'exchanges'],
  applies: ({ alert, asset, attackClass }) =>
    !NO_EXPLOIT.has(attackClass) && asset !== null && asset.os !== '' && PLATFORMS.some(({ named }) => named.test(alert.title)),
  test({ alert, asset, exchanges }) {
    if (asset === null) return null
    const meant = PLATFORMS.filter(({ named }) => named.test(alert.title))
    const [platform] = meant
    if (platform === undefined || meant.length > 1) return null
    const services = asset.services.map(({ name, product }) => `${name} ${product}`)
    const servers = exchanges.map(({ headers }) => headers['server'] ?? '')
    // Anything that speaks for the platform ends it: a virtual machine, a proxy before another server, Samba's other side.
    if (
      [asset.os, ...services, ...servers, ...servers.map((name) => name && `${name} os`)].some((text) =>
        platform.known.test(text),
      )
    )
      return null
    const other = PLATFORMS.find(({ name, known }) => name !== platform.name && known.test(asset.os))
    if (other === undefined) return null
    const agrees = servers.some((name) => other.known.test(name))
    return {
      result: 'failed',
      confidence: asset.registered ? (agrees ? 0.8 : 0.75) : 0.55,
      reason: {
        en: `The attack is made for ${platform.name}; ${asset.name} runs ${asset.os.slice(0, 120)}.`,
        ko: `공격 대상 플랫폼과 자산의 운영 체제가 다릅니다. 공격 대상 ${platform.name}, 자산 ${asset.name}, 운영 체제 ${asset.os.slice(0, 120)}`,
      },
      cites: [{ kind: 'asset', asset: asset.id, row: 'os' }],
    }
  },
  examples: [
    { name: 'IIS on Debian', of: { title: 'IIS WebDAV overflow', asset: { os: 'Debian GNU/Linux 12' } }, expect: 'failed' },
    {
      name: 'Shellshock on Windows',
      of: { title: 'Shellshock in User-Agent', asset: { os: 'Windows Server 2022' } },
      expect: 'failed',
    },
    {
      name: 'a router on Ubuntu',
      of: { title: 'D-Link HNAP command injection', asset: { os: 'Ubuntu 24.04' } },
      expect: 'failed',
    },
    { name: 'the same', of: { title: 'EternalBlue', asset: { os: 'Windows Server 2016' } }, expect: null },
    {
      name: 'Debian in the inventory, IIS in the answer: a proxy before it',
      of: {
        title: 'IIS WebDAV overflow',
        asset: { os: 'Debian GNU/Linux 12' },
        exchanges: [{ url: '/', headers: { server: 'Microsoft-IIS/10.0' } }],
      },
      expect: null,
    },
    {
      name: 'Apache and PHP run on both',
      of: { title: 'Apache Struts, PHP code injection', asset: { os: 'Windows Server 2022' } },
      expect: null,
    },
    {
      name: 'a file for Windows that a mail server takes in',
      of: { title: 'Trojan for Windows', asset: { os: 'Debian GNU/Linux 12' } },
      expect: null,
    },
    {
      name: 'the exchange of keys',
      of: { title: 'SSH key exchange overflow', asset: { os: 'Debian GNU/Linux 12' } },
      expect: null,
    },
    { name: 'nothing known of the asset', of: { title: 'EternalBlue', asset: { os: '' } }, expect: null },
    {
      name: 'a title that names both',
      of: { title: 'Traversal to /etc/passwd or win.ini', asset: { os: 'Windows Server 2022' } },
      expect: null,
    },
  ],
})
