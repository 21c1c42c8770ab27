/**
 * The directory of a zip file (APPNOTE 6.3), read with mistrust: what two programs could read in two ways is refused, and so is what a
 * pack has no use for.
 */
import { ok, type Result } from '../../../../shared/model/result.ts'
import { TakenNames, wrongName } from './entry-name.ts'
import { MAX_ARCHIVE, MOST_ENTRIES } from './limits.ts'
import type { Pace } from './pace.ts'
import { refuse, type Refused } from './refusal.ts'

export interface ZipEntry {
  readonly name: string
  readonly deflated: boolean
  readonly crc: number
  /** Bytes when unpacked, as the directory says. */
  readonly size: number
  /** As it lies in the archive. */
  readonly packed: Uint8Array
}

const LOCAL = 0x04034b50
const CENTRAL = 0x02014b50
const END = 0x06054b50
const LOCAL_SIZE = 30
const CENTRAL_SIZE = 46
const END_SIZE = 22
const MAX_COMMENT = 0xffff

const ENCRYPTED = 0x0001 | 0x0040 | 0x2000
const SIZES_BEHIND = 0x0008
const PATCHED = 0x0020
const UTF8 = 0x0800

const TYPE = 0xf000
const LINK = 0xa000
const FILE = 0x8000
const FOLDER = 0x4000

/** Files of an archive, in the order of its directory; folders are only looked at. The error names the entry. */
export async function zipEntries(archive: Uint8Array, pace: Pace): Promise<Result<ZipEntry[]>> {
  if (archive.length > MAX_ARCHIVE) return refuse('', `the archive is longer than ${MAX_ARCHIVE} bytes`)
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength)
  const end = findEnd(view)
  if (end < 0) return refuse('', 'no zip file, or something stands behind its end')
  const count = view.getUint16(end + 10, true)
  const length = view.getUint32(end + 12, true)
  const start = view.getUint32(end + 16, true)
  if (count === 0xffff || length === 0xffffffff || start === 0xffffffff) return refuse('', 'zip64 is not taken')
  if (view.getUint16(end + 4, true) !== 0 || view.getUint16(end + 6, true) !== 0 || view.getUint16(end + 8, true) !== count)
    return refuse('', 'an archive of several parts')
  if (count > MOST_ENTRIES) return refuse('', `more than ${MOST_ENTRIES} entries`)
  if (start + length !== end) return refuse('', 'its directory is not where it says')
  const entries: ZipEntry[] = []
  const names = new TakenNames()
  const spans: { readonly name: string; readonly from: number; readonly to: number }[] = []
  let at = start
  for (let n = 0; n < count; n++) {
    await pace.rest()
    if (at + CENTRAL_SIZE > end || view.getUint32(at, true) !== CENTRAL)
      return refuse('', `its directory is damaged at entry ${n + 1}`)
    const nameLength = view.getUint16(at + 28, true)
    const next = at + CENTRAL_SIZE + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
    if (next > end) return refuse('', `its directory is damaged at entry ${n + 1}`)
    const nameBytes = archive.subarray(at + CENTRAL_SIZE, at + CENTRAL_SIZE + nameLength)
    const read = readEntry(archive, view, at, nameBytes, start)
    if (!read.ok) return read
    const { name, folder, from, to, entry } = read.value
    spans.push({ name, from, to })
    if (!folder) {
      const taken = names.add(name)
      if (taken !== null) return refuse(name, taken)
      entries.push(entry)
    }
    at = next
  }
  if (at !== end) return refuse('', 'its directory is longer than its entries')
  spans.sort((a, b) => a.from - b.from)
  for (const [i, span] of spans.entries()) {
    const before = spans[i - 1]
    if (before !== undefined && span.from < before.to) return refuse(span.name, `lies over ${before.name} in the archive`)
  }
  return ok(entries)
}

/** Offset of the end record that reaches exactly to the last byte; -1 where there is none. */
function findEnd(view: DataView): number {
  const last = view.byteLength - END_SIZE
  for (let at = last; at >= Math.max(0, last - MAX_COMMENT); at--)
    if (view.getUint32(at, true) === END && at + END_SIZE + view.getUint16(at + 20, true) === view.byteLength) return at
  return -1
}

