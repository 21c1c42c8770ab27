/** What another process takes of the machine's memory, where that can be seen without asking it. */
import { readFile } from 'node:fs/promises'

/** Resident bytes; null on systems that do not tell, and of a process that is gone. */
export async function memoryOf(pid: number): Promise<number | null> {
  if (process.platform !== 'linux') return null
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'latin1'))?.[1]
    return kilobytes === undefined ? null : Number(kilobytes) * 1024
  } catch {
    return null
  }
}
