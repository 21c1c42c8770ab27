import { resolve } from 'node:path'
import { importFiles } from '../importer.ts'
import { reasonOf } from '../read-problem.ts'
import { defineSource } from './define.ts'
import { sampleFile } from './sample-file.ts'

export default defineSource<'import'>({
  kind: 'import',
  title: 'Import',
  doc: 'Files and folders, read once. A file is known by its content: the same again adds nothing, one that was cut off or grew goes on where it stopped.',
  start({ input, settings, feed, importedContent, captures, state, warning }) {
    const abort = new AbortController()
    let waiting = 0
    state('running', null)
    const running = importFiles({
      paths: input.paths,
      feed,
      format: settings.format,
      zone: settings.zone,
      csv: settings.csv,
      importedContent,
      captures,
      signal: abort.signal,
      progress: ({ bytes, of }) => (waiting = of - bytes),
    })
      .then(async ({ skipped }) => {
        await feed.drained()
        waiting = 0
        if (abort.signal.aborted) return
        const failed = skipped.filter((each) => each.failed)
        if (failed.length > 0) warning(`${failed.length} could not be read, the first: ${failed[0]?.path}: ${failed[0]?.reason}`)
        if (feed.error === null) state('done', null)
        else state('failed', feed.error.message)
      })
      .catch((error: unknown) => state('failed', reasonOf(error)))
    return {
      waiting: () => waiting,
      async close() {
        abort.abort()
        await running
      },
    }
  },
  sample: ({ paths }) => sampleFile(resolve(paths[0] ?? '')),
})
