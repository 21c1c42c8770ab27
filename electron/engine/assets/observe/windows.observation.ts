import { defineObservation } from './define.ts'
import { textOf } from './reading.ts'

export default defineObservation({
  id: 'windows',
  title: 'Hosts that write Windows events',
  spec: 'https://learn.microsoft.com/windows/win32/wes/eventschema-system-systempropertiestype-complextype',
  doc: 'The computer that an event names: a host with this name that runs Windows, with its address where the record has it.',
  types: [],
  fields: ['host.name', 'host.ip', 'win.channel'],
  learn({ fields }) {
    const name = textOf(fields, 'host.name', 253).toLowerCase()
    if (textOf(fields, 'win.channel') === '' || !/^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u.test(name)) return []
    return [{ address: textOf(fields, 'host.ip', 64), name, os: 'Windows', source: 'windows events' }]
  },
  examples: [
    {
      name: 'a computer',
      event: { type: '4688', format: 'windows-json', fields: { 'host.name': 'WS-11.corp.example', 'win.channel': 'Security' } },
      expect: [{ address: '', name: 'ws-11.corp.example', os: 'Windows', source: 'windows events' }],
    },
    { name: 'a line of syslog', event: { type: 'sshd', format: 'syslog-5424', fields: { 'host.name': 'gw' } }, expect: [] },
  ],
})
