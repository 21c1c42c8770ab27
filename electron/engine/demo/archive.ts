/** The archive that leaves the company: a real ZIP (stored, APPNOTE 6.3), so that whoever carves it can open it. */
import { crc32 } from 'node:zlib'
import { concat, le16, le32, utf8 } from './payload.ts'
import { Random } from './random.ts'

const ACCOUNTS = ['flour mill', 'dairy', 'packaging', 'freight', 'energy', 'rent', 'wages', 'cleaning', 'repairs', 'advertising']

function ledger(random: Random, month: number, lines: number): Uint8Array {
  let text = 'date,voucher,account,text,debit,credit\n'
  for (let i = 0; i < lines; i++) {
    const day = String(random.int(1, 28)).padStart(2, '0')
    const amount = `${random.int(10, 48_000)}.${String(random.int(0, 99)).padStart(2, '0')}`
    const side = random.chance(0.5) ? `${amount},` : `,${amount}`
    text += `2026-${String(month).padStart(2, '0')}-${day},${random.int(100_000, 999_999)},${random.int(1000, 8999)},${random.pick(ACCOUNTS)},${side}\n`
  }
  return utf8(text)
}

export interface ArchiveEntry {
  readonly name: string
  readonly bytes: Uint8Array
}

/** ZIP without compression: the same bytes whatever the compressor's version. */
export function zip(entries: readonly ArchiveEntry[]): Uint8Array {
  const parts: Uint8Array[] = []
  const directory: Uint8Array[] = []
  let offset = 0
  for (const { name, bytes } of entries) {
    const path = utf8(name)
    // 2026-10-05 08:00:00 in DOS form.
    const common = concat(
      le16(20),
      le16(0x800),
      le16(0),
      le16(8 << 11),
      le16(((2026 - 1980) << 9) | (10 << 5) | 5),
      le32(crc32(bytes)),
      le32(bytes.length),
      le32(bytes.length),
      le16(path.length),
      le16(0),
    )
    const local = concat(le32(0x04034b50), common, path)
    directory.push(concat(le32(0x02014b50), le16(20), common, le16(0), le16(0), le16(0), le32(0x20), le32(offset), path))
    parts.push(local, bytes)
    offset += local.length + bytes.length
  }
  const central = concat(...directory)
  const end = concat(
    le32(0x06054b50),
    le16(0),
    le16(0),
    le16(entries.length),
    le16(entries.length),
    le32(central.length),
    le32(offset),
    le16(0),
  )
  return concat(...parts, central, end)
}

/** `arc-0417.zip`: the third quarter of the ledger, as the seed has it. */
export function stolenArchive(seed: number): Uint8Array {
  const random = new Random(`${seed}/archive`)
  return zip([
    { name: 'finance/q3/ledger-07.csv', bytes: ledger(random, 7, 9_000) },
    { name: 'finance/q3/ledger-08.csv', bytes: ledger(random, 8, 9_400) },
    { name: 'finance/q3/ledger-09.csv', bytes: ledger(random, 9, 9_200) },
    { name: 'finance/q3/suppliers.csv', bytes: ledger(random, 9, 1_200) },
    { name: 'finance/q3/readme.txt', bytes: utf8('Third quarter, closed on 5 October. Questions: a.berg\n') },
  ])
}
