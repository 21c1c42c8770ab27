import { describe, expect, it } from 'vitest'
import { fieldByName, protocolNumber } from '../decode/registry.ts'
import type { FieldValue, FoundObject } from '../decode/define.ts'
import type { PacketFacts } from '../facts/packet-facts.ts'
import type { EventValues, FlowName, Moment } from './define.ts'
import { FlowEvents } from './flow-events.ts'

interface Event extends EventValues {
  readonly type: string
  readonly packet: number
}
/** What is said, as the reader of messages would hand it over. */
class Telling {
  readonly events: Event[] = []
  readonly #flows = new FlowEvents('C0123456789ab', name, (type, at: Moment, _flow, values) =>
    this.events.push({
      type,
      packet: at.packet,
      ...Object.fromEntries(Object.entries(values).filter(([, value]) => isThere(value))),
    }),
  )

  tell(
    packet: number,
    direction: 0 | 1,
    layers: readonly string[],
    facts: readonly (readonly [string, FieldValue])[],
    objects: FoundObject[] = [],
    flow = 0,
  ): this {
    const told: PacketFacts = {
      packet,
      flow,
      layers: layers.map(protocolNumber),
      title: '',
      line: '',
      facts: facts.map(([field, value]) => ({ field: fieldByName(field)!.index, value, from: -1, length: 0 })),
      objects,
      malformed: false,
    }
    this.#flows.take(told, { packet, seconds: 1000 + packet, nanos: 0 }, direction)
    return this
  }
  end(): Event[] {
    this.#flows.end()
    return this.events
  }
}
const name = (flow: number): FlowName => ({
  flow,
  transport: 'tcp',
  clientAddress: '192.0.2.7',
  serverAddress: '198.51.100.80',
  serverPort: 80,
  json: '',
})
const isThere = (value: EventValues[string]): boolean =>
  value !== undefined && value !== null && value !== '' && !(typeof value === 'object' && value.length === 0)
const body = (text: string, more: Partial<FoundObject> = {}): FoundObject => ({
  kind: 'http',
  host: 'www.example.com',
  name: 'a',
  type: 'text/plain',
  bytes: Buffer.from(text),
  complete: true,
  ...more,
})
const GET = (target: string): (readonly [string, FieldValue])[] => [
  ['http.host', 'www.example.com:8080'],
  ['http.request', true],
  ['http.request.method', 'GET'],
  ['http.request.uri', target],
  ['http.request.version', 'HTTP/1.1'],
]
const answer = (
  code: number,
  length: number,
  more: readonly (readonly [string, FieldValue])[] = [],
): (readonly [string, FieldValue])[] => [
  ...more,
  ...(length >= 0 ? [['http.content_length', length] as const] : []),
  ['http.response', true],
  ['http.response.version', 'HTTP/1.1'],
  ['http.response.code', code],
  ['http.response.phrase', 'Said'],
]

describe('http', () => {
  it('answers go to the requests in order, pipelined or not', () => {
    const events = new Telling()
      .tell(0, 0, ['http'], [...GET('/one'), ...GET('/two')])
      .tell(1, 1, ['http'], [...answer(200, 3), ...answer(404, 0)], [body('abc')])
      .tell(2, 0, ['http'], GET('/three'))
      .end()
      .filter(({ type }) => type === 'http')
    expect(events).toMatchObject([
      { packet: 0, trans_depth: 1, uri: '/one', host: 'www.example.com', status_code: 200, response_body_len: 3 },
      { packet: 0, trans_depth: 2, uri: '/two', status_code: 404, response_body_len: 0 },
      { packet: 2, trans_depth: 3, uri: '/three' },
    ])
    expect(events[2]).not.toHaveProperty('status_code')
    expect(events[0]!['resp_fuids']).toEqual(['F0123456789ab-2-0'])
  })
  it('a body in chunks comes later, and the event with it', () => {
    const telling = new Telling()
      .tell(0, 0, ['http'], GET('/a'))
      .tell(1, 1, ['http'], answer(200, -1, [['http.transfer_encoding', 'chunked']]))
    expect(telling.events).toEqual([])
    telling.tell(2, 1, ['http'], [], [body('%PDF-1.7 x')])
    expect(telling.events).toMatchObject([
      { type: 'files', packet: 2, mime_type: 'application/pdf', seen_bytes: 10, is_orig: false },
      { type: 'http', packet: 0, status_code: 200, resp_mime_types: ['application/pdf'], response_body_len: 10 },
    ])
    expect(telling.end().length).toBe(2)
  })
  it('a response before the response, one without a request, a proxy that is asked without a host', () => {
    const events = new Telling()
      .tell(0, 1, ['http'], answer(500, 0))
      .tell(
        1,
        0,
        ['http'],
        [
          ['http.request', true],
          ['http.request.method', 'CONNECT'],
          ['http.request.uri', 'far.example:443'],
        ],
      )
      .tell(2, 1, ['http'], answer(100, 0))
      .tell(3, 1, ['http'], answer(200, 0))
      .end()
    expect(events).toMatchObject([
      { status_code: 500 },
      { method: 'CONNECT', host: 'far.example', uri: 'far.example:443', info_code: 100, status_code: 200 },
    ])
    expect(events[0]).not.toHaveProperty('method')
  })
  it('a form is the files that are in it', () => {
    const form = [
      '--mark\r\nContent-Disposition: form-data; name="note"\r\n\r\nhello\r\n',
      '--mark\r\nContent-Disposition: form-data; name="file"; filename="shell.php"\r\nContent-Type: text/plain\r\n\r\n<?php ?>\r\n',
      '--mark--\r\n',
    ].join('')
    const events = new Telling()
      .tell(
        0,
        0,
        ['http'],
        [
          ['http.content_length', form.length],
          ['http.request', true],
          ['http.request.method', 'POST'],
          ['http.request.uri', '/up'],
        ],
        [body(form, { type: 'multipart/form-data', name: 'up' })],
      )
      .tell(1, 1, ['http'], answer(200, 0))
      .end()
    expect(events).toMatchObject([
      { type: 'files', filename: 'shell.php', mime_type: 'text/x-php', is_orig: true, seen_bytes: 8 },
      { type: 'http', request_body_len: form.length, orig_filenames: ['shell.php'], orig_mime_types: ['text/x-php'] },
    ])
  })
  it('passwords are not repeated', () => {
    const events = new Telling().tell(0, 0, ['http'], [['http.authbasic', 'amy:secret'], ...GET('/')]).end()
    expect(events[0]!['username']).toBe('amy')
    expect(JSON.stringify(events)).not.toContain('secret')
  })
})

