import { defineDecoder } from '../define.ts'
import { statusName } from '../nt-status.ts'
import { AND_X, commandName } from '../smb/smb1-commands.ts'
import { readAnswer, readRequest } from '../smb/smb1-requests.ts'
import { SmbSession } from '../smb/session.ts'

const HEADER = 32
/** Most commands of one message. */
const MOST_CHAIN = 16
const ANSWER = 0x80
const UNICODE = 0x8000
const NT_STATUS = 0x4000

export default defineDecoder<SmbSession>({
  id: 'smb',
  title: 'SMB',
  spec: 'https://learn.microsoft.com/openspecs/windows_protocols/ms-cifs/d416ff7c-c536-406e-a951-4f04b2fd1d2b',
  doc: 'SMB 1: commands with their status, dialects, shares, file names, users where they are plain; files are put together from reads and writes. Named pipes lead to DCE RPC, session setup to GSS-API.',
  also: ['browser'],
  on: [],
  fields: [
    { name: 'smb.cmd', type: 'uint', doc: 'Command' },
    { name: 'smb.nt_status', type: 'uint', doc: 'Status' },
    { name: 'smb.flags.response', type: 'bool', doc: 'Answer' },
    { name: 'smb.tid', type: 'uint', doc: 'Tree id' },
    { name: 'smb.pid', type: 'uint', doc: 'Process id' },
    { name: 'smb.uid', type: 'uint', doc: 'User id' },
    { name: 'smb.mid', type: 'uint', doc: 'Multiplex id' },
    { name: 'smb.fid', type: 'uint', doc: 'File id' },
    { name: 'smb.dialect.name', type: 'text', doc: 'Dialect that is offered' },
    { name: 'smb.dialect.index', type: 'uint', doc: 'Dialect that was chosen' },
    { name: 'smb.account', type: 'text', doc: 'User' },
    { name: 'smb.primary_domain', type: 'text', doc: 'Domain' },
    { name: 'smb.native_os', type: 'text', doc: 'Operating system' },
    { name: 'smb.native_lanman', type: 'text', doc: 'Program' },
    { name: 'smb.path', type: 'text', doc: 'Path of the share' },
    { name: 'smb.service', type: 'text', doc: 'Kind of the share' },
    { name: 'smb.file', type: 'text', doc: 'File name' },
    { name: 'smb.search_pattern', type: 'text', doc: 'Pattern of a search' },
  ],
  begin: () => new SmbSession(),
  message(m, session, out) {
    const { view, data, from: at, to } = m
    if (at + HEADER + 3 > to) {
      if (to - at >= m.length) out.malformed()
      else out.line('')
      return
    }
    const command = data[at + 4]!
    const answer = (data[at + 9]! & ANSWER) !== 0
    const flags = view.getUint16(at + 10, true)
    const status = view.getUint32(at + 5, true)
    const nt = (flags & NT_STATUS) !== 0
    const tree = view.getUint16(at + 24, true)
    const process = view.getUint16(at + 26, true)
    const multiplex = view.getUint16(at + 30, true)
    out.fact('smb.cmd', command, at + 4, 1)
    if (nt) out.fact('smb.nt_status', status, at + 5, 4)
    out.fact('smb.flags.response', answer, at + 9, 1)
    out.fact('smb.tid', tree, at + 24, 2)
    const share = session.shares.get(String(tree))
    if (share !== undefined) out.fact('smb.path', share.path)
    out.fact('smb.pid', process, at + 26, 2)
    out.fact('smb.uid', view.getUint16(at + 28, true), at + 28, 2)
    out.fact('smb.mid', multiplex, at + 30, 2)
    const error =
      !answer || status === 0
        ? ''
        : nt
          ? `, Error: ${statusName(status)}`
          : `, Error: class ${status & 255}, code ${status >>> 16}`
    const lines: string[] = []
    let [next, place] = [command, at + HEADER]
    for (let n = 0; n < MOST_CHAIN; n++) {
      const wordCount = data[place]!
      const words = place + 1
      const bytes = words + 2 * wordCount + 2
      if (bytes > to) {
        lines.push(`${commandName(next)} ${answer ? 'Response' : 'Request'}${error}`)
        if (to - at >= m.length) out.malformed()
        break
      }
      const end = Math.min(to, bytes + view.getUint16(bytes - 2, true))
      const part = {
        m,
        out,
        session,
        at,
        words,
        wordCount,
        bytes,
        to: end,
        unicode: (flags & UNICODE) !== 0,
        tree: String(tree),
        id: (multiplex * 65_536 + process) * 256 + n,
      }
      const title = `${commandName(next)} ${answer ? 'Response' : 'Request'}`
      const line = answer ? readAnswer(part, next, title, error) : readRequest(part, next, title)
      if (line !== null) lines.push(line)
      if (!AND_X.has(next) || wordCount < 2) break
      out.fact('smb.cmd', data[words]!, words, 1)
      if (data[words] === 0xff) break
      const behind = at + view.getUint16(words + 2, true)
      if (behind <= place || behind + 3 > to) break
      next = data[words]!
      place = behind
    }
    if (lines.length > 0) out.line(lines.join('; '))
  },
  examples: [
    {
      name: 'a share, and a file that is read from it',
      messages: {
        transport: 'tcp',
        port: 445,
        sent: [
          {
            by: 0,
            hex: '00000064ff534d4275000000001803c80000000000000000000000000000fffe 0000010004ff000000080001003900005c005c00660069006c00650073002e00 6500780061006d0070006c0065002e0063006f006d005c0064006f0063007300 00003f3f3f3f3f00',
          },
          {
            by: 1,
            hex: '00000037ff534d4275000000009803c80000000000000000000000000300fffe 0000010003ff00000001000e00413a00004e005400460053000000',
          },
          {
            by: 0,
            hex: '00000068ff534d42a2000000001803c80000000000000000000000000300fffe 0000020018ff0000000014000000000000000000890002000000000000000000 0000000007000000010000000000000002000000001500005c0070006c006100 6e0073002e00740078007400',
          },
          {
            by: 1,
            hex: '00000068ff534d42a2000000009803c80000000000000000000000000300fffe 0000020022ff0000000001400100000000000000000000000000000000000000 0000000000000000000000000000000080000000080000000000000005000000 000000000000000000000000',
          },
          {
            by: 0,
            hex: '0000003bff534d422e000000001803c80000000000000000000000000300fffe 000003000cff00000001400000000005000500000000000000000000000000',
          },
          {
            by: 1,
            hex: '0000003fff534d422e000000009803c80000000000000000000000000300fffe 000003000bff00000000000000000005003c0000000000000000000600006865 6c6c6f',
          },
        ],
      },
      expect: {
        stack: 'nbss:smb',
        line: 'NT Create AndX Request, Path: \\plans.txt',
        facts: {
          'smb.service': ['?????', 'A:'],
          'smb.path': '\\\\files.example.com\\docs',
          'smb.file': '\\plans.txt',
          'smb.fid': 16385,
        },
      },
    },
    {
      name: 'dialects, one of them of SMB 2',
      messages: {
        transport: 'tcp',
        port: 445,
        sent: [
          {
            by: 0,
            hex: '0000003aff534d4272000000001801c80000000000000000000000000000fffe 00000100001700024e54204c4d20302e31320002534d4220322e30303200',
          },
        ],
      },
      expect: {
        stack: 'nbss:smb',
        line: 'Negotiate Protocol Request',
        facts: {
          'smb.dialect.name': ['NT LM 0.12', 'SMB 2.002'],
        },
      },
    },
  ],
})
