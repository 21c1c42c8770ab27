/** The engine from a terminal: `watchfloor <command>`. */
import { parseArgs } from 'node:util'
import { UsageError, talk, type CommandDefinition, type CommandInput } from './commands/define.ts'
import { terminalText } from './commands/terminal-text.ts'

const found = import.meta.glob<CommandDefinition>('./commands/*.command.ts', { eager: true, import: 'default' })
const commands = new Map(Object.values(found).map((command) => [command.name, command]))

function help(): string {
  const lines = [...commands.values()]
    .sort((a, b) => a.name.localeCompare(b.name))
    .map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}`)
  return `usage: watchfloor <command> [options]\n\n${lines.join('\n')}\n\nwatchfloor <command> --help says more. Results go to stdout, talk to stderr; the exit code is 0 only when all went well.`
}

function commandHelp(command: CommandDefinition): string {
  const options = Object.entries(command.options).map(([name, { value, doc, multiple }]) => {
    const left = `--${name}${value ? ` ${value}` : ''}`
    return `  ${left.padEnd(22)} ${doc}${multiple ? ' (may be repeated)' : ''}`
  })
  return `usage: watchfloor ${command.name} ${command.usage}\n\n${command.summary}\n${options.length > 0 ? `\n${options.join('\n')}` : ''}`
}

function inputOf(command: CommandDefinition, args: string[], signal: AbortSignal): CommandInput {
  let parsed
  try {
    parsed = parseArgs({
      args,
      allowPositionals: true,
      options: Object.fromEntries(
        Object.entries(command.options).map(([name, { type, multiple }]) => [name, { type, multiple: multiple ?? false }]),
      ),
    })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
  const value = (name: string): unknown => (parsed.values as Record<string, unknown>)[name]
  return {
    positionals: parsed.positionals,
    text: (name) => (typeof value(name) === 'string' ? (value(name) as string) : undefined),
    texts: (name) => (Array.isArray(value(name)) ? (value(name) as string[]) : []),
    flag: (name) => value(name) === true,
    number: (name, min, max) => {
      const text = value(name)
      if (text === undefined) return undefined
      const number = Number(text)
      if (!Number.isInteger(number) || number < min || number > max)
        throw new UsageError(`--${name} takes a whole number from ${min} to ${max}`)
      return number
    },
    signal,
  }
}

/** Runs one command; gives the exit code. 2 is a wrong command line. */
export async function runCommand(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const [name, ...args] = argv
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(`${help()}\n`)
    return name === undefined ? 2 : 0
  }
  const command = commands.get(name)
  if (!command) {
    talk(`watchfloor: there is no command '${name}'`)
    process.stderr.write(`\n${help()}\n`)
    return 2
  }
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(`${commandHelp(command)}\n`)
    return 0
  }
  try {
    return await command.run(inputOf(command, args, signal))
  } catch (error) {
    if (error instanceof UsageError) {
      talk(`watchfloor ${name}: ${error.message}`)
      talk(`watchfloor ${name} --help says more.`)
      return 2
    }
    process.stderr.write(
      `watchfloor ${name}: ${terminalText(error instanceof Error ? (error.stack ?? error.message) : String(error))}\n`,
    )
    return 1
  }
}

if (import.meta.main) {
  const abort = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => abort.abort())
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))
  process.exitCode = await runCommand(process.argv.slice(2), abort.signal)
}
