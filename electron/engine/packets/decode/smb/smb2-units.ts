/** Requests and answers of SMB2 (MS-SMB2, section 2.2), one at a time. */
import type { Facts, Message } from '../define.ts'
import { guid, utf16 } from '../little-endian.ts'
import { statusName } from '../nt-status.ts'
import { isPipeShare, type Asked, type SmbSession } from './session.ts'
import { COMMAND, controlName, findName, FSCTL_PIPE_TRANSCEIVE, infoName, SMB2_COMMANDS } from './smb2-commands.ts'

export const HEADER = 64
const MOST_NAME = 4096
const STATUS_PENDING = 0x103
const STATUS_BUFFER_OVERFLOW = 0x80000005

/** One request or answer. */
interface Unit {
  readonly m: Message
  readonly session: SmbSession
  readonly out: Facts
  /** Its header, its body, and what is behind it. */
  readonly at: number
  readonly body: number
  readonly to: number
  readonly id: number
  readonly share: string
  /** Lines of the frame: this one's is added. */
  readonly lines: string[]
}

const u64 = (view: DataView, at: number): number => view.getUint32(at + 4, true) * 4_294_967_296 + view.getUint32(at, true)
/** Exact, also where no number holds it. */
const exact = (view: DataView, at: number): number | bigint =>
  view.getUint32(at + 4, true) > 0x1fffff ? view.getBigUint64(at, true) : u64(view, at)

/** A buffer that the body states: offset (from the header on) at `place`, length at `place + 2`. */
function buffer({ m: { view }, at, to }: Unit, place: number): { readonly from: number; readonly to: number } {
  const from = at + view.getUint16(place, true)
  const length = view.getUint16(place + 2, true)
  return from < at + HEADER || from > to ? { from: to, to } : { from, to: Math.min(to, from + Math.min(length, 65_535)) }
}

function fact({ out }: Unit, field: string, value: number | string, from: number, length: number): void {
  out.fact(field, value, from, length)
}

/** The file that a handle at `place` names, as a fact; '' where the frame ends before. */
function handle(u: Unit, place: number): string {
  if (place + 16 > u.to) return ''
  const file = guid(u.m.data, place)
  fact(u, 'smb2.fid', file, place, 16)
  return file
}
const nameOf = (u: Unit, file: string): string => u.session.files.get(file)?.name ?? ''
const ofFile = (name: string | undefined): string => (name === undefined || name === '' ? '' : ` File: ${name}`)

function security(u: Unit, place: number, line: string): void {
  const { from, to } = buffer(u, place)
  u.lines.push(line)
  if (from >= to) return
  // What is inside adds to the line.
  u.out.line(u.lines.join(';'))
  u.lines.length = 0
  u.out.inner(u.m.data[from] === 0x4e && u.m.data[from + 1] === 0x54 ? 'ntlmssp' : 'gss-api', u.m.data, from, to)
  u.out.protocol('SMB2')
}

/** Fixed part of a request's body (MS-SMB2, section 2.2), without what is variable. */
const REQUEST_SIZES = [36, 24, 4, 8, 4, 56, 24, 24, 48, 48, 24, 56, 4, 4, 32, 32, 40, 32, 24]
const ANSWER_SIZES = [64, 8, 4, 16, 4, 88, 60, 4, 16, 16, 4, 48, 4, 4, 8, 8, 8, 2, 24]

