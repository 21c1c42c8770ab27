/**
 * Alerts in captures and logs of the corpora, read from there: alerts that a Suricata wrote of captures, and those that the shipped rules
 * raise over logs of Windows. Labels are what the packets and records themselves say.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { corpus } from '../../corpora.ts'
import type { FoundCase } from './demonstration.ts'
import type { Label } from './labelled.ts'

const of = (id: string, label: Label, why: string, detection: string, about?: string): FoundCase => ({
  id,
  label,
  why,
  asked: about === undefined ? { detection } : { detection, about },
})

/** Captures with the records of them, by name in `eve/suricata-4.1.10` and file in `pcap`. */
const CAPTURES: readonly (readonly [records: string, capture: string])[] = [
  ['packets__http_dvwa_sqlinjection.pcapng', 'packets/0da4bbd72d793707.pcapng'],
  ['security-datasets__pcap_log4shell_cve2021_44228_jndi_reference_2022-05-11181020.pcap', 'security-datasets/64f534246fc3b4b6.pcap'],
  ['nDPI__dotenv.pcap', 'nDPI/ae79190816087cd4.pcap'],
  ['nDPI__http_auth.pcap', 'nDPI/830c73129d69f6d8.pcap'],
  ['packets__ek_to_cryptowall4.pcapng', 'packets/5b5dd0c2c04f2f6b.pcapng'],
  ['packets__synscan.pcapng', 'packets/2fcf238a09bc76b2.pcapng'],
  ['zeek__docker-http-upgrade.pcap', 'zeek/ebd8aa96f17f847f.pcap'],
  ['security-datasets__empire_smbexec_dcerpc_smb_svcctl_WORKSTATION6_2020-09-20025716.cap', 'security-datasets/4fd431b0e103c325.pcap'],
] // prettier-ignore

export const CAPTURED: readonly FoundCase[] = [
  of('dvwa-union', 'succeeded', 'The second query brings the version of the database and the names of its users.', '1:2006446'),
  of('dvwa-version', 'succeeded', 'The second query brings the version of the database.', '1:2011037'),
  of('log4shell-class', 'succeeded', 'The server fetched the class that the lookup named, whole, and then called the attacker.', '1:2014474'),
  of('dotenv-406', 'failed', 'The server answers 406.', '1:2013028', '89.31.76.10'),
  of('basic-auth-401', 'failed', 'The server refuses the password with 401.', '1:2006380', '192.254.189.169'),
  of('cryptowall-answered', 'succeeded', 'Every call to this server is answered with 200 and data.', '1:2018452', '184.170.149.44'),
  of('cryptowall-403', 'failed', 'Every call to this server is answered 403.', '1:2018452', '213.186.33.18'),
  of('synscan-mysql', 'failed', 'Neither of the two SYN is answered.', '1:2010937', '64.13.134.52'),
  of('synscan-postgres', 'failed', 'Neither of the two SYN is answered.', '1:2010939', '64.13.134.52'),
  of('docker-created', 'succeeded', 'The daemon says that it created the container, and it is started.', '1:2026561'),
  of('smbexec-service', 'succeeded', 'The service that runs the command is created and started over SMB; the calls are answered.', '1:2025719', '172.18.39.6'),
] // prettier-ignore

const CLEARED = '0df87783-c1d3-4db1-8fd2-8c1155171d0a'
const LSASS = '27b9c9bb-988e-438a-bcc8-5c631081d3e1'
const STARTUP = '88856c5c-7be9-4188-895b-9508e1529722'
const RIGHTS = 'edf39d5b-34cd-48b6-bb22-ccad633dc791'
const CODE = 'efcb43a1-1e79-4bc5-ada7-dd2930e83dd4'
const OTHER_NAME = '176f59e5-6ea9-4086-a1f3-0e2b2330836a'

export const RECORDED: readonly FoundCase[] = [
  of('evtx-cleared-dc', 'succeeded', 'The record is that of the cleared log.', CLEARED, '01566s-win16-ir.threebeesco.com'),
  of('evtx-cleared-workstation', 'succeeded', 'The record is that of the cleared log.', CLEARED, 'PC01.example.corp'),
  of('evtx-cleared-server', 'succeeded', 'The record is that of the cleared log.', CLEARED, 'WIN-77LTAPHIQ1R.example.corp'),
  of('evtx-system-log', 'succeeded', 'The record is that of the cleared log.', '6aa32178-7f12-4d6f-8ec6-1ca9eeafb8b2', 'PC01.example.corp'),
  of('evtx-lsass-opened', 'succeeded', 'The record says which rights were granted.', LSASS, 'IEWIN7'),
  of('evtx-task', 'succeeded', 'The record is that of the created task.', '67308c8a-2ccb-4210-905f-f4b9dcd920e8', 'WIN-77LTAPHIQ1R.example.corp'),
  of('evtx-startup', 'succeeded', 'The record is that of the file in the folder.', STARTUP, 'alice.insecurebank.local'),
  of('evtx-rights-key', 'succeeded', 'The record is that of the value that was set.', RIGHTS, 'IEWIN7'),
  of('evtx-hidden-account', 'succeeded', 'The record is that of the account in the registry.', 'c011dbd0-7555-493e-847e-1bee5c41cb6d', 'MSEDGEWIN10'),
  of('evtx-consumer', 'succeeded', 'The record is that of the consumer that was made.', 'fdba72a8-fae7-484c-8c63-f5bf45d55341', 'PC04.example.corp'),
  of('evtx-renamed', 'succeeded', 'The record is that of the changed name.', 'e1fd6ad5-2cfd-4b48-8e80-e2e54f2b67cd', '01566s-win16-ir.threebeesco.com'),
  of('evtx-other-credentials', 'unknown', 'Such a logon takes any password; whether it is right is told elsewhere.', OTHER_NAME, 'MSEDGEWIN10'),
  of('evtx-code-from-internet', 'unknown', 'The tool was started; what it fetched and did is not told.', CODE, 'IEWIN7'),
  of('evtx-script-host', 'unknown', 'The script was started; what it did is not told.', 'f0cf7ae7-b84a-4973-9aa8-bdc1161f8ecc', 'IEWIN7'),
  of('evtx-transfer', 'unknown', 'The record is of a job; that its file arrived is not told.', '17513b49-9ccf-49ae-95bd-eb08c04b5f73', 'IEWIN7'),
] // prettier-ignore

/** What is imported; null where the corpora are absent. */
export function corporaPaths(): readonly string[] | null {
  const [eve, pcap, evtx] = [corpus('eve'), corpus('pcap'), corpus('evtx')]
  if (eve === null || pcap === null || evtx === null) return null
  const paths = CAPTURES.flatMap(([records, capture]) => [
    join(eve, 'suricata-4.1.10', `${records}.eve.json`),
    join(pcap, capture),
  ])
  return paths.every((path) => existsSync(path)) ? [...paths, evtx] : null
}
