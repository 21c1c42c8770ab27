import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keyOfQuad, keyOfV6, textOfKey } from './addresses.ts'
import { Masker } from './mask.ts'

function masker(own: string[] = ['192.0.2.0/24', '2001:db8:1::/48'], hosts: string[] = []): Masker {
  const made = Masker.of({ own, hosts })
  if (!made.ok) throw new Error(made.error.message)
  return made.value
}
/** As a report does: all is learned before any is masked. */
function masked(texts: readonly string[], own?: string[], hosts?: string[]): string[] {
  const made = masker(own, hosts)
  for (const text of texts) made.learn(text)
  return texts.map((text) => made.mask(text))
}

describe('addresses', () => {
  it('are one and the same in every spelling', () => {
    expect(keyOfV6('2001:db8::1')).toBe(keyOfV6('2001:0DB8:0:0:0:0:0:1'))
    expect(keyOfV6('::ffff:198.51.100.47')).toBe(keyOfQuad(['198', '051', '100', '47']))
    expect(keyOfV6('std::vector')).toBeNull()
    expect(keyOfQuad(['198', '51', '100', '256'])).toBeNull()
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const key = keyOfV6(address)
        expect(key).not.toBeNull()
        const whole = textOfKey(key!)
        expect(whole.includes('.') ? keyOfQuad(whole.split('.')) : keyOfV6(whole)).toBe(key)
      }),
    )
  })
})

describe('masks', () => {
  it.each([
    ['from 198.51.100.47 to 192.0.2.10', 'from 198.51.x.x #1 to 192.0.2.10'],
    ['198.51.100.47, again 198.51.100.47', '198.51.x.x #1, again 198.51.x.x #1'],
    ['198.51.100.47 and 198.51.100.48', '198.51.x.x #1 and 198.51.x.x #2'],
    ['http://198.51.100.47:8080/a?b=1', 'http://198.51.x.x #1:8080/a?b=1'],
    ['hxxp://198[.]51[.]100[.]47/a', 'hxxp://198.51.x.x #1/a'],
    ['198(.)51.100[dot]47', '198.51.x.x #1'],
    ['198.051.100.047', '198.51.x.x #1'],
    ['47.100.51.198.in-addr.arpa', '198.51.x.x #1.in-addr.arpa'],
    ['2001:db8::1 and 2001:DB8:0:0::1', '2001:db8:x:x #1 and 2001:db8:x:x #1'],
    ['[2001:db8::1]:443', '[2001:db8:x:x #1]:443'],
    ['src:2001:db8::1.', 'src:2001:db8:x:x #1.'],
    ['2001:db8::1..2001:db8::5', '2001:db8:x:x #1..2001:db8:x:x #2'],
    ['::ffff:198.51.100.47', '198.51.x.x #1'],
    ['own 2001:db8:1::5', 'own 2001:db8:1::5'],
    ['127.0.0.1 ::1 0.0.0.0 224.0.0.251', '127.0.0.1 ::1 0.0.0.0 224.0.0.251'],
    ['at 18:21:47.412, std::vector, aa:bb:cc:dd:ee:ff', 'at 18:21:47.412, std::vector, aa:bb:cc:dd:ee:ff'],
    ['1.3.6.1.4.1.311 and 999.1.1.1', '1.3.6.1.4.1.311 and 999.1.1.1'],
  ])('%s', (text, expected) => expect(masked([text])).toEqual([expected]))

  it('are found in other spellings where the address is known', () => {
    expect(
      masked([
        '198.51.100.47',
        'ec2-198-51-100-47.example',
        '198_51_100_47.pcap',
        '0xc633642f',
        '3325256751',
        '5.198.51.100.47.6',
        '1198.51.100.47198.51.100.47',
        'aaa2001:db8::1fffff',
        '2001:db8::1',
        '2001-db8--1.ipv6-literal.net',
        '20010db8000000000000000000000001',
        `${'1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2'}.ip6.arpa`,
      ]),
    ).toEqual([
      '198.51.x.x #1',
      'ec2-198.51.x.x #1.example',
      '198.51.x.x #1.pcap',
      '198.51.x.x #1',
      '198.51.x.x #1',
      '5.198.51.x.x #1.6',
      '1198.51.x.x #1 198.51.x.x #1',
      'aaa2001:db8:x:x #2 fffff',
      '2001:db8:x:x #2',
      '2001:db8:x:x #2.ipv6-literal.net',
      '2001:db8:x:x #2',
      '2001:db8:x:x #2',
    ])
    // A number is a number where nothing is known of it.
    expect(masked(['3325256751 bytes, build 10-0-19-41'])).toEqual(['3325256751 bytes, build 10-0-19-41'])
  })

  it('hide hosts of others, also in names of files and behind Korean endings', () => {
    expect(masked(['서버실-01에서 서버실-012로'], [], ['서버실-01'])).toEqual(['host #1에서 서버실-012로'])
    expect(masked(['db-09는 DB-09.pcap, adb-09, db-09', 'mail.other[.]example'], [], ['db-09', 'mail.other.example'])).toEqual([
      'host #1는 host #1.pcap, adb-09, host #1',
      'host #2',
    ])
  })

  it('leave none of the addresses, whatever stands around them', () => {
    const around = fc.constantFrom(
      ' ',
      '',
      '/',
      '_',
      '-',
      '.',
      ':',
      '[',
      ']',
      '(',
      '@',
      '=',
      'x',
      '은',
      '%',
      '"',
      '\n',
      '::',
      '..',
    )
    const address = fc.oneof(
      fc.ipV4(),
      fc.ipV6(),
      fc.constantFrom('198.51.100.47', '2001:db8::1', 'fe80::1', '::ffff:198.51.100.47'),
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(around, address, around), { minLength: 1, maxLength: 6 }), (parts) => {
        const texts = [
          parts.map((part) => part.join('')).join(''),
          ...parts.map(([before, own, after]) => `${before}${own}${after}`),
          ...parts.map(([, own]) => own),
        ]
        const shown = masked(texts, [])
        for (const [, own] of parts) {
          const key = own.includes(':') ? keyOfV6(own) : keyOfQuad(own.split('.'))
          const nobodys = masked([own], [])[0] === own
          if (key === null || nobodys) continue
          // The address alone is masked, and nowhere is it left as it was written.
          for (const text of shown.slice(1 + parts.length)) expect(text).not.toBe(own)
          const bounded = new RegExp(`(?<![0-9a-f.:])${own.replaceAll('.', '\\.')}(?![0-9a-f:]|\\.\\d)`, 'i')
          for (const text of shown) expect(bounded.test(text), `${text} of ${texts.join(' | ')}`).toBe(false)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('are found in good time, whatever comes in', () => {
    for (const text of [':1'.repeat(10_000), '1.'.repeat(10_000), '1-'.repeat(10_000), '::'.repeat(10_000), 'a:'.repeat(10_000)])
      expect(masked([text])[0]?.length).toBeGreaterThan(0)
  })

  it('want networks that can be read', () => {
    for (const own of ['192.0.2.0/33', '192.0.2', '::/129', '192.0.2.0/', '192.0.2.0/8/8', 'x', '1.1.1.1/-1'])
      expect(Masker.of({ own: [own], hosts: [] }).ok, own).toBe(false)
  })
})
