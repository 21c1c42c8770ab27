/** A file that was seen in a flow: its bytes are hashed and let go. */
import { hash } from 'node:crypto'
import type { FoundObject } from '../decode/define.ts'
import { typeOfBytes } from './type-of-bytes.ts'

export interface TransferredFile {
  readonly id: string
  readonly kind: FoundObject['kind'] | 'mail part'
  /** Without folders. */
  readonly name: string
  readonly type: string
  readonly size: number
  readonly complete: boolean
  readonly md5: string
  readonly sha1: string
  readonly sha256: string
}

const SOURCES: Readonly<Record<TransferredFile['kind'], string>> = {
  http: 'HTTP',
  smb: 'SMB',
  tftp: 'TFTP',
  'ftp-data': 'FTP_DATA',
  imf: 'SMTP',
  'mail part': 'SMTP',
}
/** Zeek's word for what carried it. */
export const sourceOf = ({ kind }: TransferredFile): string => SOURCES[kind]

export function transferredFile(
  id: string,
  { kind, name, type, bytes, complete }: Omit<FoundObject, 'host' | 'kind'> & { readonly kind: TransferredFile['kind'] },
): TransferredFile {
  const found = typeOfBytes(bytes)
  return {
    id,
    kind,
    name,
    // What the bytes are counts more than what was said of them; what they are not, does not.
    type: found === '' ? type : found,
    size: bytes.length,
    complete,
    md5: hash('md5', bytes),
    sha1: hash('sha1', bytes),
    sha256: hash('sha256', bytes),
  }
}
