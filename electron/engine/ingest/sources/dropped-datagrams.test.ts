import { endianness } from 'node:os'
import { describe, expect, it } from 'vitest'
import { dropsIn } from './dropped-datagrams.ts'

const heads =
  '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops            \n'
const row = (local: string, drops: number): string =>
  `14675: ${local} 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 544025 2 000000002a95b9f1 ${drops}        \n`
const home = endianness() === 'LE' ? '0100007F' : '7F000001'

describe('dropped datagrams', () => {
  it('are those of the socket with this address', () => {
    const table = heads + row('00000000:0202', 5) + row(`${home}:0202`, 7) + row(`${home}:0203`, 9)
    expect(dropsIn(table, '127.0.0.1', 0x202)).toBe(7)
    expect(dropsIn(table, '0.0.0.0', 0x202)).toBe(5)
    expect(dropsIn(table, '127.0.0.1', 0x204)).toBe(null)
  })
  it('are those of the port with IPv6', () => {
    expect(dropsIn(heads + row(`${'0'.repeat(32)}:0202`, 3), '::', 0x202)).toBe(3)
  })
  it('are not known where the system tells none', () => {
    for (const table of ['', heads.replace('drops', '') + row(`${home}:0202`, 7), heads + row(`${home}:0202`, NaN)])
      expect(dropsIn(table, '127.0.0.1', 0x202)).toBe(null)
  })
})
