import { defineDecoder, type FieldType } from '../define.ts'
import { utf8 } from '../text.ts'

const CODES: Readonly<Record<number, string>> = {
  1: 'Access-Request',
  2: 'Access-Accept',
  3: 'Access-Reject',
  4: 'Accounting-Request',
  5: 'Accounting-Response',
  11: 'Access-Challenge',
  12: 'Status-Server',
  13: 'Status-Client',
  40: 'Disconnect-Request',
  41: 'Disconnect-ACK',
  42: 'Disconnect-NAK',
  43: 'CoA-Request',
  44: 'CoA-ACK',
  45: 'CoA-NAK',
}
/** Attributes that are told, by type. */
const ATTRIBUTES: Readonly<Record<number, readonly [field: string, type: FieldType, doc: string]>> = {
  1: ['radius.User_Name', 'text', 'User'],
  4: ['radius.NAS_IP_Address', 'ipv4', 'Address of the access server'],
  5: ['radius.NAS_Port', 'uint', 'Port of the access server'],
  8: ['radius.Framed-IP-Address', 'ipv4', "User's address"],
  18: ['radius.Reply_Message', 'text', 'Message to the user'],
  30: ['radius.Called_Station_Id', 'text', 'Called station'],
  31: ['radius.Calling_Station_Id', 'text', 'Calling station'],
  32: ['radius.NAS_Identifier', 'text', 'Name of the access server'],
  44: ['radius.Acct_Session_Id', 'text', 'Session'],
}
const HEADER = 20
const MOST = 4096

export default defineDecoder({
  id: 'radius',
  title: 'RADIUS',
  spec: 'https://www.rfc-editor.org/rfc/rfc2865',
  doc: 'RADIUS: codes, users, stations and addresses. Passwords and attributes of vendors are not read.',
  on: [{ table: 'udpPort', keys: [1645, 1646, 1700, 1812, 1813, 3799] }],
  fields: [
    { name: 'radius.code', type: 'uint', doc: 'Code' },
    { name: 'radius.id', type: 'uint', doc: 'Identifier' },
    { name: 'radius.length', type: 'uint', doc: 'Length' },
    ...Object.values(ATTRIBUTES).map(([name, type, doc]) => ({ name, type, doc })),
  ],
  message({ data, view, from, to }, _, out) {
    if (to - from < HEADER) return
    const code = data[from]!
    const id = data[from + 1]!
    const length = view.getUint16(from + 2)
    if (CODES[code] === undefined || length < HEADER || length > MOST) return
    out.fact('radius.code', code, from, 1)
    out.fact('radius.id', id, from + 1, 1)
    out.fact('radius.length', length, from + 2, 2)
    out.line(`${CODES[code]} id=${id}`)
    const end = Math.min(to, from + length)
    for (let at = from + HEADER; at + 2 <= end;) {
      const size = data[at + 1]!
      if (size < 2 || at + size > end) return out.malformed()
      const known = ATTRIBUTES[data[at]!]
      if (known !== undefined && size > 2) {
        const [field, type] = known
        if (type === 'text') out.fact(field, utf8(data, at + 2, at + size), at + 2, size - 2)
        else if (size === 6) out.fact(field, view.getUint32(at + 2), at + 2, 4)
      }
      at += size
    }
  },
  examples: [
    {
      name: 'a user asks for access',
      messages: {
        transport: 'udp',
        port: 1812,
        sent: [
          {
            by: 0,
            hex: '011200345a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a0107616c6963650406c00002 091f1330322d30302d30302d30302d30302d3031',
          },
          { by: 1, hex: '0212001a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a0806c6336407' },
        ],
      },
      expect: {
        stack: 'radius',
        line: 'Access-Request id=18',
        facts: {
          'radius.code': ['1', '2'],
          'radius.User_Name': 'alice',
          'radius.NAS_IP_Address': '192.0.2.9',
          'radius.Calling_Station_Id': '02-00-00-00-00-01',
          'radius.Framed-IP-Address': '198.51.100.7',
        },
      },
    },
  ],
})
