/** A protocol that is named, with a few fields, and ends what is read of a packet's headers. */
import { defineDecoder, type DecoderDefinition } from './define.ts'

export const namedDecoder = (
  one: Omit<DecoderDefinition, 'header' | 'fields'> & Partial<Pick<DecoderDefinition, 'fields'>>,
): DecoderDefinition =>
  defineDecoder({
    fields: [],
    line: () => one.title,
    ...one,
    header(p) {
      p.at = p.end
    },
  })
