/**
 * Ids are written in hexadecimal by some sources and kept as numbers where a parser knows them to be some: a rule that asks
 * for `0x1f4` means either. The decimal digits, or null for any other text.
 */
export const decimalOf = (text: string): string | null => (/^0x[0-9a-f]{1,13}$/i.test(text) ? String(Number(text)) : null)
