import { defineCommand, UsageError, type CommandOption } from './define.ts'
import type { Subcommand } from './incident/subcommand.ts'

const found = import.meta.glob<Subcommand>('./incident/*.subcommand.ts', { eager: true, import: 'default' })
const subcommands = Object.values(found).sort((a, b) => a.name.localeCompare(b.name))

export default defineCommand({
  name: 'incident',
  usage: subcommands.map(({ name, usage }) => `${name} ${usage}`).join('\n       watchfloor incident '),
  summary: subcommands.map(({ name, summary }) => `${name}: ${summary}`).join('\n'),
  options: {
    data: { type: 'string', value: '<dir>', doc: 'data folder' },
    json: { type: 'boolean', doc: 'as JSON' },
    ...Object.fromEntries(subcommands.flatMap(({ options }): [string, CommandOption][] => Object.entries(options))),
  },
  run(input) {
    const [name, ...positionals] = input.positionals
    const subcommand = subcommands.find((one) => one.name === name)
    if (!subcommand) throw new UsageError(`say what: ${subcommands.map((one) => one.name).join(', ')}`)
    return subcommand.run(input, positionals)
  },
})
