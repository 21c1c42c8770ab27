import { defineDecoder } from '../define.ts'
import { statusName } from '../nt-status.ts'
import { AND_X, commandName } from '../smb1-commands.ts'
import { readAnswer, readRequest } from '../smb1-requests.ts'
import { SmbSession } from '../smb-session.ts'

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
  examples: [],
})
