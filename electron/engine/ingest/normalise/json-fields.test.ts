import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FieldRegistry } from '../../event/field-registry.ts'
import { EventRow, type RowValue } from '../../event/row.ts'
import { JsonFields, numeric, type NameRules } from './json-fields.ts'

function flat(text: string, rules: NameRules = { aliases: {} }): Record<string, RowValue> {
  const fields = new FieldRegistry()
  const row = new EventRow()
  new JsonFields(fields, rules).object(JSON.parse(text) as object, text, row)
  return Object.fromEntries(row.fields.map((field) => [fields.name(field), row.get(field)!]))
}

describe('JSON as fields', () => {
  it('keeps types, drops null, makes lists', () => {
    expect(flat('{"a":1,"b":"","c":false,"d":null,"e":{"f":[1,"x",null,true],"g":[],"h":{}},"":{"":1}}')).toEqual({
      a: 1,
      b: '',
      c: false,
      'e.f': ['1', 'x', 'true'],
      'e.g': [],
      '_._': 1,
    })
  })

  it('gathers lists of objects by leaf', () => {
    expect(flat('{"a":[{"b":1,"c":"x"},{"b":2},{"d":{"e":[3,4]}},5]}')).toEqual({
      'a.b': ['1', '2'],
      'a.c': ['x'],
      'a.d.e': ['3', '4'],
      a: ['5'],
    })
  })

  it('maps, and keeps a second value for the same field under its own name', () => {
    const aliases = { one: 'src.ip', two: 'src.ip', tags: 'net.vlan', more: 'net.vlan', port: 'src.port', when: 'time' }
    expect(flat('{"one":"2001:DB8::1","two":"192.0.2.1","tags":[1],"more":2,"port":"443","when":"x"}', { aliases })).toEqual({
      'src.ip': '2001:db8::1',
      two: '192.0.2.1',
      'net.vlan': ['1', '2'],
      'src.port': 443,
    })
    expect(flat('{"one":"192.0.2.1","two":"192.0.2.1"}', { aliases })).toEqual({ 'src.ip': '192.0.2.1' })
    expect(flat('{"one":["192.0.2.1"]}', { aliases })).toEqual({ 'src.ip': '192.0.2.1' })
    expect(flat('{"one":["192.0.2.1","192.0.2.2"]}', { aliases })).toEqual({ 'src.ip': ['192.0.2.1', '192.0.2.2'] })
  })

  it('does not put what is no address or number into fields of addresses and numbers', () => {
    const aliases = { one: 'src.ip', port: 'src.port' }
    expect(flat('{"one":"-","port":"none"}', { aliases })).toEqual({ one: '-', port: 'none' })
    expect(flat('{"src.ip":"-"}', { aliases })).toEqual({ 'x.src.ip': '-' })
  })

  it("keeps names of system fields and hostile names as names of the record's", () => {
    const got = flat(
      '{"id":1,"time":2,"type":"t","source":"s","format":"f","received":"r","__proto__":{"polluted":1},"constructor":{"prototype":2},"hasOwnProperty":3}',
    )
    expect(got).toEqual({
      'x.id': 1,
      'x.time': 2,
      'x.type': 't',
      'x.source': 's',
      'x.format': 'f',
      'x.received': 'r',
      '__proto__.polluted': 1,
      'constructor.prototype': 2,
      hasOwnProperty: 3,
    })
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  it('keeps every digit of integers that a double cannot hold', () => {
    expect(
      flat(
        '{"a":9007199254740993,"b":-9223372036854775808,"c":9007199254740991,"d":{"e":[18446744073709551615,1]},"s":"9007199254740995"}',
      ),
    ).toEqual({
      a: '9007199254740993',
      b: '-9223372036854775808',
      c: 9007199254740991,
      'd.e': ['18446744073709551615', '1'],
      s: '9007199254740995',
    })
    // Two that round to the same double.
    expect(flat('{"a":9223372036854775807,"b":9223372036854775808,"c":[9223372036854775806]}')).toEqual({
      a: '9223372036854775807',
      b: '9223372036854775808',
      c: ['9223372036854775806'],
    })
    expect(flat('{"a":1e999,"b":-1e999,"c":1e300}')).toEqual({ a: 'Infinity', b: '-Infinity', c: 1e300 })
  })

  it('keeps them whatever they are, and whatever else is said', () => {
    const integer = fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n })
    fc.assert(
      fc.property(fc.array(integer, { minLength: 1, maxLength: 3 }), fc.boolean(), (all, near) => {
        const numbers = near ? [...all, all[0]! + 1n, all[0]! - 700n] : all
        const found = flat(`{${numbers.map((number, i) => `"n${i}":${number}`).join()},"s":"id 1${numbers[0]}7"}`)
        numbers.forEach((number, i) => expect(String(found[`n${i}`])).toBe(String(number)))
      }),
    )
  })

  it('bounds depth, names and lists', () => {
    expect(Object.keys(flat(`${'{"a":'.repeat(63)}1${'}'.repeat(63)}`))).toHaveLength(1)
    expect(Object.keys(flat(`${'{"a":'.repeat(80)}1${'}'.repeat(80)}`))).toHaveLength(0)
    expect(flat(JSON.stringify({ a: Array.from({ length: 100 }, (_, i) => i) }))['a']).toHaveLength(64)
    expect(flat(JSON.stringify({ ['n'.repeat(300)]: 1, b: 2 }))).toEqual({ b: 2 })
    const fields = new FieldRegistry()
    const names = new JsonFields(fields, { aliases: {} })
    const row = new EventRow()
    for (let i = 0; i < 20; i++) {
      const object = Object.fromEntries(Array.from({ length: 2000 }, (_, n) => [`k${i}-${n}`, 1]))
      row.clear()
      names.object(object, '', row)
      expect(row.fields.length).toBeLessThanOrEqual(512)
    }
  })

  it('flattens any object as a plain walk does', () => {
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null))
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.dictionary(fc.string({ minLength: 1, maxLength: 6 }), tie('tree'), { maxKeys: 5 }),
      ),
    }))
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1, maxLength: 6 }), tree, { maxKeys: 6 }), (object) => {
        // The same path may be written in two ways (a dot in a name); such objects say two things at once.
        const wanted = new Map<string, unknown>()
        let twice = false
        const walk = (value: unknown, path: string): void => {
          if (value === null) return
          if (typeof value === 'object')
            for (const [key, inner] of Object.entries(value)) walk(inner, path === '' ? key : `${path}.${key}`)
          else {
            twice ||= wanted.has(path)
            wanted.set(path, value)
          }
        }
        walk(object, '')
        fc.pre(
          !twice && [...wanted.keys()].every((name) => !['id', 'time', 'received', 'type', 'format', 'source'].includes(name)),
        )
        const text = JSON.stringify(object)
        expect(new Map(Object.entries(flat(text)))).toEqual(new Map([...wanted].map(([name, value]) => [name, value])))
      }),
    )
  })
})

describe('numbers in text', () => {
  it.each([
    ['0', 0],
    ['42', 42],
    ['-7', -7],
    ['1.5', 1.5],
    ['0x1F4', 500],
    ['007', '007'],
    ['1e3', '1e3'],
    ['', ''],
    ['12345678901234567', '12345678901234567'],
    ['-', '-'],
    ['0x', '0x'],
  ])('%j', (text, value) => expect(numeric(text)).toBe(value))
})
