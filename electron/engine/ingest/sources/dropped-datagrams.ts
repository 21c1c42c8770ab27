/** How many datagrams Linux dropped because their socket's buffer was full: it tells no one but those who ask. */
import { readFile } from 'node:fs/promises'
import { isIPv6 } from 'node:net'
import { endianness } from 'node:os'

/** Since the socket on this local address was opened; null where the system does not say. */
export async function droppedDatagrams(address: string, port: number): Promise<number | null> {
  try {
    return dropsIn(await readFile(isIPv6(address) ? '/proc/net/udp6' : '/proc/net/udp', 'utf8'), address, port)
  } catch {
    return null
  }
}

/** Reads the table of proc_net_udp(5): `sl: address:port … drops`, in hexadecimal but for the last. */
export function dropsIn(table: string, address: string, port: number): number | null {
  const [heads = '', ...lines] = table.split('\n')
  if (!heads.trimEnd().endsWith('drops')) return null
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0')
  // The address stands there as a number in the machine's byte order. Of IPv6 the port has to do.
  const bytes = address.split('.').map((part) => Number(part).toString(16).toUpperCase().padStart(2, '0'))
  const wanted = isIPv6(address) ? `:${hexPort}` : `${(endianness() === 'LE' ? bytes.reverse() : bytes).join('')}:${hexPort}`
  for (const line of lines) {
    const cells = line.trim().split(/ +/)
    if (!cells[1]?.endsWith(wanted)) continue
    const drops = Number(cells.at(-1))
    return Number.isSafeInteger(drops) ? drops : null
  }
  return null
}
