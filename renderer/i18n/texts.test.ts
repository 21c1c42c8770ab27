/** Both languages complete, nothing unused, nothing said on screen that is not in them. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { LANGUAGES, textResources } from './index.ts'

type Texts = { readonly [key: string]: string | Texts }
const resources = textResources()
const renderer = join(import.meta.dirname, '..')

const flat = (texts: Texts, path = ''): [string, string][] =>
  Object.entries(texts).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[path + key, value]] : flat(value, `${path}${key}.`),
  )
const plain = (key: string): string => key.replace(/_(?:zero|one|two|few|many|other)$/, '')
const holes = (text: string): string[] => [...text.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map((match) => match[1] ?? '')
const files = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? files(path) : /\.tsx?$/.test(entry.name) && !entry.name.includes('.test.') ? [path] : []
  })
const sources = files(renderer).map((path) => ({ path: relative(renderer, path), text: readFileSync(path, 'utf8') }))
const namespaces = Object.keys(resources['en'] ?? {})

describe('texts', () => {
  it('are there in every language', () => {
    expect(Object.keys(resources).sort()).toEqual([...LANGUAGES].sort())
    for (const language of LANGUAGES) expect(Object.keys(resources[language] ?? {}).sort()).toEqual(namespaces.toSorted())
  })

  describe.each(namespaces)('%s', (namespace) => {
    const texts = LANGUAGES.map((language) => ({ language, entries: flat((resources[language]?.[namespace] ?? {}) as Texts) }))
    it('has the same keys in every language', () => {
      const [first, ...others] = texts.map(({ entries }) => [...new Set(entries.map(([key]) => plain(key)))].sort())
      for (const other of others) expect(other).toEqual(first)
    })
    it('has every plural form that the language has, and no other', () => {
      for (const { language, entries } of texts) {
        const wanted = new Intl.PluralRules(language).resolvedOptions().pluralCategories.toSorted()
        const forms = new Map<string, string[]>()
        for (const [key] of entries)
          if (plain(key) !== key) forms.set(plain(key), [...(forms.get(plain(key)) ?? []), key.slice(plain(key).length + 1)])
        // `_zero` is a text for none at all, in any language.
        for (const [key, found] of forms)
          expect(found.filter((form) => form !== 'zero').sort(), `${language} ${key}`).toEqual(wanted)
      }
    })
    it('has the same values to fill in', () => {
      const [first, ...others] = texts.map(({ entries }) => {
        const found = new Map<string, Set<string>>()
        for (const [key, text] of entries) found.set(plain(key), new Set([...(found.get(plain(key)) ?? []), ...holes(text)]))
        return new Map([...found].map(([key, names]) => [key, [...names].sort()] as const).sort(([a], [b]) => (a < b ? -1 : 1)))
      })
      for (const other of others) expect(other).toEqual(first)
    })
    it('has no empty text, and no exclamation mark', () => {
      for (const { language, entries } of texts)
        for (const [key, text] of entries)
          expect(text.trim() !== '' && !text.includes('!'), `${language} ${key}: ${text}`).toBe(true)
    })
  })
})

/**
 * Every string in the code that can be a key: `t('a.b')`, `label: 'keys.next'`, `` t(`state.${x}`) ``. With the namespaces that the
 * file uses, in order.
 */
function used(
  path: string,
  text: string,
): {
  readonly literals: readonly string[]
  readonly templates: readonly string[]
  readonly calls: readonly string[]
  readonly own: readonly string[]
} {
  const source = ts.createSourceFile(
    path,
    text,
    ts.ScriptTarget.Latest,
    true,
    path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS,
  )
  const literals: string[] = []
  const templates: string[] = []
  const calls: string[] = []
  const own: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) literals.push(node.text)
    if (ts.isTemplateExpression(node)) templates.push(node.head.text)
    if (ts.isCallExpression(node)) {
      const name = ts.isIdentifier(node.expression) ? node.expression.text : ''
      const first = node.arguments[0]
      if (name === 't' && first && ts.isStringLiteralLike(first)) calls.push(first.text)
      if (name === 'useTranslation') own.push(first && ts.isStringLiteralLike(first) ? first.text : 'common')
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return { literals, templates, calls, own }
}

