import { DEFAULT_START, writeDemo } from '../demo/write-demo.ts'
import { UsageError, defineCommand, out, talk } from './define.ts'

export default defineCommand({
  name: 'demo',
  usage: '--out <dir> [--seed N] [--minutes N]',
  summary: "Writes the demonstration's files: EVE JSON, Zeek, syslog, Windows events, a capture and the manifest.",
  options: {
    out: { type: 'string', value: '<dir>', doc: 'folder to write to; made where it is missing' },
    seed: { type: 'string', value: 'N', doc: 'the same seed gives the same bytes (default 1)' },
    minutes: { type: 'string', value: 'N', doc: 'length, 1 to 1440 (default 30)' },
  },
  async run(input) {
    const folder = input.text('out')
    if (!folder || input.positionals.length > 0) throw new UsageError('say where to: --out <dir>')
    const minutes = input.number('minutes', 1, 1440) ?? 30
    const manifest = await writeDemo(folder, {
      seed: input.number('seed', 0, 2 ** 31 - 1) ?? 1,
      minutes,
      start: DEFAULT_START,
      signal: input.signal,
      progress: ({ minute, of, records }) => {
        if (minute % 10 === 0 || minute === of) talk(`minute ${minute} of ${of}, ${records} records`)
      },
    })
    await out(JSON.stringify(manifest))
    return 0
  },
})
