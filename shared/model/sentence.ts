/**
 * What the engine says to a person: never words, but a code of the list and its values. The screen finds the words in its language
 * (`renderer/i18n`), logs and the terminal in English (`sentence-english.ts`).
 */
import { z } from 'zod'
import { SENTENCES, type ValueKind } from './sentences.ts'
import { IsoTime } from './time.ts'

export type SentenceCode = keyof typeof SENTENCES

interface OfKind {
  readonly text: string
  readonly number: number
  readonly bytes: number
  readonly day: IsoTime
  readonly sentence: Sentence
  readonly sentences: readonly Sentence[]
}
type KindsOf<Code extends SentenceCode> = (typeof SENTENCES)[Code]['values']

/** The values a code names; TypeScript refuses one that is missing, and one too many. */
export type SentenceValues<Code extends SentenceCode> = {
  readonly [Name in keyof KindsOf<Code>]: KindsOf<Code>[Name] extends ValueKind ? OfKind[KindsOf<Code>[Name]] : never
}
export type Sentence = {
  readonly [Code in SentenceCode]: { readonly code: Code; readonly values: SentenceValues<Code> }
}[SentenceCode]

const OF_KIND: Readonly<Record<ValueKind, z.ZodType>> = {
  text: z.string(),
  number: z.number(),
  bytes: z.number(),
  day: IsoTime,
  sentence: z.lazy(() => Sentence),
  sentences: z.array(z.lazy(() => Sentence)),
}

const shapes = Object.entries(SENTENCES).map(([code, { values }]) =>
  z.object({
    code: z.literal(code),
    values: z.object(Object.fromEntries(Object.entries<ValueKind>(values).map(([name, kind]) => [name, OF_KIND[kind]]))),
  }),
)

/** Made from the list, so the type above says more than can be inferred here. */
export const Sentence = z.discriminatedUnion('code', shapes as [(typeof shapes)[number]]) as unknown as z.ZodType<Sentence>

/** A sentence of the list. Codes without values are said alone. */
export function say<Code extends SentenceCode>(
  code: Code,
  ...[values]: keyof KindsOf<Code> extends never ? [] : [values: SentenceValues<Code>]
): Sentence {
  return { code, values: values ?? {} } as unknown as Sentence
}
