/** The thread that reads files of assets and vulnerability data, keeps the catalogue, and matches. In: {@link ToAssetWorker}. */
import { parentPort, workerData } from 'node:worker_threads'
import { Catalogue } from './catalogue/catalogue.ts'
import type { FromAssetWorker, MatchAnswer, ToAssetWorker, WorkerStart } from './catalogue/messages.ts'
import { readFile } from './catalogue/read-file.ts'

if (parentPort) {
  const port = parentPort
  const { dataDir } = workerData as WorkerStart
  const post = (message: FromAssetWorker): void => port.postMessage(message)
  const opened = Catalogue.open(dataDir)
  const reads = new Map<number, { readonly abort: AbortController; taken: () => void }>()

  const read = async (catalogue: Catalogue, id: number, path: string): Promise<void> => {
    const run = { abort: new AbortController(), taken: (): void => undefined }
    reads.set(id, run)
    try {
      const value = await readFile(
        path,
        {
          assets: (items) =>
            new Promise<void>((resolve) => {
              run.taken = resolve
              post({ kind: 'items', id, items })
            }),
          vulnerabilities: (items) => catalogue.write(items),
          progress: (progress) => post({ kind: 'progress', id, progress }),
        },
        run.abort.signal,
      )
      post({ kind: 'answer', id, value })
    } finally {
      reads.delete(id)
    }
  }

  const answer = async (catalogue: Catalogue, message: ToAssetWorker): Promise<void> => {
    switch (message.kind) {
      case 'read':
        return read(catalogue, message.id, message.path)
      case 'cancel':
        return reads.get(message.id)?.abort.abort()
      case 'taken':
        return reads.get(message.id)?.taken()
      case 'match': {
        const found = catalogue.match(message.products)
        const value: MatchAnswer = { ...found, details: catalogue.describe([...new Set(found.matches.map(({ cve }) => cve))]) }
        return post({ kind: 'answer', id: message.id, value })
      }
      case 'describe':
        return post({ kind: 'answer', id: message.id, value: catalogue.describe(message.cves) })
      case 'counts':
        return post({ kind: 'answer', id: message.id, value: catalogue.counts() })
      case 'close':
        for (const { abort, taken } of reads.values()) {
          abort.abort()
          taken()
        }
        catalogue.close()
        post({ kind: 'answer', id: message.id, value: null })
        return port.close()
    }
  }

  port.on('message', (message: ToAssetWorker) => {
    if (opened === null)
      return post({ kind: 'failed', id: message.id, message: 'The vulnerability data was written by a newer Watchfloor.' })
    answer(opened, message).catch((error: unknown) =>
      post({ kind: 'failed', id: message.id, message: error instanceof Error ? error.message : String(error) }),
    )
  })
}
