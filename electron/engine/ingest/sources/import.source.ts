import { resolve } from 'node:path'
import { say } from '../../../../shared/model/sentence.ts'
import { importFiles } from '../importer.ts'
import { sentenceOf } from '../read-problem.ts'
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
        const [first] = failed
        if (first !== undefined) warning(say('import_unread', { count: failed.length, path: first.path, why: first.reason }))
        if (feed.error === null) state('done', null)
        else state('failed', feed.why)
      })
      .catch((error: unknown) => state('failed', sentenceOf(error)))
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
