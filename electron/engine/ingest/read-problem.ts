/** Why a file cannot be read as a log, in English for the user. */
export class ReadProblem extends Error {}

/** The reason a file system call gave, without its path twice. */
export function reasonOf(error: unknown): string {
  if (error instanceof ReadProblem) return error.message
  const code = error instanceof Error && 'code' in error ? String(error.code) : null
  switch (code) {
    case 'ENOENT':
      return 'not there'
    case 'EACCES':
    case 'EPERM':
      return 'no permission to read it'
    case 'EISDIR':
      return 'a folder'
    case 'ENOTDIR':
      return 'not a folder'
    case 'ENOSPC':
      return 'the disk is full'
    case 'ELOOP':
      return 'symbolic links in a circle'
    default:
      return error instanceof Error ? error.message : String(error)
  }
}
