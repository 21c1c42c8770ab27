/**
 * Text with holes. `{{name}}` is a value; `{{#name}}…{{/name}}` stands once where the value is a text that is not empty, and once for
 * each item where it is a list, whose own values come before those around it. A line that holds nothing but the sign of a section is
 * left out. There is nothing else: no expressions, no paths, no includes.
 */
import { fail, ok, type Result } from '../../../shared/model/result.ts'

export interface Values {
  readonly [name: string]: string | readonly Values[]
}

export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly name: string }
  | { readonly kind: 'section'; readonly name: string; readonly inner: readonly Piece[] }

/** Where a template is wrong: 1-based line, and why. */
export interface TemplateFault {
  readonly line: number
  readonly why: string
}

const DEEPEST = 4
const NAME = /^[a-z][a-zA-Z]*$/
/** What values make of a template may not grow without bound; characters. */
const LONGEST = 512 * 1024

export function parseTemplate(text: string): Result<readonly Piece[], TemplateFault> {
  const lines = text.replace(/^[ \t]*(\{\{[#/][^{}\n]*\}\})[ \t]*(?:\n|$)/gm, '$1')
  const stack: { name: string; pieces: Piece[]; line: number }[] = [{ name: '', pieces: [], line: 1 }]
  let from = 0
  const lineAt = (offset: number): number => lines.slice(0, offset).split('\n').length
  for (const match of lines.matchAll(/\{\{([^{}]*)\}\}/g)) {
    const top = stack.at(-1)!
    if (match.index > from) top.pieces.push({ kind: 'text', text: lines.slice(from, match.index) })
    from = match.index + match[0].length
    const sign = match[1] ?? ''
    const line = lineAt(match.index)
    const name = /^[#/]/.test(sign) ? sign.slice(1) : sign
    if (!NAME.test(name)) return fail({ line, why: `{{${sign}}} is no name of a value` })
    if (sign.startsWith('#')) {
      if (stack.length > DEEPEST) return fail({ line, why: 'sections are nested too deeply' })
      stack.push({ name, pieces: [], line })
    } else if (sign.startsWith('/')) {
      if (top.name !== name || stack.length === 1) return fail({ line, why: `{{/${name}}} closes nothing` })
      stack.pop()
      stack.at(-1)!.pieces.push({ kind: 'section', name, inner: top.pieces })
    } else top.pieces.push({ kind: 'value', name })
  }
  const open = stack.at(-1)!
  if (stack.length > 1) return fail({ line: open.line, why: `{{#${open.name}}} is not closed` })
  const rest = lines.slice(from)
  if (/\{\{|\}\}/.test(rest)) return fail({ line: lineAt(from), why: 'braces that belong to nothing' })
  if (rest !== '') open.pieces.push({ kind: 'text', text: rest })
  return ok(open.pieces)
}

/** Names of values and sections, `items.line` for one that stands in a section. */
export function holesOf(pieces: readonly Piece[], within = ''): Set<string> {
  const found = new Set<string>()
  for (const piece of pieces) {
    if (piece.kind === 'text') continue
    found.add(within + piece.name)
    if (piece.kind === 'section') for (const inner of holesOf(piece.inner, `${within}${piece.name}.`)) found.add(inner)
  }
  return found
}

/** Values go through `escape`; the template's own text does not. A name without a value is a fault. */
export function fill(pieces: readonly Piece[], values: Values, escape: (text: string) => string): Result<string, TemplateFault> {
  const out: string[] = []
  let length = 0
  const put = (text: string): boolean => {
    out.push(text)
    length += text.length
    return length <= LONGEST
  }
  const tooLong = fail({ line: 0, why: `longer than ${LONGEST} characters` })
  function walk(inner: readonly Piece[], scopes: readonly Values[]): Result<null, TemplateFault> {
    const find = (name: string): string | readonly Values[] | undefined =>
      scopes.find((scope) => Object.hasOwn(scope, name))?.[name]
    for (const piece of inner) {
      if (piece.kind === 'text') {
        if (!put(piece.text)) return tooLong
        continue
      }
      const value = find(piece.name)
      if (value === undefined) return fail({ line: 0, why: `no value ${piece.name}` })
      if (piece.kind === 'value') {
        if (typeof value !== 'string') return fail({ line: 0, why: `${piece.name} is a list` })
        if (!put(escape(value))) return tooLong
      } else
        for (const item of typeof value === 'string' ? (value === '' ? [] : [{}]) : value) {
          const done = walk(piece.inner, [item, ...scopes])
          if (!done.ok) return done
        }
    }
    return ok(null)
  }
  const done = walk(pieces, [values])
  return done.ok ? ok(out.join('')) : done
}