describe('smb', () => {
  it('a file is opened on a share, written to, and its login answered', () => {
    const head = (command: number, response: boolean, id: number, status = 0): (readonly [string, FieldValue])[] => [
      ['smb2.cmd', command],
      ...(response ? [['smb2.nt_status', status] as const] : []),
      ['smb2.flags.response', response],
      ['smb2.msg_id', id],
    ]
    const share = ['smb2.tree', '\\\\files\\plans'] as const
    const events = new Telling()
      .tell(0, 0, ['smb2', 'ntlmssp'], [...head(1, false, 1), ['ntlmssp.messagetype', 3], ['ntlmssp.auth.domain', 'EXAMPLE'], ['ntlmssp.auth.username', 'amy'], ['ntlmssp.auth.hostname', 'NULL']])
      .tell(1, 1, ['smb2'], head(1, true, 1, 0xc000006d))
      .tell(2, 0, ['smb2'], [...head(3, false, 2), share])
      .tell(3, 1, ['smb2'], [...head(3, true, 2), ['smb2.share_type', 1]])
      .tell(4, 0, ['smb2'], [...head(5, false, 3), share, ['smb2.filename', 'a\\b.exe'], ...head(5, false, 4), share, ['smb2.filename', 'gone']])
      .tell(5, 1, ['smb2'], [...head(5, true, 3), share, ['smb2.create.action', 2], ['smb2.fid', 'f1'], ...head(5, true, 4, 0xc0000034), share])
      .tell(6, 0, ['smb2'], [...head(9, false, 5), share, ['smb2.fid', 'f1']])
      .tell(7, 0, ['smb2'], [...head(9, false, 6), share, ['smb2.fid', 'f1']])
      .end() // prettier-ignore
    expect(events).toEqual([
      { type: 'ntlm', packet: 0, username: 'amy', domainname: 'EXAMPLE', success: false },
      { type: 'smb_mapping', packet: 2, path: '\\\\files\\plans', share_type: 'DISK' },
      { type: 'smb_files', packet: 4, action: 'SMB::FILE_OPEN', path: '\\\\files\\plans', name: 'a\\b.exe', created: true },
      { type: 'smb_files', packet: 6, action: 'SMB::FILE_WRITE', path: '\\\\files\\plans', name: 'a\\b.exe' },
    ])
  })
  it('a service is made through a pipe', () => {
    const events = new Telling()
      .tell(0, 0, ['smb2'], [['smb2.cmd', 5], ['smb2.flags.response', false], ['smb2.msg_id', 1], ['smb2.filename', 'svcctl']])
      .tell(1, 1, ['smb2'], [['smb2.cmd', 5], ['smb2.nt_status', 0], ['smb2.flags.response', true], ['smb2.msg_id', 1], ['smb2.share_type', 2], ['smb2.fid', 'f']])
      .tell(2, 0, ['smb2', 'dcerpc'], [['smb2.cmd', 9], ['smb2.fid', 'f'], ['dcerpc.pkt_type', 11], ['dcerpc.cn_call_id', 1], ['dcerpc.cn_ctx_id', 0], ['dcerpc.cn_bind_to_uuid', '367abb81-9844-35f1-ad32-98f038001003']])
      .tell(3, 0, ['smb2', 'dcerpc'], [['smb2.cmd', 11], ['smb2.fid', 'f'], ['dcerpc.pkt_type', 0], ['dcerpc.cn_call_id', 2], ['dcerpc.cn_ctx_id', 0], ['dcerpc.opnum', 12]])
      .tell(5, 1, ['smb2', 'dcerpc'], [['smb2.cmd', 11], ['dcerpc.pkt_type', 2], ['dcerpc.cn_call_id', 2], ['dcerpc.cn_ctx_id', 0]])
      .end() // prettier-ignore
    expect(events).toEqual([
      { type: 'dce_rpc', packet: 3, rtt: 2, named_pipe: 'svcctl', endpoint: 'svcctl', operation: 'CreateServiceW' },
    ])
  })
})

