import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareNames, compareValues, isDisjoint, isEqual, isSubset, isSuperset } from './cpe-match.ts'
import { CPE_ATTRIBUTES, cpeOf, cpeValue, formatCpe, parseCpe, plainValue, type Cpe } from './cpe-name.ts'
import { criterionOf, fitOf } from './criterion.ts'
import { cpeOfSoftware, cpeOfText, slugOf, versionIn } from './product-text.ts'
import { ALL_VERSIONS, compareVersions, parseRanges, placeInRange } from './version-order.ts'

const read = (text: string): Cpe => {
  const parsed = parseCpe(text)
  if (!parsed.ok) throw new Error(`${text}: ${parsed.error.message} at ${parsed.error.at}`)
  return parsed.value
}

const text = fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 12 }).map((value) => value.replace(/[^!-~]/g, 'x'))
const literal = text.map(cpeValue)
const wild = fc
  .tuple(
    fc.constantFrom('', '*', '?', '??'),
    text.map((value) => cpeValue(value).replace(/^\*$/, 'x')),
    fc.constantFrom('', '*', '?'),
  )
  .map((parts) => parts.join(''))
const attribute = fc.oneof(fc.constant('*'), fc.constant('-'), literal)
const part = fc.constantFrom('a', 'o', 'h')
const nameWith = (value: fc.Arbitrary<string>): fc.Arbitrary<Cpe> =>
  fc
    .tuple(part, fc.array(value, { minLength: 10, maxLength: 10 }))
    .map(([first, rest]) => Object.fromEntries(CPE_ATTRIBUTES.map((name, i) => [name, i === 0 ? first : rest[i - 1]!])) as Cpe)

describe('names', () => {
  it('are read as the specification binds them', () => {
    expect(read('cpe:2.3:a:hp:insight_diagnostics:7.4.0.1570:-:*:*:online:win2003:x64:*')).toMatchObject({
      vendor: 'hp',
      version: '7.4.0.1570',
      update: '-',
      swEdition: 'online',
      targetSw: 'win2003',
      targetHw: 'x64',
    })
    expect(read('cpe:2.3:a:foo\\\\bar:big\\$money:2010:*:*:*:special:ipod_touch:80gb:*').product).toBe('big\\$money')
    // NISTIR 7695, examples of section 6.1.3.2.
    expect(formatCpe(read('cpe:/a:microsoft:internet_explorer:8.0.6001:beta'))).toBe(
      'cpe:2.3:a:microsoft:internet_explorer:8.0.6001:beta:*:*:*:*:*:*',
    )
    expect(formatCpe(read('cpe:/a:hp:insight_diagnostics:7.4.0.1570:-:~~online~win2003~x64~'))).toBe(
      'cpe:2.3:a:hp:insight_diagnostics:7.4.0.1570:-:*:*:online:win2003:x64:*',
    )
    expect(formatCpe(read('cpe:/a:microsoft:internet_explorer:8.%02:sp%01'))).toBe(
      'cpe:2.3:a:microsoft:internet_explorer:8.*:sp?:*:*:*:*:*:*',
    )
    expect(formatCpe(read('cpe:/a:foo%5cbar:big%24money_manager_2010:::~~special~ipod_touch~80gb~'))).toBe(
      'cpe:2.3:a:foo\\\\bar:big\\$money_manager_2010:*:*:*:*:special:ipod_touch:80gb:*',
    )
    expect(formatCpe(read('CPE:2.3:A:Apache:HTTP_Server:2.4:*:*:*:*:*:*:*'))).toContain(':apache:http_server:2.4:')
  })
  it.each([
    ['cpe:2.3:a:x', 'fewer', 11],
    ['cpe:2.3:a:x:y:1:*:*:*:*:*:*:*:z', 'more than eleven', 31],
    ['cpe:2.3:q:x:y:1:*:*:*:*:*:*:*', 'no value of part', 8],
    ['cpe:2.3:a:x y:y:1:*:*:*:*:*:*:*', 'no value of vendor', 10],
    ['cpe:2.3:a:x:y*z:1:*:*:*:*:*:*:*', 'no value of product', 12],
    ['cpe:/a:x:y%0', 'no value of product', 9],
    ['http://x', 'neither', 0],
  ])('%s is refused', (name, message, at) => {
    const parsed = parseCpe(name)
    expect(parsed.ok).toBe(false)
    if (!parsed.ok) expect([parsed.error.message.includes(message), parsed.error.at]).toEqual([true, at])
  })
  it('come back as they were written', () => {
    fc.assert(
      fc.property(nameWith(fc.oneof(attribute, wild)), (name) => {
        expect(read(formatCpe(name))).toEqual(name)
      }),
    )
  })
  it('hold any text as itself', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(plainValue(cpeValue(value))).toBe(value.toLowerCase())
      }),
    )
  })
  it('are read or refused, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 80 }),
        (rest) => void [parseCpe(`cpe:2.3:${rest}`), parseCpe(`cpe:/${rest}`), parseCpe(rest)],
      ),
    )
  })
})

