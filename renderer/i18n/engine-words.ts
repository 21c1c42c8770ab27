/** The English words of what the engine says, as texts: they stand in the list of sentences, since the terminal says the same. */
import { SENTENCES, type SentenceForm } from '../../shared/model/sentences.ts'

/** Key → text, with plural forms as i18next wants them. */
export function engineWords(): Record<string, string> {
  return Object.fromEntries(
    Object.entries<SentenceForm>(SENTENCES).flatMap(([code, { english }]) =>
      typeof english === 'string'
        ? [[code, english]]
        : [
            [`${code}_one`, english.one],
            [`${code}_other`, english.other],
          ],
    ),
  )
}
