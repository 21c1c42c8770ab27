/** `conn` of `conn.log`, `conn.2026-01-02-03.log.gz`, `conn_20260102.json`: letters at the beginning of a file's base name; '' where there are none. */
export function stemOf(fileName: string): string {
  const base = fileName.slice(Math.max(fileName.lastIndexOf('/'), fileName.lastIndexOf('\\')) + 1)
  const match = /^[A-Za-z][A-Za-z0-9_-]{0,63}/.exec(base)
  return match === null ? '' : match[0].replace(/[_-]+\d[\d_-]*$/, '')
}
