/** Names in angle brackets in queries of playbooks: whoever runs the query puts the incident's values in their place. */
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import { parseQuery } from '../../../../shared/query/parse.ts'

/** With a value of their kind, so that a query can be checked as it will be. */
export const QUERY_PLACEHOLDERS: Readonly<Record<string, string>> = {
  target: '10.0.0.1',
  attacker: '198.51.100.1',
  network: '10.0.0.0/24',
  host: 'web-01',
  user: 'kim',
  domain: 'example.net',
  file: 'file.php',
  hash: 'da39a3ee5e6b4b0d3255bfef95601890afd80709',
  path: '/upload',
  mail: 'kim@example.net',
  since: '2026-01-02T03:00',
}

/** What is wrong with a query of a playbook: an unknown placeholder, or its syntax. The offset is 0-based in its text. */
export function checkQuery(text: string): Result<void, { readonly offset: number; readonly message: string }> {
  let unknown: { offset: number; message: string } | null = null
  const filled = text.replace(/<([a-z]+)>/g, (whole: string, name: string, offset: number) => {
    if (Object.hasOwn(QUERY_PLACEHOLDERS, name)) return QUERY_PLACEHOLDERS[name]!
    unknown ??= { offset, message: `there is no placeholder ${whole}; there are ${placeholderNames}` }
    return whole
  })
  if (unknown !== null) return fail(unknown)
  const read = parseQuery(filled)
  return read.ok ? ok(undefined) : fail({ offset: 0, message: `the query ${filled} cannot be read: ${read.error.message}` })
}
const placeholderNames = Object.keys(QUERY_PLACEHOLDERS)
  .map((name) => `<${name}>`)
  .join(', ')
