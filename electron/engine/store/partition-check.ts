/** The thorough check of a partition: SQLite's own, and the checksums of every block. Reads the whole file. */
import { BlockReader, pieceStatement } from './block-reader.ts'
import { isDamage, openForReading } from './database.ts'
import { GoneError } from './damage.ts'
import { Head } from './head.ts'

/** False where the file is damaged. Other errors (busy, no room, no rights) are no damage. */
export function checkPartition(path: string): boolean {
  try {
    const db = openForReading(path)
    try {
      if (db.pragma('quick_check(1)', { simple: true }) !== 'ok') return false
      db.prepare('BEGIN').run()
      const pieces = pieceStatement(db)
      for (const { head: bytes } of db.prepare('SELECT head FROM block WHERE replaced_at IS NULL').iterate() as Iterable<{
        head: Uint8Array
      }>) {
        const head = new Head(bytes)
        const reader = new BlockReader(head, pieces)
        for (let i = 0; i < head.columns; i++) reader.column(head.field(i))
        for (let at = 0; at < head.filterBytes;) at += reader.filterPart(at).length
        for (let i = 0; i < head.chunks; i++) reader.rawChunk(head.chunk(i).piece)
        if (head.columns > 0) reader.textFilter(0)
        reader.places()
      }
      return true
    } finally {
      db.close()
    }
  } catch (error) {
    return !isDamage(error) && !(error instanceof GoneError)
  }
}
