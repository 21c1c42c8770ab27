import { describe, expect, it } from 'vitest'
import { Keyboard, keyName, SEQUENCE_MS, takesText, type KeyPress } from './keys.ts'

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
})

describe('names of keys', () => {
  it.each([
    [press('j'), 'j'],
    [press('J', { shiftKey: true }), 'J'],
    [press('?', { shiftKey: true }), '?'],
    [press('k', { ctrlKey: true }), 'Ctrl+K'],
    [press('k', { metaKey: true }), 'Ctrl+K'],
    [press('P', { ctrlKey: true, shiftKey: true }), 'Ctrl+Shift+P'],
    [press('C', { ctrlKey: true, altKey: true }), 'Ctrl+Alt+C'],
    [press('þ', { code: 'KeyT', ctrlKey: true, altKey: true, shiftKey: true }), 'Ctrl+Alt+Shift+T'],
    [press('.', { ctrlKey: true }), 'Ctrl+.'],
    [press('F6', { shiftKey: true }), 'Shift+F6'],
    [press('ArrowDown', { shiftKey: true }), 'Shift+ArrowDown'],
    [press(' '), 'Space'],
    [press('ㅓ', { code: 'KeyJ' }), 'j'],
    [press('ㄲ', { code: 'KeyR', shiftKey: true }), 'R'],
    [press('о', { code: 'KeyJ' }), 'j'],
    [press('é', { code: 'Digit2' }), 'é'],
    [press('Shift', { shiftKey: true }), undefined],
    [press('Process'), undefined],
    [press('j', { isComposing: true }), undefined],
  ])('%o', (event, name) => expect(keyName(event)).toBe(name))
})

describe('the keyboard', () => {
  const setup = () => {
    const keyboard = new Keyboard()
    const did: string[] = []
    keyboard.bind([
      { keys: ['j', 'ArrowDown'], run: () => void did.push('next') },
      { keys: ['g a'], run: () => void did.push('alerts') },
      { keys: ['Ctrl+K'], inText: true, run: () => void did.push('palette') },
      { keys: ['Escape'], run: () => void did.push('back') },
    ])
    const type = (key: string, inText = false, now = 0, more: Partial<KeyPress> = {}): boolean =>
      keyboard.press(press(key, more), inText, now)
    return { keyboard, did, type }
  }
  it('runs what is bound, and says so', () => {
    const { did, type } = setup()
    expect([type('j'), type('ArrowDown'), type('q')]).toEqual([true, true, false])
    expect(did).toEqual(['next', 'next'])
  })
  it('leaves text fields alone', () => {
    const { did, type } = setup()
    expect([type('j', true), type('g', true), type('Escape', true), type('ArrowDown', true)]).toEqual([
      false,
      false,
      false,
      false,
    ])
    expect(type('k', true, 0, { ctrlKey: true })).toBe(true)
    expect(did).toEqual(['palette'])
  })
  it('knows sequences, within their time', () => {
    const { did, type, keyboard } = setup()
    expect(type('g', false, 0)).toBe(true)
    expect(keyboard.waiting).toBe('g')
    expect(type('a', false, SEQUENCE_MS)).toBe(true)
    type('g', false, 10_000)
    expect(type('a', false, 10_001 + SEQUENCE_MS)).toBe(false)
    expect(did).toEqual(['alerts'])
  })
  it('takes the second key by itself where the sequence means nothing', () => {
    const { did, type } = setup()
    type('g')
    expect(type('j')).toBe(true)
    expect(did).toEqual(['next'])
  })
  it('can turn single letters off, and only them', () => {
    const { did, type, keyboard } = setup()
    keyboard.singleKeys = false
    expect([type('j'), type('g'), type('ArrowDown'), type('k', false, 0, { ctrlKey: true })]).toEqual([false, false, true, true])
    expect(did).toEqual(['next', 'palette'])
  })
  it('is silent below an open layer', () => {
    const { did, type, keyboard } = setup()
    const menu = Symbol('menu')
    const remove = keyboard.push(menu)
    keyboard.bind([{ keys: ['1'], run: () => void did.push('first') }], menu)
    expect([type('j'), type('1')]).toEqual([false, true])
    remove()
    expect([type('j'), type('1')]).toEqual([true, false])
    expect(did).toEqual(['first', 'next'])
  })
  it('asks the newest first, and goes on where it does not apply', () => {
    const { did, type, keyboard } = setup()
    const off = keyboard.bind([{ keys: ['j'], run: () => (did.push('asked'), false) }])
    expect(type('j')).toBe(true)
    off()
    type('j')
    expect(did).toEqual(['asked', 'next', 'next'])
  })
})

describe('text fields', () => {
  const element = (tagName: string, type?: string): Element =>
    ({ tagName, getAttribute: () => type ?? null, isContentEditable: false }) as unknown as Element
  it('are known', () => {
    expect([element('INPUT'), element('INPUT', 'search'), element('TEXTAREA'), element('SELECT')].map(takesText)).toEqual([
      true,
      true,
      true,
      true,
    ])
    expect([element('INPUT', 'checkbox'), element('BUTTON'), null].map(takesText)).toEqual([false, false, false])
  })
})