interface Read {
  readonly name: string
  readonly folder: boolean
  /** Where it lies, with its header. */
  readonly from: number
  readonly to: number
  readonly entry: ZipEntry
}

/** `at`: its place in the directory; `end`: where the directory begins, so entries must end there. */
function readEntry(archive: Uint8Array, view: DataView, at: number, nameBytes: Uint8Array, end: number): Result<Read> {
  const flags = view.getUint16(at + 8, true)
  const method = view.getUint16(at + 10, true)
  const crc = view.getUint32(at + 16, true)
  const packed = view.getUint32(at + 20, true)
  const size = view.getUint32(at + 24, true)
  const local = view.getUint32(at + 42, true)
  const type = (view.getUint32(at + 38, true) >>> 16) & TYPE
  const decoded = decodeName(nameBytes, (flags & UTF8) !== 0)
  if (!decoded.ok) return decoded
  const folder = decoded.value.endsWith('/')
  const name = folder ? decoded.value.slice(0, -1) : decoded.value
  const wrong = wrongName(name)
  if (wrong !== null) return refuse(decoded.value, wrong)
  if ((flags & ENCRYPTED) !== 0) return refuse(name, 'is encrypted')
  if ((flags & PATCHED) !== 0 || (method !== 0 && method !== 8))
    return refuse(name, `packed in a way that is not taken (method ${method})`)
  if (type === LINK) return refuse(name, 'is a symbolic link')
  if (type !== 0 && type !== (folder ? FOLDER : FILE)) return refuse(name, 'is neither file nor folder')
  if (packed === 0xffffffff || size === 0xffffffff || local === 0xffffffff) return refuse(name, 'zip64 is not taken')
  if (view.getUint16(at + 34, true) !== 0) return refuse(name, 'lies in another part of the archive')
  if (method === 0 && packed !== size) return refuse(name, 'two sizes of one stored file')
  if (folder && size !== 0) return refuse(name, 'a folder with bytes')
  const agreed = checkLocal(archive, view, { name, nameBytes, flags, method, crc, packed, size, local, end })
  if (!agreed.ok) return agreed
  const data = agreed.value
  return ok({
    name,
    folder,
    from: local,
    to: data + packed,
    entry: { name, deflated: method === 8, crc, size, packed: archive.subarray(data, data + packed) },
  })
}

/** Where its bytes begin; refused where its own header says something else than the directory. */
function checkLocal(
  archive: Uint8Array,
  view: DataView,
  said: {
    readonly name: string
    readonly nameBytes: Uint8Array
    readonly flags: number
    readonly method: number
    readonly crc: number
    readonly packed: number
    readonly size: number
    readonly local: number
    readonly end: number
  },
): Result<number> {
  const { name, local, end } = said
  const other = (): Refused => refuse(name, 'its header says something else than the directory')
  if (local + LOCAL_SIZE > end || view.getUint32(local, true) !== LOCAL) return refuse(name, 'is not where the directory says')
  const data = local + LOCAL_SIZE + view.getUint16(local + 26, true) + view.getUint16(local + 28, true)
  if (data + said.packed > end) return refuse(name, 'reaches into the directory')
  const named = archive.subarray(local + LOCAL_SIZE, local + LOCAL_SIZE + view.getUint16(local + 26, true))
  if (Buffer.compare(named, said.nameBytes) !== 0) return other()
  const flags = view.getUint16(local + 6, true)
  if ((flags & (ENCRYPTED | PATCHED)) !== 0 || view.getUint16(local + 8, true) !== said.method) return other()
  // Written before its sizes were known: they stand behind it.
  const later = (flags & SIZES_BEHIND) !== 0
  const fits = (offset: number, value: number): boolean => {
    const there = view.getUint32(local + offset, true)
    return there === value || (later && (there === 0 || there === 0xffffffff))
  }
  return fits(14, said.crc) && fits(18, said.packed) && fits(22, said.size) ? ok(data) : other()
}

function decodeName(bytes: Uint8Array, utf8: boolean): Result<string> {
  try {
    return ok(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch {
    const name = Buffer.from(bytes).toString('latin1')
    return refuse(name, utf8 ? 'the name is no UTF-8' : 'the name is in an old character set; pack it anew with UTF-8 names')
  }
}
