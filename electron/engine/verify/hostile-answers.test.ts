/** Tests of the family `answer` take any bytes: long ones that would make a careless pattern go back again and again, and torn ones. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ImpactFinding } from '../../../shared/model/impact.ts'
import { ATTACK_CLASSES } from './attack-class.ts'
import type { Exchange, ImpactCase } from './case.ts'
import { makeCase } from './made-case.ts'
import { impactTests } from './registry.ts'
import { runTests } from './run-tests.ts'

const tests = impactTests.filter(({ family }) => family === 'answer')
const SIZE = 262_144

/** Beginnings of what tests look for, over and over, that never come to their end. */
const PIECES = [
  'uid=1(', 'root:x:0:0:', 'a', ' ', '\0', '<', '&lt;', '&#60', '%25', '{{7*', '${', '<script ', 'filename="', 'SELECT CONCAT(0x71', '<!ENTITY x ', '[core]\n', '-rwxr-xr-x 1 ',
  '250-', '250 ', 'RCPT TO:<a@', '<title>', "'\" onload=", 'XPATH syntax error: \'', '\\u00', '1*1*', 'CHAR(1,', 'PATH=/', '->|', '<configuration>', '"AccessKeyId" : "', 'ami-id\n',
] // prettier-ignore

const EACH = [
  null,
  'sql_injection',
  'cross_site_scripting',
  'web_shell',
  'server_side_request',
  'xml_entity',
  'information_leak',
] as const

function looked(of: ImpactCase, classes: readonly (typeof EACH)[number][]): void {
  for (const attackClass of classes) {
    const errors: unknown[] = []
    const { findings } = runTests(tests, { ...of, attackClass }, (test, error) => errors.push([test, error]))
    expect(errors).toEqual([])
    for (const finding of findings) ImpactFinding.parse(finding)
  }
}

const withRequest = (of: ImpactCase, text: string): ImpactCase => ({
  ...of,
  exchanges: of.exchanges.map((one): Exchange => ({ ...one, url: `/x.php?a=${text.slice(0, 65_000)}` })),
})

describe('answers from outside', () => {
  it.each(PIECES)('a quarter of a megabyte of %j', (piece) => {
    const text = piece.repeat(Math.ceil(SIZE / piece.length)).slice(0, SIZE)
    looked(
      withRequest(makeCase({ title: 'x', exchanges: [{ url: '/', body: text, requestBody: text.slice(0, 65_536) }] }), text),
      EACH,
    )
    looked(
      makeCase({
        title: 'Mail relay, reverse shell',
        port: 25,
        conversations: [
          { port: 389, sent: text, answered: text },
          { port: 25, sent: text, answered: text },
        ],
      }),
      [null, 'information_leak'],
    )
  })

  it('torn and mixed', () => {
    const text = fc
      .array(fc.constantFrom(...PIECES, ')', '>', "'", '\r\n', '%3C', '}}', ';id', '49', '\xff'), { maxLength: 40 })
      .map((pieces) => pieces.join(''))
    const status = fc.constantFrom(null, 200, 302, 401, 404, 500)
    fc.assert(
      fc.property(text, text, status, fc.constantFrom(...ATTACK_CLASSES, null), (sent, answered, code, attackClass) => {
        const errors: unknown[] = []
        const of = makeCase({
          title: 'x',
          exchanges: [{ method: 'POST', url: `/a.php?q=${sent}`, requestBody: sent, body: answered, status: code }],
        })
        runTests(tests, { ...of, attackClass }, (test, error) => errors.push([test, error]))
        expect(errors).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  it('a page that repeats whatever was sent shows no success, but for a script', () => {
    const sent = fc
      .array(
        fc.constantFrom(
          ...PIECES,
          ')',
          "'",
          ';id;',
          'uid=0(root) gid=0(root)',
          '{{7*7}}',
          ' UNION SELECT version()',
          '-- ',
          '7331*1337',
        ),
        { maxLength: 12 },
      )
      .map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(
        sent,
        fc.constantFrom(...ATTACK_CLASSES.filter((one) => one !== 'cross_site_scripting')),
        (text, attackClass) => {
          const plain = text.replace(/[%+\\&\0]/g, '')
          const of = makeCase({
            title: 'x',
            exchanges: [{ url: `/s?q=${encodeURIComponent(plain)}`, body: `<html><p>Nothing found for ${plain}</p></html>` }],
          })
          const { result } = runTests(tests, { ...of, attackClass }, () => undefined)
          expect(result).not.toBe('succeeded')
        },
      ),
      { numRuns: 300 },
    )
  })
})
