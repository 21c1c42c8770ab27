/** Hosts that the attacker's requests name: where the target is told to call, fetch, or look up. */
import type { ImpactCase } from '../case.ts'
import { textOf } from './values.ts'

const SCHEME =
  /\b(?:ldaps?|rmi|iiop|dns|https?|ftps?|tftp|gopher|smb|nis|corba):\/\/(?:[^\s/@]{1,64}@)?(\[[0-9a-f:.]{2,45}\]|[a-z0-9.-]{3,253})/gi
const COMMAND =
  /(?:\/dev\/(?:tcp|udp)\/|\b(?:nc|ncat|ping|nslookup|dig|telnet|curl|wget|tftp)(?:\.exe)? (?:-\S{1,16} ){0,4})([a-z0-9.-]{4,253})/gi
const MOST_TEXT = 16_384
const MOST_HOSTS = 64

const plain = (text: string): string =>
  text
    .slice(0, MOST_TEXT)
    .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    .replaceAll('+', ' ')

/** Addresses and names in lower case; not the target, not the site that was asked. */
export function namedHosts({ exchanges, own, target }: ImpactCase): ReadonlySet<string> {
  const found = new Set<string>()
  const sites = new Set<string>([target.ip ?? '', target.name?.toLowerCase() ?? ''])
  const texts: string[] = []
  for (const { url, userAgent, requestBody, host, own: isOwn } of exchanges) {
    sites.add(host.toLowerCase().replace(/:\d{1,5}$/, ''))
    if (isOwn) texts.push(url, userAgent, requestBody?.text ?? '')
  }
  for (const { fields } of own) {
    sites.add(textOf(fields, 'http.host').toLowerCase().replace(/:\d{1,5}$/, '')) // prettier-ignore
    texts.push(textOf(fields, 'http.url'), textOf(fields, 'http.user_agent'), textOf(fields, 'http.http_request_body_printable'))
  }
  for (const text of texts) {
    const decoded = plain(plain(text))
    for (const pattern of [SCHEME, COMMAND])
      for (const match of decoded.matchAll(pattern)) {
        const host = match[1]!.replace(/^\[|\]$/g, '').replace(/\.$/, '').toLowerCase() // prettier-ignore
        if (host.includes('.') || host.includes(':')) found.add(host)
        if (found.size >= MOST_HOSTS) break
      }
  }
  for (const site of sites) found.delete(site)
  return found
}
