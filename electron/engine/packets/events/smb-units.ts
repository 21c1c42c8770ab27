/** What a packet's facts say of SMB 1 and 2, by request and answer. */
import { nameOf, numberOf, textOf, type Said } from './define.ts'

/** One request or answer of a frame. */
export interface SmbUnit {
  readonly old: boolean
  command: number
  response: boolean
  status: number
  id: string
  tree: string
  pipe: boolean
  printer: boolean
  name: string
  file: string
  action: number
}

export function smbUnits(said: Said): SmbUnit[] {
  const found: SmbUnit[] = []
  let one: SmbUnit | undefined
  for (const fact of said.facts) {
    const field = nameOf(fact)
    if (field === 'smb2.cmd' || (field === 'smb.cmd' && (one === undefined || one.id !== ''))) {
      const old = field === 'smb.cmd'
      one = {
        old,
        command: numberOf(fact),
        response: false,
        status: 0,
        id: '',
        tree: '',
        pipe: false,
        printer: false,
        name: '',
        file: '',
        action: -1,
      }
      found.push(one)
      continue
    }
    if (one === undefined) continue
    switch (field) {
      case 'smb2.flags.response':
      case 'smb.flags.response':
        one.response = fact.value === true
        break
      case 'smb2.nt_status':
      case 'smb.nt_status':
        one.status = numberOf(fact)
        break
      case 'smb2.msg_id':
      case 'smb.mid':
        one.id = textOf(fact)
        break
      case 'smb2.tree':
      case 'smb.path':
        one.tree = textOf(fact)
        break
      case 'smb2.share_type':
        one.pipe = numberOf(fact) === 2
        one.printer = numberOf(fact) === 3
        break
      case 'smb2.filename':
      case 'smb.file':
        one.name = textOf(fact)
        break
      case 'smb2.fid':
      case 'smb.fid':
        one.file = textOf(fact)
        break
      case 'smb2.create.action':
        one.action = numberOf(fact)
        break
      default:
    }
  }
  return found
}
