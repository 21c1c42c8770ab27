import type { Flow } from '../../../../shared/model/capture.ts'

/** The display filter that lets one flow through; '' where its number is not one of the filter language. */
export function flowFilter({
  transport,
  stream,
  client,
  server,
}: Pick<Flow, 'transport' | 'stream' | 'client' | 'server'>): string {
  if (stream !== null && (transport === 'tcp' || transport === 'udp')) return `${transport}.stream == ${stream}`
  const version = (ip: string): 'ip' | 'ipv6' => (ip.includes(':') ? 'ipv6' : 'ip')
  if (!/^[0-9a-fA-F.:]+$/.test(client.ip) || !/^[0-9a-fA-F.:]+$/.test(server.ip)) return ''
  const pair = `${version(client.ip)}.addr == ${client.ip} && ${version(server.ip)}.addr == ${server.ip}`
  return /^[a-z][a-z0-9]*$/.test(transport) && transport !== 'ip' ? `${transport} && ${pair}` : pair
}
