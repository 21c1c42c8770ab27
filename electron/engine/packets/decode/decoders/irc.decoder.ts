import { isWord, printable } from '../bytes-text.ts'
import { defineDecoder, type Facts, type Message } from '../define.ts'
import { lineEnd, lineLength } from '../lines.ts'

function read(m: Message, out: Facts): void {
  const { data, from, to, direction } = m
  const end = lineEnd(data, from, to)
  const text = printable(data, from, end, 1024)
  const way = direction === 0 ? 'request' : 'response'
  out.fact(`irc.${way}`, text, from, end - from)
  let rest = text
  if (rest.startsWith('@')) rest = rest.slice(rest.indexOf(' ') + 1)
  if (rest.startsWith(':')) {
    const space = rest.indexOf(' ')
    if (space > 0) out.fact(`irc.${way}.prefix`, rest.slice(1, space))
    rest = space < 0 ? '' : rest.slice(space + 1)
  }
  const trailer = rest.indexOf(' :')
  const [command = '', ...parameters] = (trailer < 0 ? rest : rest.slice(0, trailer)).split(' ')
  if (command === '') return
  if (direction === 1 && /^\d{3}$/.test(command)) {
    out.fact('irc.response.num_command', Number(command))
    if (command === '670') out.become('tls')
  } else out.fact(`irc.${way}.command`, command)
  for (const one of parameters.slice(0, 16)) if (one !== '') out.fact(`irc.${way}.command_parameter`, one)
  if (trailer >= 0) out.fact(`irc.${way}.trailer`, rest.slice(trailer + 2))
  out.line(`${direction === 0 ? 'Request' : 'Response'} (${command})`)
}

/** What clients say first. */
const BEGINNINGS = ['NICK ', 'CAP LS', 'CAP REQ'] as const

const both = (name: string, doc: string) =>
  (['request', 'response'] as const).map((way) => ({
    name: `irc.${way}${name}`,
    type: 'text' as const,
    doc: `${doc} of a ${way}`,
  }))

export default defineDecoder({
  id: 'irc',
  title: 'IRC',
  spec: 'https://www.rfc-editor.org/rfc/rfc2812',
  doc: 'Lines of IRC: command, parameters and text. What CTCP and DCC put inside is not read.',
  on: [{ table: 'tcpPort', keys: [6667, 57_000] }],
  fields: [
    ...both('', 'Line'),
    ...both('.prefix', 'Prefix'),
    ...both('.command', 'Command'),
    ...both('.command_parameter', 'Parameters'),
    ...both('.trailer', 'Text'),
    { name: 'irc.response.num_command', type: 'uint', doc: 'Number of a reply' },
  ],
  stream: { length: lineLength },
  guess: (data, from, to, transport, direction) =>
    transport === 'tcp' && direction === 0 && BEGINNINGS.some((word) => isWord(data, from, to, word)),
  message: (m, _, out) => read(m, out),
  examples: [
    {
      name: 'a channel is joined',
      messages: {
        transport: 'tcp',
        port: 6667,
        sent: [
          { by: 0, text: 'NICK amy\r\n' },
          { by: 1, text: ':irc.example 001 amy :Welcome\r\n' },
          { by: 0, text: 'JOIN #desk\r\n' },
        ],
      },
      expect: {
        stack: 'irc',
        line: 'Request (JOIN)',
        facts: { 'irc.request.command': ['NICK', 'JOIN'], 'irc.response.num_command': 1, 'irc.response.trailer': 'Welcome' },
      },
    },
  ],
})