function request(u: Unit, command: number): void {
  const { m, session, body, to, out } = u
  const { view, data } = m
  const title = `${SMB2_COMMANDS[command]} Request`
  let [name, file, offset, kind] = ['', '', 0, 0]
  let line = title
  if (body + REQUEST_SIZES[command]! > to) {
    u.lines.push(title)
    return
  }
  switch (command) {
    case COMMAND.negotiate: {
      const count = Math.min(view.getUint16(body + 2, true), 64)
      for (let i = body + 36; i < body + 36 + 2 * count && i + 2 <= to; i += 2)
        fact(u, 'smb2.dialect', view.getUint16(i, true), i, 2)
      break
    }
    case COMMAND.sessionSetup:
      security(u, body + 12, title)
      line = ''
      break
    case COMMAND.treeConnect: {
      const place = buffer(u, body + 4)
      name = utf16(data, place.from, Math.min(place.to, place.from + MOST_NAME))
      fact(u, 'smb2.tree', name, place.from, place.to - place.from)
      line += ` Tree: ${name}`
      break
    }
    case COMMAND.create: {
      const place = buffer(u, body + 44)
      name = utf16(data, place.from, Math.min(place.to, place.from + MOST_NAME))
      fact(u, 'smb2.create.disposition', view.getUint32(body + 36, true), body + 36, 4)
      fact(u, 'smb2.filename', name, place.from, place.to - place.from)
      line += ` File: ${name}`
      break
    }
    case COMMAND.close:
    case COMMAND.flush:
    case COMMAND.notify:
      file = handle(u, body + 8)
      line += ofFile(nameOf(u, file))
      break
    case COMMAND.read: {
      const length = view.getUint32(body + 4, true)
      offset = u64(view, body + 8)
      fact(u, 'smb2.read_length', length, body + 4, 4)
      out.fact('smb2.file_offset', exact(view, body + 8), body + 8, 8)
      file = handle(u, body + 16)
      line += ` Len:${length} Off:${offset}${ofFile(nameOf(u, file))}`
      break
    }
    case COMMAND.write: {
      const length = view.getUint32(body + 4, true)
      offset = u64(view, body + 8)
      fact(u, 'smb2.write_length', length, body + 4, 4)
      out.fact('smb2.file_offset', exact(view, body + 8), body + 8, 8)
      file = handle(u, body + 16)
      line += ` Len:${length} Off:${offset}${ofFile(nameOf(u, file))}`
      const from = u.at + view.getUint16(body + 2, true)
      if (contents(u, file, from, Math.min(to, from + length), offset, true)) line = ''
      break
    }
    case COMMAND.ioctl: {
      kind = view.getUint32(body + 4, true)
      fact(u, 'smb2.ioctl.function', kind, body + 4, 4)
      file = handle(u, body + 8)
      line += ` ${controlName(kind)}${ofFile(nameOf(u, file))}`
      const from = u.at + view.getUint32(body + 24, true)
      if (
        kind === FSCTL_PIPE_TRANSCEIVE &&
        from >= body &&
        u.session.pipe(file, 0, data, from, Math.min(to, from + view.getUint32(body + 28, true)), out)
      )
        line = ''
      break
    }
    case COMMAND.find: {
      kind = data[body + 2]!
      file = handle(u, body + 8)
      const place = buffer(u, body + 24)
      name = utf16(data, place.from, Math.min(place.to, place.from + MOST_NAME))
      if (place.to > place.from) fact(u, 'smb2.find.pattern', name, place.from, place.to - place.from)
      line += `${ofFile(nameOf(u, file))} ${findName(kind)} Pattern: ${name}`
      break
    }
    case COMMAND.getInfo:
      file = handle(u, body + 24)
      line += ` ${infoName(data[body + 2]!, data[body + 3]!)}${ofFile(nameOf(u, file))}`
      break
    case COMMAND.setInfo: {
      file = handle(u, body + 16)
      line += ` ${infoName(data[body + 2]!, data[body + 3]!)}${ofFile(nameOf(u, file))}`
      const from = u.at + view.getUint16(body + 8, true)
      // A new name: the classes of renaming and linking have the same shape.
      if (data[body + 2] === 1 && (data[body + 3] === 10 || data[body + 3] === 11) && from >= body && from + 20 <= to)
        line += ` NewName:${utf16(data, from + 20, Math.min(to, from + 20 + Math.min(MOST_NAME, view.getUint32(from + 16, true))))}`
      break
    }
  }
  if (line !== '') u.lines.push(line)
  session.asked.set(u.id, { command, name, file, offset, kind })
}

/** Bytes of a file or pipe that was read or written; true where another decoder read them. */
function contents(u: Unit, file: string, from: number, to: number, offset: number, written: boolean): boolean {
  if (from < u.body || from >= to) return false
  const open = u.session.files.get(file)
  const share = open?.share ?? u.session.shares.get(u.share)
  if (share?.pipes === true) return u.session.pipe(file, written ? 0 : 1, u.m.data, from, to, u.out)
  if (open !== undefined) u.session.bytes(open, offset, u.m.data.subarray(from, to), written, u.out)
  if (share !== undefined) u.out.layer('data')
  return false
}

