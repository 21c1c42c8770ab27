/** The line of JSON that stands for what cannot be read of an event log: `{"#damaged": in English, "#sentence": the same for a screen}`. */
import { say, Sentence } from '../../../shared/model/sentence.ts'
import { inEnglish } from '../../../shared/model/sentence-english.ts'

const encoder = new TextEncoder()

/** With its LF. */
export const damageLine = (why: Sentence): Uint8Array<ArrayBuffer> =>
  encoder.encode(`${JSON.stringify({ '#damaged': inEnglish(why), '#sentence': why })}\n`)

/** What a line says is damaged; null where it is a record. A line that was not written here may have words alone. */
export function damageOf(object: Readonly<Record<string, unknown>>): Sentence | null {
  const text = Object.hasOwn(object, '#damaged') ? object['#damaged'] : undefined
  if (typeof text !== 'string') return null
  const sentence = Sentence.safeParse(object['#sentence'])
  return sentence.success ? sentence.data : say('parser_words', { text })
}
