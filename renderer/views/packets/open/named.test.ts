import { describe, expect, it } from 'vitest'
import { openHash, pathsToOpen } from '../../../../shared/open-address.ts'
import { parseRoute } from '../../../app/route.ts'

const opened = (hash: string): readonly string[] => pathsToOpen(parseRoute(hash).params['open'])

describe('files that the address opens', () => {
  it('are read as they were written, whatever their names', () => {
    const paths = ['/evidence/a b.pcap', 'C:\\x & "y"\\#1?.cap', '/한글%20+.pcapng', '/--data=x.pcap', "/'\n\u202e.pcap"]
    const route = parseRoute(openHash(paths))
    expect(route.view).toBe('packets')
    expect(Object.keys(route.params)).toEqual(['open'])
    expect(opened(openHash(paths))).toEqual(paths)
  })
  it('may be one by its path, or a list', () => {
    expect(opened('#/packets?open=/evidence/a.pcap')).toEqual(['/evidence/a.pcap'])
    expect(opened('#/packets?open=%5B%22/a.pcap%22,%22/b.pcap%22%5D')).toEqual(['/a.pcap', '/b.pcap'])
  })
  it.each(['#/packets', '#/packets?open=', '#/packets?open=[', '#/packets?open=[1]', '#/packets?opened=/a'])(
    'are none in %s',
    (hash) => {
      expect(opened(hash)).toEqual([])
    },
  )
})
