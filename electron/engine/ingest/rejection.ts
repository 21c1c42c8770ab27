/** Why a parser rejected a record: its own words in English are a detail of the sentence. */
import { say, type Sentence } from '../../../shared/model/sentence.ts'

export const rejection = (rejected: string | Sentence): Sentence =>
  typeof rejected === 'string' ? say('parser_words', { text: rejected }) : rejected