const scanned = sources.map(({ path, text }) => ({ path, ...used(path, text) }))
const keysOf = (namespace: string): ReadonlySet<string> =>
  new Set(flat((resources['en']?.[namespace] ?? {}) as Texts).map(([key]) => plain(key)))
const known = new Map(namespaces.map((namespace) => [namespace, keysOf(namespace)]))

describe('the code', () => {
  it('asks only for texts that are there', () => {
    const missing: string[] = []
    for (const { path, calls, own } of scanned) {
      for (const call of calls) {
        const [namespace, key] = call.includes(':')
          ? [call.slice(0, call.indexOf(':')), call.slice(call.indexOf(':') + 1)]
          : [null, call]
        const places = namespace === null ? [...own, 'common'] : [namespace]
        if (!places.some((place) => known.get(place)?.has(plain(key)))) missing.push(`${path}: ${call}`)
      }
    }
    expect(missing).toEqual([])
  })

  it('uses every text', () => {
    const unused = namespaces.flatMap((namespace) => {
      // A file speaks the texts of the namespaces it asks for; those of a view may be named anywhere in its folder.
      const speaks = scanned.filter(
        ({ path, own }) =>
          own.includes(namespace) ||
          path.startsWith(join('views', namespace) + sep) ||
          own.length === 0 ||
          namespace === 'common',
      )
      const named = (texts: readonly string[]): string[] =>
        texts.flatMap((text) => {
          const colon = text.indexOf(':')
          return colon < 0 ? [text] : text.slice(0, colon) === namespace ? [text.slice(colon + 1)] : []
        })
      const elsewhere = (texts: readonly string[]): string[] =>
        texts.filter((text) => text.startsWith(`${namespace}:`)).map((text) => text.slice(namespace.length + 1))
      const whole = new Set([
        ...speaks.flatMap(({ literals }) => named(literals)),
        ...scanned.flatMap(({ literals }) => elsewhere(literals)),
      ])
      const begins = [
        ...speaks.flatMap(({ templates }) => named(templates)),
        ...scanned.flatMap(({ templates }) => elsewhere(templates)),
      ].filter((text) => /^[\w.-]+\.$/.test(text))
      return [...(known.get(namespace) ?? [])]
        .filter((key) => key !== 'title' && !whole.has(key) && !begins.some((begin) => key.startsWith(begin)))
        .map((key) => `${namespace}:${key}`)
    })
    expect(unused).toEqual([])
  })

  it('uses every namespace', () => {
    const views = readdirSync(join(renderer, 'views'))
    const unused = namespaces.filter(
      (namespace) =>
        !views.includes(namespace) &&
        !scanned.some(
          ({ own, literals }) => own.includes(namespace) || literals.some((text) => text.startsWith(`${namespace}:`)),
        ),
    )
    expect(unused).toEqual([])
  })

  it('says nothing on screen by itself', () => {
    // Names that are the same in every language.
    const allowed = new Set(['UTC', 'A-', 'E', 'ECS', 'English', '한국어', 'ms'])
    const spoken = new Set(['aria-label', 'title', 'placeholder', 'alt', 'label', 'aria-description', 'aria-roledescription'])
    const found: string[] = []
    for (const { path, text } of sources.filter((source) => source.path.endsWith('.tsx'))) {
      const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX)
      const visit = (node: ts.Node): void => {
        const line = (): string => `${path}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`
        if (ts.isJsxText(node)) {
          const words = node.text.trim()
          if (/\p{L}/u.test(words) && !allowed.has(words)) found.push(`${line()} ${words}`)
        }
        if (
          ts.isJsxAttribute(node) &&
          spoken.has(node.name.getText()) &&
          node.initializer &&
          ts.isStringLiteral(node.initializer) &&
          /\p{L}{2}/u.test(node.initializer.text)
        )
          found.push(`${line()} ${node.initializer.text}`)
        ts.forEachChild(node, visit)
      }
      visit(source)
    }
    expect(found).toEqual([])
  })
})
