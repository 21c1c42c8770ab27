import { defineDecoder } from '../define.ts'
import { SmbSession } from '../smb/session.ts'
import { HEADER, readUnit } from '../smb/smb2-units.ts'

/** Most requests or answers of one frame that are read. */
const MOST_COMPOUND = 256

export default defineDecoder<SmbSession>({
  id: 'smb2',
  title: 'SMB2',
  spec: 'https://learn.microsoft.com/openspecs/windows_protocols/ms-smb2/5606ad47-5ee0-437a-817e-70c366052962',
  doc: 'SMB 2 and 3: commands with their status, shares, file names, reads and writes; files are put together from both. Named pipes lead to DCE RPC, session setup to GSS-API. What is encrypted or compressed is named only.',
  also: ['data'],
  on: [],
  fields: [
    { name: 'smb2.cmd', type: 'uint', doc: 'Command' },
    { name: 'smb2.nt_status', type: 'uint', doc: 'Status of an answer' },
    { name: 'smb2.flags.response', type: 'bool', doc: 'Answer' },
    { name: 'smb2.msg_id', type: 'uint', doc: 'Message id' },
    { name: 'smb2.tid', type: 'uint', doc: 'Tree id' },
    { name: 'smb2.sesid', type: 'uint', doc: 'Session id' },
    { name: 'smb2.dialect', type: 'uint', doc: 'Dialect, offered or chosen' },
    { name: 'smb2.tree', type: 'text', doc: 'Path of the share' },
    { name: 'smb2.share_type', type: 'uint', doc: 'Kind of share: 1 disk, 2 pipe, 3 printer' },
    { name: 'smb2.filename', type: 'text', doc: 'File name' },
    { name: 'smb2.fid', type: 'text', doc: 'File id' },
    { name: 'smb2.create.disposition', type: 'uint', doc: 'What to do where the file is there, or is not' },
    { name: 'smb2.create.action', type: 'uint', doc: 'What was done: 0 superseded, 1 opened, 2 created, 3 overwritten' },
    { name: 'smb2.read_length', type: 'uint', doc: 'Bytes to read' },
    { name: 'smb2.write_length', type: 'uint', doc: 'Bytes to write' },
    { name: 'smb2.file_offset', type: 'uint', doc: 'Offset in the file' },
    { name: 'smb2.ioctl.function', type: 'uint', doc: 'File-system control' },
    { name: 'smb2.find.pattern', type: 'text', doc: 'Pattern of a search' },
  ],
  begin: () => new SmbSession(),
  message(m, session, out) {
    const { view, from, to } = m
    if (to - from < 4) return
    const magic = view.getUint32(from)
    if (magic !== 0xfe534d42) {
      out.line(magic === 0xfd534d42 ? 'Encrypted SMB3' : 'Compressed SMB3')
      return
    }
    const lines: string[] = []
    let at = from
    for (let n = 0; n < MOST_COMPOUND; n++) {
      if (at + HEADER > to) {
        if (to - from >= m.length) out.malformed()
        else out.line('')
        break
      }
      const next = view.getUint32(at + 20, true)
      readUnit(m, at, next >= HEADER && at + next < to ? at + next : to, session, out, lines)
      if (next === 0 || at + next >= to) break
      if (next < HEADER || view.getUint32(at + next) !== magic) {
        out.malformed()
        break
      }
      at += next
    }
    if (lines.length > 0) out.line(lines.join(';'))
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
            hex: '00000078fe534d42400001000000000003000100000000000000000001000000 00000000fffe0000000000002211000000000000000000000000000000000000 0000000009000000480030005c005c00660069006c00650073002e0065007800 61006d0070006c0065002e0063006f006d005c0064006f0063007300',
          },
          {
            by: 1,
            hex: '00000050fe534d42400001000000000003000100010000000000000001000000 00000000fffe0000050000002211000000000000000000000000000000000000 00000000100001000000000000000000ff011f00',
          },
          {
            by: 0,
            hex: '0000008afe534d42400001000000000005000100000000000000000002000000 00000000fffe0000050000002211000000000000000000000000000000000000 0000000039000000020000000000000000000000000000000000000089001200 0000000007000000010000000000000078001200000000000000000070006c00 61006e0073002e00740078007400',
          },
          {
            by: 1,
            hex: '00000098fe534d42400001000000000005000100010000000000000002000000 00000000fffe0000050000002211000000000000000000000000000000000000 0000000059000000010000000000000000000000000000000000000000000000 0000000000000000000000000500000000000000050000000000000080000000 00000000010000000000000002000000000000000000000000000000',
          },
          {
            by: 0,
            hex: '00000071fe534d42400001000000000008000100000000000000000003000000 00000000fffe0000050000002211000000000000000000000000000000000000 0000000031000000050000000000000000000000010000000000000002000000 000000000000000000000000000000000000000000',
          },
          {
            by: 1,
            hex: '00000055fe534d42400001000000000008000100010000000000000003000000 00000000fffe0000050000002211000000000000000000000000000000000000 000000001100500005000000000000000000000068656c6c6f',
          },
          {
            by: 0,
            hex: '00000058fe534d42400001000000000006000100000000000000000004000000 00000000fffe0000050000002211000000000000000000000000000000000000 00000000180000000000000001000000000000000200000000000000',
          },
          {
            by: 1,
            hex: '0000007cfe534d42400001000000000006000100010000000000000004000000 00000000fffe0000050000002211000000000000000000000000000000000000 000000003c000000000000000000000000000000000000000000000000000000 0000000000000000000000000000000000000000000000000000000000000000',
          },
        ],
      },
      expect: {
        stack: 'nbss:smb2:data',
        line: 'Read Request Len:5 Off:0 File: plans.txt',
        facts: {
          'smb2.tree': '\\\\files.example.com\\docs',
          'smb2.filename': 'plans.txt',
          'smb2.fid': '00000001-0000-0000-0200-000000000000',
          'smb2.read_length': 5,
          'smb2.create.action': 1,
          'smb2.nt_status': 0,
        },
      },
    },
    {
      name: 'a name that is not there',
      messages: {
        transport: 'tcp',
        port: 445,
        sent: [
          {
            by: 0,
            hex: '0000008efe534d42400001000000000005000100000000000000000002000000 00000000fffe0000050000002211000000000000000000000000000000000000 0000000039000000020000000000000000000000000000000000000089001200 000000000700000001000000000000007800160000000000000000006e006f00 7400680069006e0067002e00740078007400',
          },
          {
            by: 1,
            hex: '00000049fe534d4240000100340000c005000100010000000000000002000000 00000000fffe0000000000002211000000000000000000000000000000000000 00000000090000000000000000',
          },
        ],
      },
      expect: {
        line: 'Create Response, Error: STATUS_OBJECT_NAME_NOT_FOUND',
        facts: {
          'smb2.nt_status': 3221225524,
        },
      },
    },
    {
      name: 'dialects',
      messages: {
        transport: 'tcp',
        port: 445,
        sent: [
          {
            by: 0,
            hex: '00000068fe534d42400001000000000000000100000000000000000001000000 00000000fffe0000000000002211000000000000000000000000000000000000 0000000024000200010000000000000000000000000000000000000000000000 000000000000000002021103',
          },
        ],
      },
      expect: {
        line: 'Negotiate Protocol Request',
        facts: {
          'smb2.dialect': ['514', '785'],
        },
      },
    },
  ],
})
