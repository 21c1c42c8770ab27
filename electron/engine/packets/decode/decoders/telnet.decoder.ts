import { lineFeed, printable } from '../bytes-text.ts'
import { defineDecoder } from '../define.ts'

const IAC = 255
const SUB_BEGIN = 250
const SUB_END = 240
/** Most commands of one piece that are told. */
const MOST_COMMANDS = 64
const MOST_LINES = 256

export default defineDecoder({
  id: 'telnet',
  title: 'TELNET',
  spec: 'https://www.rfc-editor.org/rfc/rfc854',
  doc: 'Telnet as it comes, piece by piece: commands and text.',
  on: [{ table: 'tcpPort', keys: [23] }],
  fields: [
    { name: 'telnet.cmd', type: 'uint', doc: 'Command' },
    { name: 'telnet.data', type: 'text', doc: 'Text' },
  ],
  stream: { length: (_, from, to) => to - from },
  message({ data, from, to }, _, out) {
    out.line('Telnet Data ...')
    let commands = 0
    for (let at = from; at < to;) {
      const next = data.indexOf(IAC, at)
      const end = next < 0 || next >= to ? to : next
      for (let line = at, n = 0; line < end && n < MOST_LINES; n++) {
        const feed = lineFeed(data, line, end)
        const next = feed < 0 ? end : feed + 1
        out.fact('telnet.data', printable(data, line, next, 1024), line, next - line)
        line = next
      }
      if (end >= to || end + 1 >= to || ++commands > MOST_COMMANDS) return
      const command = data[end + 1]!
      at = end + 2
      if (command === IAC) continue
      out.fact('telnet.cmd', command, end + 1, 1)
      if (command >= 251) at++
      else if (command === SUB_BEGIN) {
        while (at + 1 < to && !(data[at] === IAC && data[at + 1] === SUB_END)) at++
        if (at + 1 < to) out.fact('telnet.cmd', SUB_END, at + 1, 1)
        at += 2
      }
    }
  },
  examples: [
    {
      name: 'a key',
      messages: {
        transport: 'tcp',
        port: 23,
        sent: [{ by: 0, text: 'l' }],
      },
      expect: {
        stack: 'telnet',
        line: 'Telnet Data ...',
        facts: {
          'telnet.data': 'l',
        },
      },
    },
  ],
})
