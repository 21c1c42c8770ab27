import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readServingNote, writeServingNote } from './serving-note.ts'

const note = { url: 'http://127.0.0.1:4000/?token=x', pid: 7 }

describe('the note of where a desk is served', () => {
  it('is read as it was written, also over an older one', () => {
    const folder = mkdtempSync(join(tmpdir(), 'watchfloor-note-'))
    expect(writeServingNote(folder, { ...note, pid: 6 })).toBe(true)
    expect(writeServingNote(folder, note)).toBe(true)
    expect(readServingNote(folder)).toEqual(note)
  })

  it('does not end a desk whose disk takes no more', () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'watchfloor-note-')), 'file')
    writeFileSync(folder, '')
    expect(writeServingNote(folder, note)).toBe(false)
    const taken = mkdtempSync(join(tmpdir(), 'watchfloor-note-'))
    mkdirSync(join(taken, 'serving.json', 'in-the-way'), { recursive: true })
    expect(writeServingNote(taken, note)).toBe(false)
    expect(readServingNote(taken)).toBeNull()
  })
})
