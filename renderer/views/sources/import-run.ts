/** The import that runs: it goes on while another view is on screen. One at a time. */
import { create } from 'zustand'
import type { Result } from '../../../shared/model/result.ts'
import type { ImportSummary } from '../../../shared/model/source.ts'
import type { InputOf, ProgressOf, WatchfloorClient } from '../../client/types.ts'

interface ImportRun {
  readonly running: boolean
  /** When it began, milliseconds since 1970. */
  readonly began: number
  readonly progress: ProgressOf<'import.run'> | null
  readonly result: Result<ImportSummary> | null
  cancel(): void
}

const NONE: ImportRun = { running: false, began: 0, progress: null, result: null, cancel: () => undefined }
export const useImport = create<ImportRun>(() => NONE)

export function beginImport(client: WatchfloorClient, input: InputOf<'import.run'>): void {
  if (useImport.getState().running) return
  const call = client.job('import.run', input)
  useImport.setState({ running: true, began: Date.now(), progress: null, result: null, cancel: () => call.cancel() })
  call.onProgress((progress) => useImport.setState({ progress }))
  void call.done.then((result) => useImport.setState({ running: false, result }))
}

export const forgetImport = (): void => useImport.setState(NONE)
