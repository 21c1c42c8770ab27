/** The English of a sentence: for logs, the terminal, and whatever else is no screen. */
import type { Sentence } from './sentence.ts'
import { SENTENCES, type SentenceForm, type ValueKind } from './sentences.ts'

/** Figures are plain digits, so that programs can read them too. */
export function inEnglish({ code, values }: Sentence): string {
  const form: SentenceForm = SENTENCES[code]
  const given: Readonly<Record<string, unknown>> = values
  const { count } = given
  const words = typeof form.english === 'string' ? form.english : form.english[count === 1 ? 'one' : 'other']
  return words.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const of = name === 'figure' ? 'count' : name
    return valueInEnglish(form.values[of] ?? 'text', given[of])
  })
}

function valueInEnglish(kind: ValueKind, value: unknown): string {
  switch (kind) {
    case 'bytes':
      return `${String(value)} bytes`
    case 'day':
      return String(value).slice(0, 10)
    case 'sentence':
      return inEnglish(value as Sentence)
    case 'sentences':
      return (value as readonly Sentence[]).map(inEnglish).join(' · ')
    default:
      return String(value)
  }
}
