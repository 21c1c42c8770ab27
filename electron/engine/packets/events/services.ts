/** What was spoken in a flow, in Zeek's words, as bits of a word. */
import { protocolNumber } from '../decode/registry.ts'

/** Wireshark's names, and Zeek's; outer before inner. */
const SERVICES: readonly (readonly [protocols: readonly string[], service: string])[] = [
  [['http'], 'http'],
  [['dns', 'mdns', 'llmnr'], 'dns'],
  [['tls', 'dtls'], 'ssl'],
  [['quic'], 'quic'],
  [['smb', 'smb2'], 'smb'],
  [['kerberos'], 'krb'],
  [['ldap', 'cldap'], 'ldap'],
  [['ssh'], 'ssh'],
  [['smtp'], 'smtp'],
  [['pop'], 'pop3'],
  [['imap'], 'imap'],
  [['ftp'], 'ftp'],
  [['ftp-data'], 'ftp-data'],
  [['tftp'], 'tftp'],
  [['dhcp', 'dhcpv6'], 'dhcp'],
  [['ntp'], 'ntp'],
  [['snmp'], 'snmp'],
  [['syslog'], 'syslog'],
  [['sip'], 'sip'],
  [['rdp'], 'rdp'],
  [['mysql'], 'mysql'],
  [['pgsql'], 'postgresql'],
  [['mqtt'], 'mqtt'],
  [['modbus'], 'modbus'],
  [['dnp3'], 'dnp3_tcp'],
  [['radius'], 'radius'],
  [['socks'], 'socks'],
  [['irc'], 'irc'],
  [['nbns', 'nbdgm', 'ssdp'], 'broadcast'],
  [['dcerpc'], 'dce_rpc'],
  [['gss-api', 'spnego'], 'gssapi'],
  [['ntlmssp'], 'ntlm'],
]
const bits = new Map<number, number>()
for (const [bit, [protocols]] of SERVICES.entries()) {
  for (const name of protocols) if (protocolNumber(name) >= 0) bits.set(protocolNumber(name), 2 ** bit)
}

/** Bits of these protocols. */
export function servicesOf(layers: readonly number[]): number {
  let found = 0
  for (const layer of layers) found |= bits.get(layer) ?? 0
  return found >>> 0
}

/** Names of the bits; one alone is no list. */
export function serviceNames(word: number, transport: string): string | readonly string[] | undefined {
  const names = SERVICES.filter((_, bit) => (word & (2 ** bit)) !== 0).map(([, service]) =>
    service === 'krb' && transport === 'tcp' ? 'krb_tcp' : service,
  )
  return names.length > 1 ? names : names[0]
}
