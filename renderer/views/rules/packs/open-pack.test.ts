import { expect, it } from 'vitest'
import { isPackName } from '../../../../shared/pack-contract.ts'
import { EXPORT, exported, IMPORT, opened } from './open-pack.ts'

it('is a pack, or a dialog over one', () => {
  expect([opened('Web servers'), exported('Web servers')]).toEqual(['Web servers', null])
  expect([opened(IMPORT), exported(IMPORT)]).toEqual(['', null])
  expect([opened(EXPORT), exported(EXPORT)]).toEqual(['', ''])
  expect([opened(`${EXPORT}웹 서버`), exported(`${EXPORT}웹 서버`)]).toEqual(['웹 서버', '웹 서버'])
})
it('never is mistaken for the other: no pack has the name of a dialog', () => {
  for (const word of [IMPORT, EXPORT, `${EXPORT}a`]) expect(isPackName(word)).toBe(false)
})
