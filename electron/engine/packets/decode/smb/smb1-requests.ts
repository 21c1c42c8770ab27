/** What SMB1's requests and answers say, one command at a time (MS-CIFS and MS-SMB, section 2.2.4). */
import type { Facts, Message } from '../define.ts'
import { utf16z } from '../little-endian.ts'
import { SMB1, trans2Name } from './smb1-commands.ts'
import { isPipeShare, type SmbSession } from './session.ts'
import { latin1 } from '../text.ts'

/** One command of a message: its words and bytes. */
export interface Part {
  readonly m: Message
  readonly out: Facts
  readonly session: SmbSession
  /** The message's header. */
  readonly at: number
  readonly words: number
  readonly wordCount: number
  readonly bytes: number
  readonly to: number
  readonly unicode: boolean
  readonly tree: string
  /** Names the request and its answer. */
  readonly id: number
}

const MOST_NAME = 4096
const word = ({ m, words }: Part, offset: number): number => m.view.getUint16(words + offset, true)

interface Text {
  readonly text: string
  readonly next: number
}
/** A text at `from`, up to its zero; UTF-16 stands at even places of the message. */
function text({ m, at, to, unicode }: Part, from: number, wide = unicode): Text {
  if (from >= to) return { text: '', next: to }
  if (wide) {
    const even = from + ((from - at) & 1)
    const found = utf16z(m.data, even, Math.min(to, even + MOST_NAME))
    return { text: found.text, next: Math.min(to, found.next) }
  }
  const zero = m.data.indexOf(0, from)
  const end = zero < 0 || zero > to ? to : zero
  return { text: latin1(m.data, from, end, MOST_NAME), next: Math.min(to, end + 1) }
}
function textFact(p: Part, field: string, from: number, wide = p.unicode): Text {
  const found = text(p, from, wide)
  if (found.text !== '') p.out.fact(field, found.text, from, Math.max(0, found.next - from))
  return found
}

const fidKey = (fid: number): string => `0x${fid.toString(16).padStart(4, '0')}`
const fid = (p: Part, offset: number): string => fidAt(p, p.words + offset)
function fidAt(p: Part, place: number): string {
  const value = p.m.view.getUint16(place, true)
  p.out.fact('smb.fid', value, place, 2)
  const file = p.session.files.get(fidKey(value))
  if (file !== undefined) p.out.fact('smb.file', file.name)
  return fidKey(value)
}
/** The file of an answer, which its request named. */
function askedFile(p: Part, file: string): void {
  if (file === '') return
  p.out.fact('smb.fid', Number(file))
  const open = p.session.files.get(file)
  if (open !== undefined) p.out.fact('smb.file', open.name)
}

function security(p: Part, from: number, length: number, line: string): void {
  p.out.line(line)
  const to = Math.min(p.to, from + length)
  if (to > from) p.out.inner(p.session.bare && p.m.data[from] === 0x4e ? 'ntlmssp' : 'gss-api', p.m.data, from, to)
  p.out.protocol('SMB')
}

/** Bytes of a pipe or file; true where another decoder reads them. */
function contents(p: Part, key: string, from: number, to: number, offset: number, written: boolean): boolean {
  if (from < p.words || from >= to) return false
  const file = p.session.files.get(key)
  const share = file?.share ?? p.session.shares.get(p.tree)
  if (share?.pipes === true) return p.session.pipe(key, written ? 0 : 1, p.m.data, from, to, p.out)
  if (file !== undefined) p.session.bytes(file, offset, p.m.data.subarray(from, to), written, p.out)
  return false
}

