/** YAML with positions, bounded: a rule file is foreign text. */
import { isAlias, LineCounter, parseDocument, type Document, type Node } from 'yaml'

/** A rule file longer than this is refused; so is one document longer than {@link MAX_DOCUMENT}. */
export const MAX_FILE = 1024 * 1024
export const MAX_DOCUMENT = 128 * 1024
const MAX_BRACKETS = 64
const MAX_INDENT = 256
const MAX_ALIASES = 64

export interface Position {
  readonly line: number
  readonly column: number
}

/** One document of a file, parsed. */
export interface YamlSource {
  readonly text: string
  readonly document: Document
  readonly errors: readonly (Position & { readonly message: string })[]
  /** Of an offset in `text`, 1-based, in the file. */
  position(offset: number): Position
}

export interface DocumentText {
  readonly text: string
  /** 0-based line of its first line in the file. */
  readonly line: number
}

/** Documents of a file: they are separated by lines that begin with `---`. Empty ones are left out. */
export function splitDocuments(text: string): DocumentText[] {
  const found: DocumentText[] = []
  let lines: string[] = []
  let start = 0
  const close = (next: number) => {
    if (lines.some((line) => line.trim() !== '' && !line.startsWith('#') && !line.startsWith('%')))
      found.push({ text: lines.join('\n'), line: start })
    lines = []
    start = next
  }
  text.split('\n').forEach((line, index) => {
    if (/^---(?:\s|$)/.test(line)) {
      close(index)
      // The marker goes, what may follow it on its line stays in its column.
      lines.push(`   ${line.slice(3)}`)
    } else if (/^\.\.\.(?:\s|$)/.test(line)) close(index + 1)
    else lines.push(line)
  })
  close(0)
  return found
}

/** Parses one document. Never throws. */
export function parseYaml({ text, line }: DocumentText): YamlSource {
  const counter = new LineCounter()
  const position = (offset: number): Position => {
    const found = counter.linePos(Math.max(0, Math.min(offset, text.length)))
    // The library gives line 0 where it has seen no line.
    return { line: line + Math.max(1, found.line), column: Math.max(1, found.col) }
  }
  const refused = (message: string): YamlSource => ({
    text,
    document: parseDocument(''),
    errors: [{ line: line + 1, column: 1, message }],
    position,
  })
  if (text.length > MAX_DOCUMENT) return refused(`the document is longer than ${MAX_DOCUMENT} characters`)
  if (tooDeep(text)) return refused('the document is nested too deeply')
  try {
    const document = parseDocument(text, {
      lineCounter: counter,
      prettyErrors: false,
      strict: true,
      uniqueKeys: true,
      logLevel: 'silent',
      version: '1.2',
      merge: false,
    })
    const errors = document.errors.slice(0, 20).map((error) => ({ ...position(error.pos[0]), message: error.message }))
    return { text, document, errors, position }
  } catch (error) {
    return refused(
      error instanceof RangeError ? 'the document is nested too deeply' : `the document cannot be read: ${String(error)}`,
    )
  }
}

/** Brackets and indentation as deep as no rule needs, before the parser recurses into them. */
function tooDeep(text: string): boolean {
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === 0x5b || c === 0x7b) {
      // Only such as can open a collection: a bracket inside text is followed and preceded by anything.
      if (++depth > MAX_BRACKETS && /[[{]\s*[[{]\s*[[{]/.test(text.slice(i - 8, i + 1))) return true
    } else if ((c === 0x5d || c === 0x7d) && depth > 0) depth--
    else if (c === 0x0a) {
      let indent = i + 1
      while (text[indent] === ' ' || ((text[indent] === '-' || text[indent] === '?') && text[indent + 1] === ' ')) indent++
      if (indent - i > MAX_INDENT && /(?:[-?] +){32}/.test(text.slice(i, indent))) return true
    }
  }
  return /^(?:[-?] +){64}/.test(text)
}

/** The node an alias stands for; the node itself where it is none; undefined where the alias goes nowhere. */
export class Aliases {
  #followed = 0
  readonly #document: Document

  constructor(document: Document) {
    this.#document = document
  }

  /** @returns `too_many` once a document follows more aliases than any rule needs. */
  resolve(node: unknown): Node | null | undefined | 'too_many' {
    let current = node
    while (isAlias(current)) {
      if (++this.#followed > MAX_ALIASES) return 'too_many'
      current = current.resolve(this.#document)
    }
    return current as Node | null | undefined
  }
}
