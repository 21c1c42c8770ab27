import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeCase } from '../made-case.ts'
import { turnsOf, type Turn } from './dialogue.ts'

const turns = (sent: string, answered: string): readonly Turn[] =>
  makeCase({ title: 'x', conversations: [{ sent, answered }] }).conversations.flatMap(turnsOf)
const brief = (all: readonly Turn[]): string[] => all.map(({ command, code }) => `${command} ${code}`)

describe('turns of line protocols', () => {
  it('reads a mail', () => {
    const all = turns(
      'EHLO a\r\nMAIL FROM:<x@a.example>\r\nRCPT TO:<y@b.example>\r\nDATA\r\nSubject: q\r\n\r\nQUIT\r\n.\r\nQUIT\r\n',
      '220 mx ESMTP\r\n250-mx\r\n250-SIZE 9\r\n250 HELP\r\n250 ok\r\n250 ok\r\n354 go\r\n250 queued\r\n221 bye\r\n',
    )
    expect(brief(all)).toEqual(['EHLO 250', 'MAIL 250', 'RCPT 250', 'DATA 354', '. 250', 'QUIT 221'])
    expect(all[4]).toMatchObject({ text: 'queued' })
    expect(all[4]?.reply?.text).toBe('250 queued')
  })
  it('reads a transfer, whose reply comes in two', () => {
    expect(brief(turns('USER a\r\nPASS b\r\nRETR f\r\n', '220 hi\r\n331 pw\r\n230 in\r\n150 opening\r\n226 done\r\n'))).toEqual([
      'USER 331',
      'PASS 230',
      'RETR 226',
    ])
  })
  it('knows no reply where none came, and no mail where DATA was refused', () => {
    expect(brief(turns('EHLO a\r\nDATA\r\nx\r\n.\r\nQUIT\r\n', '220 mx\r\n250 mx\r\n503 no\r\n221 bye\r\n'))).toEqual([
      'EHLO 250',
      'DATA 503',
      'QUIT 221',
    ])
    expect(brief(turns('RETR f\r\n', ''))).toEqual(['RETR null'])
  })
  it('takes anything, in bounds', () => {
    const bits = fc.array(fc.constantFrom('250 ', '250-', '\r\n', 'DATA', '.', ' ', '\0', 'RCPT TO:<', '220'), { maxLength: 60 })
    fc.assert(fc.property(bits, bits, (a, b) => turns(a.join(''), b.join('')).length <= 400))
    expect(turns('NOOP\n'.repeat(50_000), '200 \n'.repeat(50_000)).length).toBe(400)
  })
})
