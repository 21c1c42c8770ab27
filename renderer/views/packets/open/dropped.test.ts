import { describe, expect, it } from 'vitest'
import { pathsOf } from './dropped.ts'

const file = (name: string): File => new File([], name)

describe('dropped files', () => {
  it('have a path where the host tells it', () => {
    expect(pathsOf([file('a.pcap'), file('b.pcap')], ({ name }) => `/tmp/${name}`)).toEqual({
      paths: ['/tmp/a.pcap', '/tmp/b.pcap'],
      unknown: 0,
    })
  })
  it('have none in a browser, and none where they are no files of the disk', () => {
    expect(pathsOf([file('a.pcap')], undefined)).toEqual({ paths: [], unknown: 1 })
    expect(pathsOf([file('a.pcap'), file('b')], ({ name }) => (name === 'b' ? '' : '/a.pcap'))).toEqual({
      paths: ['/a.pcap'],
      unknown: 1,
    })
  })
})
