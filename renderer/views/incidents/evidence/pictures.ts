/** Pictures of evidence as addresses of this page alone: made of bytes that the engine gives, told by what they are, never by a name. */
import { MOST_WINDOW, type PictureType } from '../../../../shared/incident-evidence-contract.ts'
import type { WatchfloorClient } from '../../../client/types.ts'

/** A larger one is not drawn. */
export const MOST_PICTURE = 32 * 1024 * 1024
const MOST_KEPT = 40

const kept = new Map<string, Promise<string | null>>()

export async function readWhole(
  client: WatchfloorClient,
  opening: string,
  bytes: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const whole = new Uint8Array(bytes)
  for (let from = 0; from < bytes;) {
    const read = await client.query('incidents.readEvidence', { opening, from, count: Math.min(MOST_WINDOW, bytes - from) })
    if (!read.ok) return null
    const piece = bytesOf(read.value.base64)
    if (piece.length === 0) return null
    whole.set(piece.subarray(0, bytes - from), from)
    from += piece.length
  }
  return whole
}

export const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (one) => one.charCodeAt(0))

/** The address of an open item that is a picture; null where it is none, too large, or gone. */
export async function pictureOf(
  client: WatchfloorClient,
  { opening, bytes, picture }: { opening: string; bytes: number; picture: PictureType | null },
): Promise<string | null> {
  if (picture === null || bytes > MOST_PICTURE) return null
  const whole = await readWhole(client, opening, bytes)
  return whole === null ? null : URL.createObjectURL(new Blob([whole], { type: picture }))
}

/** Of an item in a note: opened once for this window, which the ledger tells of once. */
export function notePicture(client: WatchfloorClient, number: string, id: string): Promise<string | null> {
  const key = `${number} ${id}`
  const known = kept.get(key)
  if (known) return known
  const loading = client.command('incidents.openEvidence', { number, id }).then(async (opened) => {
    const address = opened.ok ? await pictureOf(client, opened.value) : null
    // What could not be read now may be there later.
    if (address === null) kept.delete(key)
    return address
  })
  kept.set(key, loading)
  for (const [old, address] of kept) {
    if (kept.size <= MOST_KEPT) break
    kept.delete(old)
    void address.then((one) => one !== null && URL.revokeObjectURL(one))
  }
  return loading
}
