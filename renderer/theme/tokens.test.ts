/** Colours come from tokens, tokens exist, and text in every theme can be read (WCAG 2.2 AA). */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

const renderer = join(import.meta.dirname, '..')
const tokens = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8')
const files = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? files(join(folder, entry.name)) : [join(folder, entry.name)],
  )
const styled = files(renderer).filter((path) => /\.(?:css|tsx)$/.test(path) && !path.endsWith('tokens.css'))

/** Declarations of one theme over those of the themes it builds on. */
function theme(name: 'dark' | 'light' | 'contrast'): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const block of tokens.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    const selector = block[1] ?? ''
    if (!selector.includes(':root') && !selector.includes(`"${name}"`)) continue
    if (/data-theme="(?:light|contrast)"/.test(selector) && !selector.includes(`"${name}"`)) continue
    for (const [, key = '', value = ''] of (block[2] ?? '').matchAll(/(--[\w-]+)\s*:\s*([^;]+);/g)) found.set(key, value.trim())
  }
  return found
}
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
const contrast = (a: string, b: string): number => {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

describe('tokens', () => {
  it('are the only colours', () => {
    const found = styled.flatMap((path) =>
      [...readFileSync(path, 'utf8').matchAll(/#(?:[0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3})\b(?![\w/])|\b(?:rgba?|hsla?)\(/gi)].map(
        (match) => `${relative(renderer, path)}: ${match[0]}`,
      ),
    )
    expect(found).toEqual([])
  })
  it('are all defined that are used', () => {
    const defined = new Set(theme('dark').keys())
    const own = new Set(
      styled.flatMap((path) => [...readFileSync(path, 'utf8').matchAll(/(?<![\w(-])(--[\w-]+)\s*:/g)].map((match) => match[1])),
    )
    const missing = styled.flatMap((path) =>
      [...readFileSync(path, 'utf8').matchAll(/var\((--[\w-]+)/g)]
        .map((match) => match[1] ?? '')
        .filter((name) => !defined.has(name) && !own.has(name) && !name.startsWith('--ag-'))
        .map((name) => `${relative(renderer, path)}: ${name}`),
    )
    expect(missing).toEqual([])
  })
  it.each(['dark', 'light', 'contrast'] as const)('can be read in the %s theme', (name) => {
    const found = theme(name)
    const low: string[] = []
    const check = (text: string, on: string, least: number): void => {
      const [a, b] = [found.get(text) ?? '', found.get(on) ?? '']
      if (!a.startsWith('#') || !b.startsWith('#')) low.push(`${text} or ${on} is no colour`)
      else if (contrast(a, b) < least) low.push(`${text} on ${on}: ${contrast(a, b).toFixed(2)}`)
    }
    for (const ground of ['--bg-0', '--bg-1', '--bg-2', '--bg-inset', '--bg-sel', '--bg-hover']) {
      for (const text of ['--fg-0', '--fg-1', '--fg-2', '--accent']) check(text, ground, 4.5)
    }
    for (const ground of ['--bg-0', '--bg-1', '--bg-2']) {
      check('--fg-3', ground, 4.5)
      check('--state-fault', ground, 4.5)
      check('--state-late', ground, 4.5)
      check('--focus', ground, 3)
      check('--line-3', ground, 3)
    }
    for (const [text, ground] of [
      ['--accent-on', '--accent-solid'],
      ['--accent-on', '--accent-kbd'],
      ['--mark-fg', '--mark-bg'],
      ['--link-fg', '--link-bg'],
      ['--accent', '--accent-bg'],
      ['--sev-critical-on', '--sev-critical'],
      ['--sev-high-fill-on', '--sev-high-fill'],
      ['--sev-medium-on', '--sev-medium'],
    ] as const)
      check(text, ground, 4.5)
    expect(low).toEqual([])
  })
})