/** Facts of a request. Its line: null where another decoder has said it. */
export function readRequest(p: Part, command: number, title: string): string | null {
  const { m, out, session, wordCount, bytes, to } = p
  let [name, file, offset, kind] = ['', '', 0, 0]
  let line: string | null = title
  if (command === SMB1.negotiate) {
    for (let at = bytes, n = 0; at < to && m.data[at] === 2 && n < 64; n++) {
      const dialect = textFact(p, 'smb.dialect.name', at + 1, false)
      at = dialect.next
    }
  } else if (command === SMB1.sessionSetup && wordCount === 12) {
    const length = word(p, 14)
    security(p, bytes, length, title)
    names(p, bytes + length, ['smb.native_os', 'smb.native_lanman', 'smb.primary_domain'])
    line = null
  } else if (command === SMB1.sessionSetup && wordCount >= 13) {
    const [account, domain] = names(p, bytes + word(p, 14) + word(p, 16), [
      'smb.account',
      'smb.primary_domain',
      'smb.native_os',
      'smb.native_lanman',
    ])
    line += account === '' && domain === '' ? ', User: anonymous' : `, User: ${domain}\\${account}`
  } else if (command === SMB1.treeConnect && wordCount >= 4) {
    const path = textFact(p, 'smb.path', bytes + word(p, 6))
    textFact(p, 'smb.service', path.next, false)
    name = path.text
    line += `, Path: ${name}`
  } else if (command === SMB1.ntCreate && wordCount >= 24) {
    name = textFact(p, 'smb.file', bytes).text
    line += `, Path: ${name}`
  } else if (command === SMB1.openAndX && wordCount >= 15) {
    name = textFact(p, 'smb.file', bytes).text
    line += `, Path: ${name}`
  } else if (
    [SMB1.open, SMB1.create, SMB1.remove, SMB1.queryInformation, SMB1.checkDirectory, 0, 1].includes(command) &&
    bytes < to
  ) {
    // A buffer of the kind "text" stands before the name.
    name = textFact(p, 'smb.file', bytes + 1).text
    line += `, Path: ${name}`
  } else if (command === SMB1.close && wordCount >= 3) {
    file = fid(p, 0)
    line += `, FID: ${file}`
  } else if (command === SMB1.readAndX && wordCount >= 10) {
    file = fid(p, 4)
    offset = m.view.getUint32(p.words + 6, true) + (wordCount >= 12 ? m.view.getUint32(p.words + 20, true) * 4_294_967_296 : 0)
    line += `, FID: ${file}, ${word(p, 10)} bytes at offset ${offset}`
  } else if (command === SMB1.writeAndX && wordCount >= 12) {
    file = fid(p, 4)
    offset = m.view.getUint32(p.words + 6, true) + (wordCount >= 14 ? m.view.getUint32(p.words + 24, true) * 4_294_967_296 : 0)
    const length = word(p, 20) + word(p, 18) * 65_536
    const from = p.at + word(p, 22)
    line += `, FID: ${file}, ${length} bytes at offset ${offset}`
    if (contents(p, file, from, Math.min(m.to, from + length), offset, true)) line = null
  } else if (command === SMB1.trans && wordCount >= 14) {
    name = text(p, bytes).text
    const from = p.at + word(p, 24)
    kind = wordCount >= 16 ? word(p, 28) : 0
    // TransactNmPipe.
    if (kind === 0x26) {
      file = fid(p, 30)
      if (contents(p, file, from, Math.min(to, from + word(p, 22)), 0, true)) line = null
    } else if (/^\\MAILSLOT\\(BROWSE|LANMAN)$/i.test(name)) {
      out.layer('browser')
      out.protocol('BROWSER')
    }
  } else if (command === SMB1.trans2 && wordCount >= 15) {
    kind = word(p, 28)
    const parameters = p.at + word(p, 20)
    line += `, ${trans2Name(kind)}`
    if (kind === 1) {
      name = textFact(p, 'smb.search_pattern', parameters + 12).text
      line += `, Pattern: ${name}`
    } else if ((kind === 7 || kind === 8) && parameters >= p.words && parameters + 2 <= to) {
      file = fidAt(p, parameters)
      line += `, FID: ${file}`
    } else if (kind === 5 || kind === 6) line += `, Path: ${textFact(p, 'smb.file', parameters + 6).text}`
  }
  session.asked.set(p.id, { command, name, file, offset, kind })
  return line
}

function names(p: Part, from: number, fields: readonly string[]): string[] {
  const found: string[] = []
  let at = from
  for (const field of fields) {
    const one = textFact(p, field, at)
    found.push(one.text)
    at = one.next
  }
  return found
}

