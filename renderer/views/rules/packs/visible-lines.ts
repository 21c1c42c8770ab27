import { visibleText } from '../../../format/text.ts'

/** Foreign text of several lines: its line breaks stay, everything else is shown as what it is. */
export const visibleLines = (text: string): string => text.split(/\r?\n/).map(visibleText).join('\n')