function answer(u: Unit, command: number, status: number): void {
  const { m, session, body, to, out } = u
  const { view, data } = m
  const title = `${SMB2_COMMANDS[command]} Response`
  const asked: Asked | undefined = status === STATUS_PENDING ? undefined : session.asked.take(u.id)
  const bad =
    (status !== 0 && command !== COMMAND.sessionSetup && status !== STATUS_BUFFER_OVERFLOW) || body + ANSWER_SIZES[command]! > to
  const error = status === 0 ? '' : `, Error: ${statusName(status)}`
  let line = `${title}${error}`
  if (command === COMMAND.find && asked !== undefined) line += ` ${findName(asked.kind)} Pattern: ${asked.name}`
  if (bad) {
    u.lines.push(line)
    return
  }
  switch (command) {
    case COMMAND.negotiate:
      fact(u, 'smb2.dialect', view.getUint16(body + 4, true), body + 4, 2)
      security(u, body + 56, line)
      line = ''
      break
    case COMMAND.sessionSetup:
      // An error's body has another shape, except where the negotiation goes on.
      if (status === 0 || view.getUint16(body, true) === 9) {
        security(u, body + 4, line)
        line = ''
      }
      break
    case COMMAND.treeConnect: {
      const kind = data[body + 2]!
      fact(u, 'smb2.share_type', kind, body + 2, 1)
      if (asked !== undefined)
        session.shares.set(u.share, { path: asked.name, kind, pipes: kind === 2 || isPipeShare(asked.name) })
      break
    }
    case COMMAND.create: {
      fact(u, 'smb2.create.action', view.getUint32(body + 4, true), body + 4, 4)
      const file = handle(u, body + 64)
      if (asked !== undefined && file !== '') {
        session.open(file, asked.name, session.shares.get(u.share), u64(view, body + 48))
        line += ` File: ${asked.name}`
      }
      break
    }
    case COMMAND.close:
      if (asked !== undefined) session.close(asked.file, out)
      break
    case COMMAND.read: {
      const from = u.at + data[body + 2]!
      const length = view.getUint32(body + 4, true)
      if (contents(u, asked?.file ?? '', from, Math.min(to, from + length), asked?.offset ?? 0, false)) line = ''
      break
    }
    case COMMAND.ioctl: {
      const kind = view.getUint32(body + 4, true)
      fact(u, 'smb2.ioctl.function', kind, body + 4, 4)
      // An answer may name no file; its request does.
      const named = handle(u, body + 8)
      const file = asked?.file ?? named
      line += ` ${controlName(kind)}`
      const from = u.at + view.getUint32(body + 32, true)
      if (
        kind === FSCTL_PIPE_TRANSCEIVE &&
        from >= body &&
        session.pipe(file, 1, data, from, Math.min(to, from + view.getUint32(body + 36, true)), out)
      )
        line = ''
      break
    }
  }
  if (line !== '') u.lines.push(line)
}

/** One unit of a frame: header, then request or answer. */
export function readUnit(m: Message, at: number, to: number, session: SmbSession, out: Facts, lines: string[]): void {
  const { view } = m
  const status = view.getUint32(at + 8, true)
  const command = view.getUint16(at + 12, true)
  const flags = view.getUint32(at + 16, true)
  const response = (flags & 1) !== 0
  out.fact('smb2.cmd', command, at + 12, 2)
  if (response) out.fact('smb2.nt_status', status, at + 8, 4)
  out.fact('smb2.flags.response', response, at + 16, 4)
  out.fact('smb2.msg_id', exact(view, at + 24), at + 24, 8)
  const asynchronous = (flags & 2) !== 0
  const tree = asynchronous ? -1 : view.getUint32(at + 36, true)
  if (!asynchronous) out.fact('smb2.tid', tree, at + 36, 4)
  out.fact('smb2.sesid', exact(view, at + 40), at + 40, 8)
  if (command >= SMB2_COMMANDS.length) {
    lines.push(`unknown command ${command}`)
    return
  }
  const share = `${view.getUint32(at + 40, true)} ${view.getUint32(at + 44, true)} ${tree}`
  const connected = command === COMMAND.treeConnect ? undefined : session.shares.get(share)
  if (connected !== undefined) {
    out.fact('smb2.tree', connected.path)
    out.fact('smb2.share_type', connected.kind)
  }
  const u: Unit = { m, session, out, at, body: at + HEADER, to, id: u64(view, at + 24), share, lines }
  if (response) answer(u, command, status)
  else request(u, command)
  if (response && command === COMMAND.treeDisconnect && status === 0) session.shares.delete(share)
}
