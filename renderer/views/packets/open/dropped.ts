/**
 * Files that are dropped onto the page. In Electron the preload script says where they lie; a browser tells nobody, so there they must
 * be chosen.
 */
export interface Dropped {
  readonly paths: readonly string[]
  /** Files whose place could not be told. */
  readonly unknown: number
}

export function pathsOf(files: readonly File[], pathOf: ((file: File) => string) | undefined): Dropped {
  const paths: string[] = []
  for (const file of files) {
    const path = pathOf?.(file) ?? ''
    if (path !== '') paths.push(path)
  }
  return { paths, unknown: files.length - paths.length }
}

/** Whether what is dragged are files. */
export const hasFiles = (transfer: DataTransfer | null): boolean => transfer !== null && [...transfer.types].includes('Files')