describe('others', () => {
  it('dhcp: messages of one transaction are one event, whatever flows they are of', () => {
    const said = (kind: number): (readonly [string, FieldValue])[] => [
      ['dhcp.id', 7],
      ['dhcp.ip.your', kind === 5 ? 0xc0000207 : 0],
      ['dhcp.option.dhcp', kind],
    ]
    const telling = new Telling()
    for (const [i, kind] of [1, 2, 3, 5].entries()) telling.tell(i, 0, ['dhcp'], said(kind), [], i % 2)
    expect(telling.end()).toEqual([
      { type: 'dhcp', packet: 0, assigned_addr: '192.0.2.7', msg_types: ['DISCOVER', 'OFFER', 'REQUEST', 'ACK'], duration: 3 },
    ])
  })
  it('kerberos: what a request shows of another ticket is not what it asks for', () => {
    const events = new Telling()
      .tell(0, 0, ['kerberos'], [
        ['kerberos.msg_type', 12], ['kerberos.msg_type', 14], ['kerberos.realm', 'EXAMPLE.COM'], ['kerberos.SNameString', 'krbtgt'], ['kerberos.SNameString', 'EXAMPLE.COM'],
        ['kerberos.etype', 18], ['kerberos.realm', 'EXAMPLE.COM'], ['kerberos.SNameString', 'MSSQLSvc'], ['kerberos.SNameString', 'db.example.com'], ['kerberos.ENCTYPE', 23],
      ])
      .tell(1, 1, ['kerberos'], [
        ['kerberos.msg_type', 13], ['kerberos.crealm', 'EXAMPLE.COM'], ['kerberos.CNameString', 'amy'], ['kerberos.realm', 'EXAMPLE.COM'], ['kerberos.SNameString', 'MSSQLSvc'],
        ['kerberos.SNameString', 'db.example.com'], ['kerberos.etype', 23], ['kerberos.etype', 18],
      ])
      .end() // prettier-ignore
    expect(events).toMatchObject([
      { request_type: 'TGS', client: 'amy/EXAMPLE.COM', service: 'MSSQLSvc/db.example.com', success: true, cipher: 'rc4-hmac', request_ciphers: ['rc4-hmac'] },
    ]) // prettier-ignore
  })
  it('ftp: commands get their replies, a login that fails is told without its password', () => {
    const events = new Telling()
      .tell(0, 0, ['ftp'], [['ftp.request', true], ['ftp.request.command', 'USER'], ['ftp.request.arg', 'amy']])
      .tell(1, 1, ['ftp'], [['ftp.response', true], ['ftp.response.code', 331]])
      .tell(2, 0, ['ftp'], [['ftp.request', true], ['ftp.request.command', 'PASS']])
      .tell(3, 1, ['ftp'], [['ftp.response', true], ['ftp.response.code', 530], ['ftp.response.arg', 'no']])
      .tell(4, 0, ['ftp'], [['ftp.request', true], ['ftp.request.command', 'retr'], ['ftp.request.arg', 'plan.pdf']])
      .tell(5, 1, ['ftp'], [['ftp.response', true], ['ftp.response.code', 150]])
      .tell(6, 1, ['ftp'], [['ftp.response', true], ['ftp.response.code', 226], ['ftp.response.arg', 'done']])
      .end() // prettier-ignore
    expect(events).toEqual([
      { type: 'ftp', packet: 2, user: 'amy', command: 'PASS', reply_code: 530, reply_msg: 'no' },
      { type: 'ftp', packet: 4, user: 'amy', command: 'RETR', arg: 'plan.pdf', reply_code: 226, reply_msg: 'done' },
    ])
  })
  it('what waits in very many flows is said in the end, each once', () => {
    const telling = new Telling()
    for (let i = 0; i < 60_000; i++)
      telling.tell(i, 0, ['dns'], [['dns.id', 1], ['dns.flags.response', false], ['dns.qry.name', `n${i}.example`], ['dns.qry.type', 1], ['dns.qry.class', 1]], [], i) // prettier-ignore
    expect(telling.events.length).toBeGreaterThan(20_000)
    expect(new Set(telling.end().map(({ query }) => query)).size).toBe(60_000)
    expect(telling.events.length).toBe(60_000)
  })
})
