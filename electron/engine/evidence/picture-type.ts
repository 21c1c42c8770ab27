/** What a picture is by its first bytes. Only what a browser draws without running anything; never by its name. */
import type { PictureType } from '../../../shared/incident-evidence-contract.ts'

const begins = (head: Uint8Array, at: number, ...bytes: readonly number[]): boolean =>
  bytes.every((byte, i) => head[at + i] === byte)
const RIFF = [0x52, 0x49, 0x46, 0x46]
const WEBP = [0x57, 0x45, 0x42, 0x50]

/** `head`: at least its first 12 bytes. */
export function pictureTypeOf(head: Uint8Array): PictureType | null {
  if (begins(head, 0, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png'
  if (begins(head, 0, 0xff, 0xd8, 0xff)) return 'image/jpeg'
  if (begins(head, 0, 0x47, 0x49, 0x46, 0x38) && (head[4] === 0x37 || head[4] === 0x39) && head[5] === 0x61) return 'image/gif'
  if (begins(head, 0, ...RIFF) && begins(head, 8, ...WEBP)) return 'image/webp'
  return null
}
