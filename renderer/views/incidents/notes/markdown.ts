/**
 * The few marks of Markdown that a note may have, as a tree: headings, lists, emphasis, code, quotes, links, mentions, and names of
 * alerts and evidence. There is no HTML and no picture in it; whatever is no mark is text. Linear in the length of the text, bounded in
 * depth and count; what goes beyond is shown as it was written.
 */

export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'em'; readonly of: readonly Inline[] }
  /** `picture`: it was written as a picture; it is never loaded. */
  | { readonly kind: 'link'; readonly text: string; readonly address: string; readonly picture: boolean }
  | { readonly kind: 'mention'; readonly name: string }
  /** `A-48213` or `EV-03`. */
  | { readonly kind: 'named'; readonly name: string }

export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly of: readonly Inline[] }
  | { readonly kind: 'paragraph'; readonly lines: readonly (readonly Inline[])[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly start: number; readonly items: readonly (readonly Block[])[] }
  | { readonly kind: 'quote'; readonly of: readonly Block[] }
  | { readonly kind: 'rule' }

/** Most blocks of a text; the rest is one block of code. */
export const MOST_BLOCKS = 2000
const DEEPEST = 6

const FENCE = /^ {0,3}(`{3,}|~{3,})[^`]{0,100}$/
const HEADING = /^ {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*$/
const RULE = /^ {0,3}(?:-[ \t]*){3,200}$|^ {0,3}(?:\*[ \t]*){3,200}$/
const ITEM = /^( {0,3})(?:([-*+])|(\d{1,9})[.)])[ \t]+(.*)$/
const QUOTE = /^ {0,3}> ?(.*)$/

/** `names`: who may be mentioned after `@`. */
export function parseMarkdown(text: string, names: readonly string[] = []): readonly Block[] {
  const left = { blocks: MOST_BLOCKS }
  const known = [...new Set(names)].filter((name) => name !== '').sort((a, b) => b.length - a.length)
  return blocksOf(text.replaceAll(/\r\n?/g, '\n').split('\n'), known, 0, left)
}

function blocksOf(lines: readonly string[], names: readonly string[], depth: number, left: { blocks: number }): readonly Block[] {
  const blocks: Block[] = []
  let at = 0
  while (at < lines.length) {
    const line = lines[at] ?? ''
    if (line.trim() === '') {
      at += 1
      continue
    }
    if (left.blocks <= 0) {
      blocks.push({ kind: 'code', text: lines.slice(at).join('\n') })
      break
    }
    left.blocks -= 1
    const fence = FENCE.exec(line)
    if (fence) {
      const mark = fence[1] ?? '```'
      const closing = new RegExp(`^ {0,3}${mark[0] === '~' ? '~' : '`'}{${mark.length},}\\s*$`)
      let end = at + 1
      while (end < lines.length && !closing.test(lines[end] ?? '')) end += 1
      blocks.push({ kind: 'code', text: lines.slice(at + 1, end).join('\n') })
      at = end + 1
      continue
    }
    const heading = HEADING.exec(line)
    if (heading) {
      blocks.push({ kind: 'heading', level: heading[1]?.length ?? 1, of: inlineOf(heading[2] ?? '', names) })
      at += 1
      continue
    }
    if (RULE.test(line)) {
      blocks.push({ kind: 'rule' })
      at += 1
      continue
    }
    if (depth < DEEPEST && QUOTE.test(line)) {
      const inner: string[] = []
      for (let quoted = QUOTE.exec(lines[at] ?? ''); quoted; quoted = QUOTE.exec(lines[++at] ?? '')) inner.push(quoted[1] ?? '')
      blocks.push({ kind: 'quote', of: blocksOf(inner, names, depth + 1, left) })
      continue
    }
    const first = depth < DEEPEST ? ITEM.exec(line) : null
    if (first) {
      const ordered = first[3] !== undefined
      const items: (readonly Block[])[] = []
      for (
        let item = ITEM.exec(lines[at] ?? '');
        item && (item[3] !== undefined) === ordered;
        item = ITEM.exec(lines[at] ?? '')
      ) {
        const inner = [item[4] ?? '']
        at += 1
        // What is written further to the right belongs to the item.
        for (let next = lines[at]; next !== undefined; next = lines[at]) {
          const indented = /^(?: {2,4}|\t)(.*)$/.exec(next)
          if (!indented) break
          inner.push(indented[1] ?? '')
          at += 1
        }
        items.push(blocksOf(inner, names, depth + 1, left))
      }
      blocks.push({ kind: 'list', ordered, start: Number(first[3] ?? 1), items })
      continue
    }
    const paragraph: string[] = []
    for (let next = lines[at]; next !== undefined && next.trim() !== ''; next = lines[at]) {
      if (paragraph.length > 0 && (FENCE.test(next) || HEADING.test(next) || RULE.test(next))) break
      if (paragraph.length > 0 && depth < DEEPEST && (QUOTE.test(next) || ITEM.test(next))) break
      paragraph.push(next)
      at += 1
    }
    blocks.push({ kind: 'paragraph', lines: paragraph.map((one) => inlineOf(one, names)) })
  }
  return blocks
}

const LINK = /(!?)\[([^\]\n]{0,500})\]\(([^()\s]{1,2000})\)/y
const ADDRESS = /https?:\/\/[^\s<>"'`)\]]{1,2000}/y
const NAMED = /(?:A-\d{1,16}|EV-\d{2,4})(?![\p{L}\p{N}_-])/uy
const WORD = /[\p{L}\p{N}_]/u

/** Marks within a line. */
export function inlineOf(text: string, names: readonly string[] = [], depth = 0): readonly Inline[] {
  const found: Inline[] = []
  let plain = 0
  let at = 0
  /** Marks that are not closed further on: not looked for again. */
  const open = new Set<string>()
  const take = (node: Inline, end: number): void => {
    if (at > plain) found.push({ kind: 'text', text: text.slice(plain, at) })
    found.push(node)
    at = end
    plain = end
  }
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    return pattern.exec(text)
  }
  while (at < text.length) {
    const character = text[at] ?? ''
    const begins = at === 0 || !WORD.test(text[at - 1] ?? '')
    if (character === '\\' && /[\\`*_[\]()#!@>-]/.test(text[at + 1] ?? '')) {
      take({ kind: 'text', text: text[at + 1] ?? '' }, at + 2)
      continue
    }
    if (character === '`') {
      let ticks = 1
      while (text[at + ticks] === '`') ticks += 1
      const mark = '`'.repeat(ticks)
      const end = open.has(mark) ? -1 : text.indexOf(mark, at + ticks)
      if (end > at + ticks) {
        take({ kind: 'code', text: text.slice(at + ticks, end) }, end + ticks)
        continue
      }
      if (end < 0) open.add(mark)
      at += ticks
      continue
    }
    if ((character === '*' || character === '_') && depth < DEEPEST) {
      const mark = text[at + 1] === character ? character + character : character
      const inner = at + mark.length
      const fits = !/\s/.test(text[inner] ?? ' ') && (character === '*' || begins)
      const end = fits && !open.has(mark) ? closingOf(text, mark, inner) : -1
      if (fits && end < 0) open.add(mark)
      if (end > inner) {
        take(
          { kind: mark.length === 2 ? 'strong' : 'em', of: inlineOf(text.slice(inner, end), names, depth + 1) },
          end + mark.length,
        )
        continue
      }
      at += mark.length
      continue
    }
    if (character === '[' || (character === '!' && text[at + 1] === '[')) {
      const link = match(LINK)
      if (link) {
        take({ kind: 'link', text: link[2] ?? '', address: link[3] ?? '', picture: link[1] === '!' }, at + link[0].length)
        continue
      }
    } else if (character === 'h' && begins) {
      const address = match(ADDRESS)?.[0].replace(/[.,;:!?]+$/, '')
      if (address !== undefined) {
        take({ kind: 'link', text: '', address, picture: false }, at + address.length)
        continue
      }
    } else if (character === '@' && begins) {
      const name = names.find((one) => text.startsWith(one, at + 1))
      if (name !== undefined) {
        take({ kind: 'mention', name }, at + 1 + name.length)
        continue
      }
    } else if ((character === 'A' || character === 'E') && begins) {
      const named = match(NAMED)
      if (named) {
        take({ kind: 'named', name: named[0] }, at + named[0].length)
        continue
      }
    }
    at += 1
  }
  if (plain < text.length) found.push({ kind: 'text', text: text.slice(plain) })
  return found
}

/** Where a mark is closed: not after a space, and not by a part of a longer one. -1 where it is not. */
function closingOf(text: string, mark: string, from: number): number {
  const one = mark[0] ?? '*'
  for (let end = text.indexOf(mark, from); end >= 0; end = text.indexOf(mark, end + 1)) {
    const before = text[end - 1] ?? ' '
    if (/\s/.test(before)) continue
    if (mark.length === 1) {
      if (before === one || text[end + 1] === one) continue
      if (one === '_' && WORD.test(text[end + 1] ?? '')) continue
    }
    return end
  }
  return -1
}

/** Every character of a tree that is text, for looking whether anything was lost. */
export function plainText(blocks: readonly Block[]): string {
  const said = (node: Inline): string => {
    switch (node.kind) {
      case 'strong':
      case 'em':
        return inline(node.of)
      case 'link':
        return `${node.text} ${node.address}`
      case 'mention':
        return `@${node.name}`
      case 'named':
        return node.name
      case 'text':
      case 'code':
        return node.text
    }
  }
  const inline = (nodes: readonly Inline[]): string => nodes.map(said).join('')
  return blocks
    .map((block): string => {
      switch (block.kind) {
        case 'heading':
          return inline(block.of)
        case 'paragraph':
          return block.lines.map(inline).join('\n')
        case 'code':
          return block.text
        case 'list':
          return block.items.map(plainText).join('\n')
        case 'quote':
          return plainText(block.of)
        case 'rule':
          return ''
      }
    })
    .join('\n')
}