/** Facts of an answer; as {@link readRequest}. `error` is what is said of its status. */
export function readAnswer(p: Part, command: number, title: string, error: string): string | null {
  const { m, out, session, wordCount, bytes } = p
  const asked = session.asked.take(p.id)
  let line: string | null = title
  if (command === SMB1.negotiate && wordCount === 17) {
    out.fact('smb.dialect.index', word(p, 0), p.words, 2)
    const extended = (m.view.getUint32(p.words + 19, true) & 0x80000000) !== 0
    session.bare = extended && p.to <= bytes + 16
    if (extended && p.to > bytes + 16) {
      security(p, bytes + 16, p.to - bytes - 16, title)
      line = null
    } else if (!extended) {
      // Behind the challenge, at whatever place.
      const from = bytes + m.data[p.words + 33]!
      const domain = p.unicode ? utf16z(m.data, from, Math.min(p.to, from + MOST_NAME)).text : text(p, from).text
      if (domain !== '') out.fact('smb.primary_domain', domain, from, Math.min(p.to - from, 2 * domain.length))
    }
  } else if (command === SMB1.sessionSetup && wordCount === 4) {
    const length = word(p, 6)
    security(p, bytes, length, title)
    names(p, bytes + length, ['smb.native_os', 'smb.native_lanman', 'smb.primary_domain'])
    if (error !== '') out.line(error)
    return null
  } else if (command === SMB1.sessionSetup && wordCount === 3) {
    names(p, bytes, ['smb.native_os', 'smb.native_lanman', 'smb.primary_domain'])
  } else if (command === SMB1.treeConnect && wordCount >= 2) {
    const service = textFact(p, 'smb.service', bytes, false).text
    if (asked !== undefined && session.shares.get(p.tree) === undefined) out.fact('smb.path', asked.name)
    if (asked !== undefined)
      session.shares.set(p.tree, { path: asked.name, kind: 0, pipes: service === 'IPC' || isPipeShare(asked.name) })
  } else if (command === SMB1.ntCreate && wordCount >= 34) {
    const file = fidKey(word(p, 5))
    const size = m.view.getUint32(p.words + 55, true) + m.view.getUint32(p.words + 59, true) * 4_294_967_296
    if (asked !== undefined) session.open(file, asked.name, session.shares.get(p.tree), size)
    fid(p, 5)
    line += `, FID: ${file}`
  } else if (command === SMB1.openAndX && wordCount >= 15) {
    const file = fidKey(word(p, 4))
    if (asked !== undefined) session.open(file, asked.name, session.shares.get(p.tree), m.view.getUint32(p.words + 12, true))
    fid(p, 4)
    line += `, FID: ${file}`
  } else if (command === SMB1.close && asked !== undefined) {
    askedFile(p, asked.file)
    session.close(asked.file, out)
    line += `, FID: ${asked.file}`
  } else if (command === SMB1.readAndX && wordCount >= 12) {
    const length = word(p, 10) + word(p, 14) * 65_536
    const from = p.at + word(p, 12)
    if (asked !== undefined) {
      askedFile(p, asked.file)
      line += `, FID: ${asked.file}`
    }
    line += `, ${length} bytes`
    if (contents(p, asked?.file ?? '', from, Math.min(m.to, from + length), asked?.offset ?? 0, false)) return null
  } else if (command === SMB1.trans && wordCount >= 10) {
    const from = p.at + word(p, 14)
    if (asked?.kind === 0x26 && contents(p, asked.file, from, Math.min(p.to, from + word(p, 12)), 0, false)) return null
  } else if (command === SMB1.trans2 && asked !== undefined) {
    askedFile(p, asked.file)
    if (asked.kind === 1) out.fact('smb.search_pattern', asked.name)
    else if (asked.kind === 5 || asked.kind === 6) out.fact('smb.file', asked.name)
    line += `${asked.file === '' ? '' : `, FID: ${asked.file}`}, ${trans2Name(asked.kind)}`
  } else if (command === SMB1.writeAndX && asked !== undefined) askedFile(p, asked.file)
  return line + error
}
