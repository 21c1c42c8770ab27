/** One record that ought to be one JSON object. */

/** Why a record is no JSON object: codes of sentences. */
export type NoObject = 'not_json' | 'json_too_deep' | 'json_no_object'

/** The object, or why there is none. A byte order mark and surrounding blanks are no harm. */
export function jsonObject(text: string): Readonly<Record<string, unknown>> | NoObject {
  let value: unknown
  try {
    value = JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text)
  } catch (error) {
    return error instanceof SyntaxError ? 'not_json' : 'json_too_deep'
  }
  if (typeof value !== 'object' || value === null) return 'json_no_object'
  return Array.isArray(value) ? 'json_no_object' : (value as Record<string, unknown>)
}

/** The first objects among records, for sniffing; empty where half of the records or more are none. Blank records are passed over. */
export function firstObjects(records: readonly string[], count = 8): readonly Readonly<Record<string, unknown>>[] {
  const found: Readonly<Record<string, unknown>>[] = []
  let others = 0
  for (const record of records) {
    if (found.length + others >= count) break
    if (record.trim() === '') continue
    const object = jsonObject(record)
    if (typeof object === 'string') others++
    else found.push(object)
  }
  return found.length > others ? found : []
}

/** Share (0–1) of the objects for which `test` holds; 0 where there are none. */
export const share = (
  objects: readonly Readonly<Record<string, unknown>>[],
  test: (object: Readonly<Record<string, unknown>>) => boolean,
): number => (objects.length === 0 ? 0 : objects.filter(test).length / objects.length)

/** Certainty from a share: nothing below half, since a few broken records must not hide a format, nor a few alike make one. */
export const majority = (part: number): number => (part > 0.5 ? 0.6 + 0.4 * part : 0)
