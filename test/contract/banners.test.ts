/** What a banner's text fills in must be what the engine puts into it, in every language; and every banner there is can come. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { Banner } from '../../shared/contract.ts'
import { LANGUAGES, textResources } from '../../renderer/i18n/index.ts'

const engine = join(import.meta.dirname, '..', '..', 'electron', 'engine')
const keys: readonly string[] = Banner.shape.key.options

const files = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? files(path) : entry.name.endsWith('.ts') && !entry.name.includes('.test.') ? [path] : []
  })
const isKey = (node: ts.Node | undefined): node is ts.StringLiteral =>
  node !== undefined && ts.isStringLiteral(node) && keys.includes(node.text)
const namesOf = (node: ts.ObjectLiteralExpression): string[] =>
  node.properties.flatMap(({ name }) => (name && (ts.isIdentifier(name) || ts.isStringLiteral(name)) ? [name.text] : []))

/** Places where the engine makes a banner: `banner('disk_full', …, { folder })`, or an object with `key` and `values`. */
function made(): Map<string, string[][]> {
  const found = new Map<string, string[][]>()
  const add = (key: string, names: string[]): void => void found.set(key, [...(found.get(key) ?? []), names])
  for (const path of files(engine)) {
    const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true)
    /** Of `values` alone, or of a variable: the object that was put into it. */
    const objectOf = (node: ts.Expression | undefined, name: string): ts.ObjectLiteralExpression | undefined => {
      if (node && ts.isObjectLiteralExpression(node)) return node
      let object: ts.ObjectLiteralExpression | undefined
      const look = (inner: ts.Node): void => {
        if (
          ts.isVariableDeclaration(inner) &&
          inner.name.getText() === name &&
          inner.initializer &&
          ts.isObjectLiteralExpression(inner.initializer)
        )
          object = inner.initializer
        ts.forEachChild(inner, look)
      }
      look(source)
      return object
    }
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && isKey(node.arguments[0])) {
        const values = node.arguments.find((argument) => ts.isObjectLiteralExpression(argument))
        if (values && ts.isObjectLiteralExpression(values)) add(node.arguments[0].text, namesOf(values))
      }
      if (ts.isObjectLiteralExpression(node)) {
        const property = (name: string): ts.ObjectLiteralElementLike | undefined =>
          node.properties.find((one) => one.name?.getText() === name)
        const key = property('key')
        const values = property('values')
        if (key && ts.isPropertyAssignment(key) && isKey(key.initializer) && values) {
          const object = objectOf(ts.isPropertyAssignment(values) ? values.initializer : undefined, 'values')
          if (object) add(key.initializer.text, namesOf(object))
        }
      }
      ts.forEachChild(node, visit)
    }
    visit(source)
  }
  return found
}

describe('banners', () => {
  const places = made()
  it('can all come', () => {
    expect([...places.keys()].sort()).toEqual(keys.toSorted())
  })
  it.each(LANGUAGES.flatMap((language) => keys.map((key) => [language, key] as const)))('%s %s is filled in', (language, key) => {
    const banner = (textResources()[language]?.['shell'] as { banner?: Record<string, string> } | undefined)?.banner ?? {}
    const holes = [...(banner[key] ?? '').matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map((match) => match[1] ?? '')
    expect(banner[key]).toBeTruthy()
    for (const names of places.get(key) ?? []) expect(names).toEqual(expect.arrayContaining(holes))
  })
})
