/**
 * The address that opens files in the packets view: `#/packets?open=["/evidence/a.pcap"]`, a JSON list whose files become one capture.
 * Whoever starts the desk with captures writes it, the page reads it and replaces it by the capture's own. Typed by hand, one path
 * stands without brackets: a full path begins with none.
 */
import { z } from 'zod'

/** As in `captures.open`. */
const Paths = z.array(z.string().min(1).max(4096)).min(1).max(1000)
/** Characters; Chromium takes two million. */
const LONGEST_ADDRESS = 1_000_000

/** '' where there is nothing to open. Paths are escaped twice, as text in JSON and as part of an address; what does not fit is left out. */
export function openHash(paths: readonly string[]): string {
  const fitting: string[] = []
  let length = 0
  for (const path of new Set(paths)) {
    if (!Paths.safeParse([...fitting, path]).success) continue
    length += encodeURIComponent(JSON.stringify(path)).length + 3
    if (length > LONGEST_ADDRESS) break
    fitting.push(path)
  }
  return fitting.length === 0 ? '' : `#/packets?open=${encodeURIComponent(JSON.stringify(fitting))}`
}

/** The paths of an `open` parameter, decoded; none where it cannot be read. */
export function pathsToOpen(text: string | undefined): readonly string[] {
  if (text === undefined || text === '') return []
  let value: unknown = [text]
  if (text.startsWith('[')) {
    try {
      value = JSON.parse(text)
    } catch {
      return []
    }
  }
  return Paths.safeParse(value).data ?? []
}
