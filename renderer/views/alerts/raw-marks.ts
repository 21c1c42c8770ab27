/** Where what matched stands in the raw record. */
import type { Mark } from '../../../shared/model/alert.ts'
import type { TextSpan } from '../../format/text.ts'

/** As a string stands inside JSON: escaped, without its quotes. Some writers escape the slash too. */
const inJson = (text: string): string => JSON.stringify(text).slice(1, -1)

/**
 * Spans of the raw text (UTF-16 offsets) that the marks matched. A value is looked for as JSON writes it, then as it is; where
 * it does not stand in the raw text (decoded, joined, folded values) it is not marked. Bounded by the text's length per mark.
 */
export function rawSpans(raw: string, marks: readonly Mark[]): readonly TextSpan[] {
  const spans: TextSpan[] = []
  for (const mark of marks.slice(0, 100)) {
    const { value } = mark
    if (value === '') continue
    const [start, end] = mark.end > mark.start ? [mark.start, mark.end] : [0, value.length]
    for (const write of [inJson, (text: string) => inJson(text).replaceAll('/', '\\/'), (text: string) => text]) {
      const whole = write(value)
      let at = raw.indexOf(`"${whole}"`) + 1
      if (at === 0) at = raw.indexOf(whole)
      else if (/^-?\d+$/.test(whole)) at = raw.indexOf(whole, at)
      if (at < 0) continue
      const from = at + write(value.slice(0, start)).length
      spans.push({ start: from, end: from + write(value.slice(start, end)).length })
      break
    }
  }
  return spans
}
