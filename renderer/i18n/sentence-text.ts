/** What the engine says, in the words of the language on screen. Foreign text in it is made visible, never markup. */
import type { Sentence } from '../../shared/model/sentence.ts'
import { SENTENCES, type SentenceForm, type ValueKind } from '../../shared/model/sentences.ts'
import { visibleText } from '../format/text.ts'
import { clockOf } from '../format/time.ts'
import type { Format } from './use-format.ts'

/** i18next's `t` of the namespace `engine`, as far as it is needed here. */
export type Translate = (
  key: string,
  options: { readonly replace: Readonly<Record<string, string>>; readonly count?: number },
) => string
type Figures = Pick<Format, 'number' | 'bytes'>

export function sentenceText({ code, values }: Sentence, t: Translate, format: Figures): string {
  const form: SentenceForm = SENTENCES[code]
  const given: Readonly<Record<string, unknown>> = values
  const replace: Record<string, string> = {}
  for (const [name, kind] of Object.entries(form.values))
    replace[name === 'count' ? 'figure' : name] = valueText(kind, given[name], t, format)
  const { count } = given
  // In `replace`, so that no value is taken for one of i18next's own options.
  return t(`said.${code}`, typeof count === 'number' ? { replace, count } : { replace })
}

function valueText(kind: ValueKind, value: unknown, t: Translate, format: Figures): string {
  switch (kind) {
    case 'number':
      return format.number(Number(value), Number.isInteger(value) ? 0 : 2)
    case 'bytes':
      return format.bytes(Number(value))
    case 'day':
      return clockOf(String(value)).date
    case 'sentence':
      return sentenceText(value as Sentence, t, format)
    case 'sentences':
      return (value as readonly Sentence[]).map((part) => sentenceText(part, t, format)).join(' · ')
    case 'text':
      return visibleText(String(value))
  }
}
