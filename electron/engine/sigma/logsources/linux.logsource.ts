import { defineLogSources, TAXONOMY, type LogSource } from './define.ts'

const SYSLOG = ['syslog-3164', 'syslog-5424']
const TEXT = ['text']

const programs = (service: string, ...names: readonly string[]): LogSource => ({
  names: [{ product: 'linux', service }],
  when: { format: SYSLOG, fields: { 'log.program': names } },
})
const AUTH = [
  'sshd',
  'sshd-session',
  'sudo',
  'su',
  'login',
  'systemd-logind',
  'polkitd',
  'pkexec',
  'passwd',
  'useradd',
  'usermod',
  'userdel',
  'groupadd',
  'groupdel',
  'chage',
  'chpasswd',
  'gdm-password',
  'cron',
]
const SYSMON = ['Linux-Sysmon/Operational', 'Linux-Sysmon']
const sysmon = (category: string, id: number): LogSource => ({
  names: [{ product: 'linux', service: 'sysmon', category }],
  when: { format: ['windows-json'], fields: { 'win.channel': SYSMON, 'win.event_id': [id] } },
})

export default defineLogSources({
  id: 'linux',
  title: 'Linux',
  spec: TAXONOMY,
  doc: 'Services are programs of a syslog; audit records are those of auditd, from its own log or through syslog; categories are the events of Sysmon for Linux.',
  sources: [
    programs('sshd', 'sshd', 'sshd-session', 'sshd-auth'),
    programs('sudo', 'sudo'),
    programs('auth', ...AUTH),
    programs('cron', 'cron', 'crond', 'crontab', 'anacron'),
    programs('clamav', 'clamd', 'clamscan', 'freshclam', 'clamav-milter'),
    programs('vsftpd', 'vsftpd'),
    programs('guacamole', 'guacd', 'guacamole'),
    programs('auditd', 'audit', 'auditd', 'audispd'),
    { names: [{ product: 'linux', service: 'auditd' }], when: { format: ['auditd'] } },
    { names: [{ product: 'linux', service: 'auditd' }], when: { format: TEXT, type: ['auditd', 'audit'] } },
    { names: [{ product: 'linux', service: 'syslog' }], when: { format: SYSLOG } },
    {
      names: [{ service: 'apache', product: 'apache' }],
      when: { format: SYSLOG, fields: { 'log.program': ['apache2', 'httpd'] } },
    },
    { names: [{ service: 'nginx', product: 'nginx' }], when: { format: SYSLOG, fields: { 'log.program': ['nginx'] } } },
    sysmon('process_creation', 1),
    sysmon('network_connection', 3),
    sysmon('file_event', 11),
    sysmon('file_delete', 23),
  ],
})