describe('matching', () => {
  it('is as table 6-2 and its examples say', () => {
    expect(compareValues('*', '-')).toBe('superset')
    expect(compareValues('-', '*')).toBe('subset')
    expect(compareValues('-', 'x')).toBe('disjoint')
    expect(compareValues('x', 'y*')).toBe('undefined')
    expect(compareValues('9.*', '9.3.0')).toBe('superset')
    expect(compareValues('8.?', '8.1')).toBe('superset')
    expect(compareValues('8.?', '8.12')).toBe('disjoint')
    expect(compareValues('8.\\*', '8.1')).toBe('disjoint')
    const source = read('cpe:2.3:a:adobe:*:9.*:*:*:palmos:*:*:*:*')
    const target = read('cpe:2.3:a:adobe:reader:9.3.2:-:-:*:*:*:*:*')
    expect(compareNames(source, target)).toContain('subset')
    expect(isSuperset(source, { ...target, language: 'palmos' })).toBe(true)
  })
  it('of a name with itself is equality, and any name is a superset of it', () => {
    const all = read('cpe:2.3:*:*:*:*:*:*:*:*:*:*:*')
    fc.assert(
      fc.property(nameWith(attribute), (name) => {
        expect(isEqual(name, name)).toBe(true)
        expect(isSuperset(all, name)).toBe(true)
        expect(isSubset(name, all)).toBe(true)
      }),
    )
  })
  it('of a superset is a subset the other way around, and equality goes both ways', () => {
    fc.assert(
      fc.property(nameWith(attribute), nameWith(attribute), fc.nat(10), (a, b, keep) => {
        const near = { ...a, [CPE_ATTRIBUTES[keep]!]: b[CPE_ATTRIBUTES[keep]!] } as Cpe
        expect(isSuperset(a, near)).toBe(isSubset(near, a))
        expect(isEqual(a, near)).toBe(isSuperset(a, near) && isSubset(a, near))
        expect(isDisjoint(a, near)).toBe(isDisjoint(near, a))
      }),
    )
  })
  it('with a wildcard takes what begins or ends so', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(compareValues(`${cpeValue(`${a}x`)}*`, cpeValue(`${a}x${b}`))).toBe('superset')
        expect(compareValues(`*${cpeValue(`x${b}`)}`, cpeValue(`${a}x${b}`))).toBe('superset')
      }),
    )
  })
})

describe('versions', () => {
  const order = [
    '1.0-alpha',
    '1.0-beta2',
    '1.0rc1',
    '1.0',
    '1.0p1',
    '1.0.1',
    '1.0.1a',
    '1.0.1b',
    '1.0.2',
    '1.2',
    '1.10',
    '2',
    '2026.01.02',
    '10000000000000000000.1',
  ]
  it('have the order that makers mean', () => {
    for (const [i, a] of order.entries())
      for (const [j, b] of order.entries()) expect([a, b, compareVersions(a, b)]).toEqual([a, b, Math.sign(i - j)])
    expect(compareVersions('1.0', '1.0.0')).toBe(0)
    expect(compareVersions('v2.4', '2.4.0-0')).toBe(0)
  })
  const version = fc.oneof(fc.stringMatching(/^\d{1,3}(\.\d{1,3}){0,3}([a-z]|rc\d|-beta|p\d)?$/), fc.string({ maxLength: 10 }))
  it('are ordered: neither two ways nor in a circle', () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(compareVersions(a, b)).toBe(0 - compareVersions(b, a) || 0)
        if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0) expect(compareVersions(a, c)).toBeLessThanOrEqual(0)
      }),
    )
  })
  it('are below, in, or above a range, and in no two of them', () => {
    fc.assert(
      fc.property(version, version, version, fc.boolean(), fc.boolean(), (at, a, b, from, to) => {
        const [low, high] = compareVersions(a, b) <= 0 ? [a, b] : [b, a]
        const range = {
          ...ALL_VERSIONS,
          [from ? 'startIncluding' : 'startExcluding']: low,
          [to ? 'endIncluding' : 'endExcluding']: high,
        }
        const place = placeInRange(at, range)
        const [toLow, toHigh] = [compareVersions(at, low), compareVersions(at, high)]
        expect(place === 'below').toBe(from ? toLow < 0 : toLow <= 0)
        if (place === 'in') expect(toHigh <= 0 && (to || toHigh < 0)).toBe(true)
      }),
    )
  })
  it('are read from what vendors write', () => {
    expect(parseRanges('vers:generic/>=1.0|<1.5|>=2.0|<2.3')).toEqual([
      { ...ALL_VERSIONS, startIncluding: '1.0', endExcluding: '1.5' },
      { ...ALL_VERSIONS, startIncluding: '2.0', endExcluding: '2.3' },
    ])
    expect(parseRanges('< 2.4.51')).toEqual([{ ...ALL_VERSIONS, endExcluding: '2.4.51' }])
    expect(parseRanges('>= 2.0, <= 2.1')).toEqual([{ ...ALL_VERSIONS, startIncluding: '2.0', endIncluding: '2.1' }])
    expect(parseRanges('all versions before 3')).toBeNull()
  })
})

