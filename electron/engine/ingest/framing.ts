/** The framer of each framing. */
import type { Framer, FramerStart } from './framer.ts'
import { JsonFramer } from './json-framer.ts'
import { LineFramer } from './line-framer.ts'
import type { Framing } from './parsers/define.ts'
import { QuotedFramer } from './quoted-framer.ts'

/**
 * `line`: records end at LF or CRLF, and a byte order mark is dropped. `quoted`: the same, but for line ends inside quoted
 * fields. `json`: objects, concatenated or in arrays.
 */
export function createFramer(framing: Framing, start: FramerStart = {}): Framer {
  if (framing === 'line') return new LineFramer(start)
  return framing === 'quoted' ? new QuotedFramer(start) : new JsonFramer(start)
}
