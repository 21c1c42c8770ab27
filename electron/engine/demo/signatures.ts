/** Signatures of the demonstration's own sensor. Their sids are in the range that is free for local use. */
import type { Signature } from './flow.ts'

const signature = (
  sid: number, name: string, category: string, priority: Signature['priority'], tactic: string, technique: string, more: Partial<Signature> = {},
): Signature => ({ sid, rev: 1, name, category, priority, tactic, technique, action: 'allowed', critical: false, ...more }) // prettier-ignore

const BLOCKED = { action: 'blocked' } as const
const CRITICAL = { critical: true } as const
const SCAN = 'Attempted Information Leak'
const WEB = 'Web Application Attack'
const POLICY = 'Potential Corporate Privacy Violation'
const TROJAN = 'A Network Trojan was detected'
const MISC = 'Misc activity'

export const SIGNATURES = {
  portScan: signature(9000101, 'Vertical port scan, many ports of one host', SCAN, 2, 'TA0043', 'T1595'),
  directoryBruteForce: signature(9000102, 'Directory brute force, run of 404 replies', SCAN, 3, 'TA0043', 'T1595'),
  phpMyAdmin: signature(9000103, 'phpMyAdmin setup probe', SCAN, 2, 'TA0043', 'T1595'),
  pathTraversal: signature(9000104, 'Path traversal to /etc/passwd', WEB, 1, 'TA0001', 'T1190'),
  sqlUnion: signature(9000105, 'SQL injection, UNION SELECT in request', WEB, 1, 'TA0001', 'T1190', CRITICAL),
  sqlSleep: signature(9000106, 'SQL injection, time-based (SLEEP)', WEB, 1, 'TA0001', 'T1190'),
  phpUpload: signature(9000107, 'PHP file uploaded through a web form', WEB, 1, 'TA0003', 'T1505.003'),
  shellCall: signature(9000108, 'Script call in upload folder', WEB, 1, 'TA0003', 'T1505.003'),
  commandOutput: signature(
    9000109,
    'Output of the id command in an HTTP reply',
    'Successful User Privilege Gain',
    1,
    'TA0003',
    'T1505.003',
    CRITICAL,
  ),
  serviceOverSmb: signature(9000110, 'Service created over SMB', 'A suspicious filename was detected', 1, 'TA0008', 'T1021.002'),
  adminShare: signature(9000111, 'ADMIN$ share used from the DMZ', 'Potentially Bad Traffic', 2, 'TA0008', 'T1021.002'),
  implantHello: signature(9000112, 'JA3 fingerprint of a known implant', TROJAN, 1, 'TA0011', 'T1573'),
  archiveUpload: signature(9000113, 'Archive sent out by HTTP PUT', POLICY, 1, 'TA0010', 'T1048', CRITICAL),

  sshBruteForce: signature(9000201, 'SSH brute force', 'Attempted Administrator Privilege Gain', 2, 'TA0006', 'T1110'),
  jndi: signature(9000202, 'JNDI lookup in User-Agent header', WEB, 1, 'TA0001', 'T1190', BLOCKED),
  smbProbe: signature(9000203, 'SMB probe from outside', SCAN, 2, 'TA0008', 'T1210', BLOCKED),
  icmpSweep: signature(9000204, 'ICMP sweep', MISC, 3, 'TA0043', 'T1595'),
  oldTls: signature(9000205, 'TLS 1.0 client hello', MISC, 3, 'TA0011', 'T1573'),
  dynamicDns: signature(9000206, 'DNS query for dynamic-DNS domain', 'Potentially Bad Traffic', 3, 'TA0011', 'T1568'),
  remoteControl: signature(9000207, 'Remote-control software user agent', POLICY, 3, 'TA0011', 'T1219'),
  workstationMail: signature(9000208, 'Outbound SMTP from a workstation', POLICY, 3, 'TA0010', 'T1048', BLOCKED),
  toolAgent: signature(9000209, 'Scripted user agent from outside', SCAN, 3, 'TA0043', 'T1595'),
} as const