describe('a criterion', () => {
  const httpd = criterionOf(read('cpe:2.3:a:apache:http_server:*:*:*:*:*:*:*:*'), {
    ...ALL_VERSIONS,
    startIncluding: '2.4.0',
    endExcluding: '2.4.51',
  })
  it.each([
    ['2.4.49', 'in'],
    ['2.4.51', 'above'],
    ['2.2.1', 'below'],
    ['', 'no_version'],
  ])('knows httpd %s', (version, fit) => {
    expect(fitOf(httpd, cpeOf('a', 'apache', 'http_server', version))).toBe(fit)
    expect(fitOf(httpd, cpeOf('a', 'apache', 'tomcat', version))).toBe('other')
    expect(fitOf(httpd, cpeOf('o', 'apache', 'http_server', version))).toBe('other')
  })
  it('of one version takes no other, and an unknown update is no reason against it', () => {
    const ssh = criterionOf(read('cpe:2.3:a:openbsd:openssh:8.5:p1:*:*:*:*:*:*'))
    expect(fitOf(ssh, cpeOf('a', 'openbsd', 'openssh', '8.5', 'p1'))).toBe('in')
    expect(fitOf(ssh, cpeOf('a', 'openbsd', 'openssh', '8.5'))).toBe('in')
    expect(fitOf(ssh, cpeOf('a', 'openbsd', 'openssh', '8.5', 'p2'))).toBe('other_version')
    expect(fitOf(ssh, cpeOf('a', 'openbsd', 'openssh', '8.6', 'p1'))).toBe('other_version')
  })
  it('that takes a name takes it also where less is known of what it does not speak of', () => {
    fc.assert(
      fc.property(nameWith(literal), (name) => {
        expect(fitOf(criterionOf(name), name)).toBe('in')
        expect(fitOf(criterionOf(name), { ...name, edition: '*', targetSw: '*' })).toBe('in')
      }),
    )
  })
})

describe('products as text', () => {
  it.each([
    ['Apache httpd', '2.4.49 (Debian)', 'a:apache:http_server:2.4.49:*'],
    ['OpenSSH', '8.9p1 Ubuntu-3ubuntu0.10', 'a:openbsd:openssh:8.9:p1'],
    ['nginx/1.18.0', '', 'a:f5:nginx:1.18.0:*'],
    ['Microsoft IIS httpd', '10.0', 'a:microsoft:internet_information_services:10.0:*'],
    ['Apache Tomcat/Coyote JSP engine', '1.1', 'a:apache:tomcat:1.1:*'],
    ['Windows Server 2019', '', 'o:microsoft:windows_server_2019:2019:*'],
    ['Acme Shop', '2.1 build 7', 'a:*:acme_shop:2.1:*'],
  ])('%s %s', (product, version, expected) => {
    const cpe = cpeOfText(product, version)
    expect(cpe && [cpe.part, cpe.vendor, cpe.product, cpe.version, cpe.update].join(':')).toBe(expected)
  })
  it('name nothing where they name only a kind of thing', () => {
    expect(cpeOfText('web server', '1.0')).toBeNull()
    expect(cpeOfText('', '1.0')).toBeNull()
    expect(cpeOfText('Acme Shop', '')).toBeNull()
    expect(slugOf('HTTP proxy 3.1')).toBeNull()
  })
  it('give their version to a CPE that has none', () => {
    const found = cpeOfSoftware({ product: 'OpenSSH', version: '9.2p1 Debian', cpe: 'cpe:/a:openbsd:openssh' })
    expect(found && [found.how, found.cpe.version, found.cpe.update]).toEqual(['cpe', '9.2', 'p1'])
    expect(cpeOfSoftware({ product: 'nginx', version: '1.2', cpe: 'nonsense' })?.how).toBe('product')
    expect([versionIn('OpenSSL 1.0.2k-fips'), versionIn('none')]).toEqual(['1.0.2k', ''])
  })
})
