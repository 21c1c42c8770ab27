/** Text → its JSON documents, for recognising a format: concatenated objects, or the elements of one array. */

/** Whole objects only; a cut one at the end and everything that is no object is left out. At most `limit` of them. */
export function splitJson(text: string, limit = 256): string[] {
  const found: string[] = []
  let depth = 0
  let start = 0
  let quoted = false
  for (let i = 0; i < text.length && found.length < limit; i++) {
    const code = text.charCodeAt(i)
    if (quoted) {
      if (code === 92) i++
      else if (code === 34) quoted = false
    } else if (code === 34) quoted = depth > 0
    else if (code === 123) {
      if (depth++ === 0) start = i
    } else if (code === 125 && depth > 0 && --depth === 0) found.push(text.slice(start, i + 1))
  }
  return found
}
