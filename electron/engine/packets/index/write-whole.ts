/** A write that is whole: a disk that fills up takes a part first, and says nothing. */
import { writeSync } from 'node:fs'

/** Writes `bytes` from byte `position` of the file on. Throws the file system's error where not all of them fit. */
export function writeWhole(fd: number, bytes: Uint8Array, position: number): void {
  for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at, bytes.length - at, position + at)
}
