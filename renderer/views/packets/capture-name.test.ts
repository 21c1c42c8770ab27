import { describe, expect, it } from 'vitest'
import { nameOfFiles } from './capture-name.ts'

describe('the name of a capture', () => {
  it.each([
    [['a.pcap'], 'a.pcap'],
    [['dmz-1800.pcapng', 'dmz-1815.pcapng', 'dmz-1830.pcapng'], 'dmz-18*.pcapng'],
    [['a.pcap', 'b.pcap'], 'a.pcap …'],
    [['x', 'xy'], 'x*'],
    [['cap.pcap0', 'cap.pcap1'], 'cap.pcap*'],
    [[], ''],
  ])('%j → %s', (names, name) => expect(nameOfFiles(names)).toBe(name))
})
