const PAIR = /^([^·가-힣]+) · ([^·]*[가-힣][^·]*)$/u

/** A label that a proposal wrote in both languages, `Scan · 스캔`: the part of this language. Anything else stays as it is. */
export function inLanguage(label: string, language: 'en' | 'ko'): string {
  const [, en, ko] = PAIR.exec(label) ?? []
  return (language === 'ko' ? ko : en) ?? label
}
