/** Records for examples, with the fields that the parsers give them. */
import type { EventDraft } from '../made-case.ts'

type Values = EventDraft['fields']
export const TARGET = '10.1.2.3'
export const ATTACKER = '203.0.113.9'
export const HOST = 'web-01'

interface FlowDraft {
  readonly from?: string
  readonly fromPort?: number
  readonly to?: string
  readonly port: number
  readonly transport?: string
  readonly app?: string
  readonly sent?: number
  readonly received?: number
  readonly seconds?: number
  readonly state?: string
}
const ends = ({ from = TARGET, fromPort = 40_123, to = ATTACKER, port, transport = 'tcp', app }: FlowDraft): Record<string, string | number> => ({
  'src.ip': from,
  'src.port': fromPort,
  'dst.ip': to,
  'dst.port': port,
  'net.transport': transport,
  ...(app === undefined ? {} : { 'net.app': app }),
}) // prettier-ignore

/** Zeek's conn; of the target to the attacker, in order, where nothing else is said. */
export const conn = (at: number, flow: FlowDraft): EventDraft => {
  const none = /^(?:S0|REJ)$/.test(flow.state ?? 'SF')
  return {
    at,
    type: 'conn',
    format: 'zeek-json',
    source: 'zeek',
    fields: {
      ...ends(flow),
      'flow.duration': flow.seconds ?? 1,
      'flow.state': flow.state ?? 'SF',
      'src.bytes': flow.sent ?? (none ? 0 : 400),
      'dst.bytes': flow.received ?? (none ? 0 : 900),
      'src.packets': none ? 1 : 6,
      'dst.packets': flow.state === 'S0' ? 0 : none ? 1 : 5,
    },
  }
}

/** EVE's flow record; `at` is when the flow ended. */
export const eveFlow = (at: number, flow: FlowDraft & { readonly flags?: string }): EventDraft => {
  const none = flow.state === 'new'
  return {
    at,
    type: 'flow',
    fields: {
      ...ends(flow),
      'flow.state': flow.state ?? 'closed',
      'flow.duration': flow.seconds ?? 1,
      'src.bytes': flow.sent ?? (none ? 74 : 700),
      'dst.bytes': flow.received ?? (none ? 0 : 1200),
      'src.packets': none ? 1 : 6,
      'dst.packets': none ? 0 : 5,
      ...(none || flow.transport === 'udp' ? {} : { 'tcp.tcp_flags_tc': flow.flags ?? '1b', 'tcp.tcp_flags': '1b' }),
    },
  }
}

export const windows = (at: number, id: number, channel: 'Sysmon' | 'Security' | 'System' | 'Defender', fields: Values): EventDraft => ({
  at,
  type: String(id),
  format: 'windows-json',
  source: 'windows',
  fields: {
    'win.event_id': id,
    'win.channel':
      channel === 'Sysmon'
        ? 'Microsoft-Windows-Sysmon/Operational'
        : channel === 'Defender'
          ? 'Microsoft-Windows-Windows Defender/Operational'
          : channel,
    'win.provider':
      channel === 'Sysmon'
        ? 'Microsoft-Windows-Sysmon'
        : channel === 'Security'
          ? 'Microsoft-Windows-Security-Auditing'
          : channel === 'Defender'
            ? 'Microsoft-Windows-Windows Defender'
            : 'Service Control Manager',
    'host.name': HOST,
    ...fields,
  },
}) // prettier-ignore

/** Sysmon 1. */
export const started = (at: number, path: string, command: string, parent: string, more: Values = {}): EventDraft =>
  windows(at, 1, 'Sysmon', {
    'process.path': path,
    'process.command': command,
    'process.parent.path': parent,
    'process.pid': 4000 + Math.abs(at),
    ...more,
  })

/** SYSCALL and EXECVE of one execve, as audit.log has them. */
export const execve = (at: number, serial: number, command: string, more: Values = {}): EventDraft[] => [
  {
    at,
    type: 'SYSCALL',
    format: 'auditd',
    source: 'audit',
    fields: {
      'host.name': HOST,
      'audit.id': String(serial),
      syscall: '59',
      success: 'yes',
      outcome: 'success',
      'process.pid': 20_000 + serial,
      'process.parent.pid': 812,
      'process.name': command.split(' ', 1)[0]!,
      'process.path': `/usr/bin/${command.split(' ', 1)[0]}`,
      'user.id': '33',
      'user.name': 'www-data',
      ...more,
    },
  },
  {
    at,
    type: 'EXECVE',
    format: 'auditd',
    source: 'audit',
    fields: { 'host.name': HOST, 'audit.id': String(serial), 'process.command': command },
  },
]

export const syslog = (at: number, program: string, message: string, more: Values = {}): EventDraft => ({
  at,
  type: program,
  format: 'syslog-3164',
  source: 'syslog',
  fields: { 'host.name': HOST, 'log.program': program, message, ...more },
})

/** A firewall's entry in CEF. */
export const firewall = (at: number, action: string, more: Values = {}): EventDraft => ({
  at,
  type: 'traffic',
  format: 'cef',
  source: 'firewall',
  fields: {
    'device.product': 'Firewall',
    'src.ip': ATTACKER,
    'src.port': 40_000,
    'dst.ip': TARGET,
    'dst.port': 80,
    action,
    ...more,
  },
})

/** EVE's fileinfo: source is who sends the file. */
export const fileinfo = (at: number, name: string, more: Values = {}): EventDraft => ({
  at,
  type: 'fileinfo',
  fields: {
    'src.ip': ATTACKER,
    'src.port': 80,
    'dst.ip': TARGET,
    'dst.port': 40_200,
    'net.app': 'http',
    'http.status': 200,
    'file.name': name,
    'file.size': 61_440,
    'fileinfo.state': 'CLOSED',
    'fileinfo.gaps': false,
    ...more,
  },
})

/** An alert of the sensor on a request to the target. */
export const alerted = (at: number, more: Values = {}): EventDraft => ({
  at,
  type: 'alert',
  fields: {
    'src.ip': ATTACKER,
    'src.port': 40_000,
    'dst.ip': TARGET,
    'dst.port': 80,
    'net.transport': 'tcp',
    'net.direction': 'to_server',
    ...more,
  },
})
/** … on a call of the target to somebody outside. */
export const alertedOut = (at: number, more: Values = {}): EventDraft =>
  alerted(at, { 'src.ip': TARGET, 'src.port': 40_123, 'dst.ip': ATTACKER, 'dst.port': 443, ...more })
