/** Runs a command of the terminal and keeps what it says: for tests. */
import { vi } from 'vitest'
import { runCommand } from '../cli.ts'

export interface Captured {
  readonly code: number
  readonly lines: readonly string[]
  readonly talk: string
}

export async function runCaptured(...args: string[]): Promise<Captured> {
  let [text, talk] = ['', '']
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((piece) => ((text += String(piece)), true))
  const stderr = vi.spyOn(process.stderr, 'write').mockImplementation((piece) => ((talk += String(piece)), true))
  try {
    const code = await runCommand(args, new AbortController().signal)
    return { code, lines: text.split('\n').filter(Boolean), talk }
  } finally {
    stdout.mockRestore()
    stderr.mockRestore()
  }
}
