/** Figures in sentences of results: grouped in threes, the same in both languages. */
const grouped = new Intl.NumberFormat('en')

export const figure = (value: number): string => grouped.format(value)
