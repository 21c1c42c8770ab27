/** Rows of separated values (RFC 4180), one record at a time. */

/** Fields of one row, or why it is none. Quotes count at the beginning of a field only; `""` inside quotes is one. */
export function csvRow(text: string, delimiter: string, limit = 1024): string[] | string {
  const fields: string[] = []
  let at = 0
  for (;;) {
    if (fields.length >= limit) return `more than ${limit} columns`
    if (text.charCodeAt(at) === 34) {
      let end = at + 1
      let doubled = false
      for (;;) {
        end = text.indexOf('"', end)
        if (end < 0) return 'a quoted field is not closed'
        if (text.charCodeAt(end + 1) !== 34) break
        doubled = true
        end += 2
      }
      const value = text.slice(at + 1, end)
      fields.push(doubled ? value.replaceAll('""', '"') : value)
      at = end + 1
      if (at >= text.length) return fields
      if (!text.startsWith(delimiter, at)) return 'text after a quoted field'
      at += delimiter.length
    } else {
      const end = text.indexOf(delimiter, at)
      if (end < 0) {
        fields.push(text.slice(at))
        return fields
      }
      fields.push(text.slice(at, end))
      at = end + delimiter.length
    }
  }
}
