/** Why a record was rejected, as text in the store. What was stored before reasons had codes is words. */
import { say, Sentence } from '../../../shared/model/sentence.ts'

export const storedReason = (reason: Sentence): string => JSON.stringify(reason)

export function reasonFromStore(text: string): Sentence {
  const sentence = Sentence.safeParse(parsed(text))
  return sentence.success ? sentence.data : say('parser_words', { text })
}

function parsed(text: string): unknown {
  if (!text.startsWith('{"code":')) return null
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
