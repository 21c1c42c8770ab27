/** What a command of the terminal is: one `*.command.ts` file each, found by glob in `cli.ts`. */
import { terminalLine, terminalText } from './terminal-text.ts'

export interface CommandOption {
  readonly type: 'string' | 'boolean'
  readonly multiple?: boolean
  /** Shown in --help: `<dir>`. */
  readonly value?: string
  readonly doc: string
}
export interface CommandInput {
  readonly positionals: readonly string[]
  text(name: string): string | undefined
  texts(name: string): readonly string[]
  flag(name: string): boolean
  /** A whole number within bounds; `undefined` where absent. Throws UsageError. */
  number(name: string, min: number, max: number): number | undefined
  /** Aborted by SIGINT or SIGTERM. */
  readonly signal: AbortSignal
}
export interface CommandDefinition {
  readonly name: string
  /** After the name: `<path>... --data <dir>`. */
  readonly usage: string
  readonly summary: string
  readonly options: Readonly<Record<string, CommandOption>>
  /** Gives the exit code: 0 only when all went well. Results to stdout, talk to stderr. */
  run(input: CommandInput): Promise<number>
}
export const defineCommand = (definition: CommandDefinition): CommandDefinition => definition

/** The command line is wrong: printed with a hint at --help, exit code 2. */
export class UsageError extends Error {}

/** Writes a result line, hidden characters escaped; waits while the reader of a pipe is behind; a closed pipe ends the program quietly. */
export async function out(line: string): Promise<void> {
  if (!process.stdout.write(`${terminalText(line)}\n`))
    await new Promise<void>((resolve) => process.stdout.once('drain', resolve))
}
/** Writes a line of talk, whatever it holds. */
export function talk(line: string): void {
  process.stderr.write(`${terminalLine(line)}\n`)
}
