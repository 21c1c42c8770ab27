import { expect, it } from 'vitest'
import { securityToken } from './security-token.ts'

const token = (field: string, value: string): string | null => {
  const data = new Uint8Array(Buffer.from(`x${value}`, 'latin1'))
  const found = securityToken(field, data, 1, data.length)
  return found === null ? null : Buffer.from(found).toString('hex')
}
const NEGOTIATE = Buffer.from('4e544c4d5353500001000000', 'hex').toString('base64')

it('a token is found in the headers that may have one', () => {
  expect(token('http.authorization', `NTLM ${NEGOTIATE}`)).toBe('4e544c4d5353500001000000')
  expect(token('http.www_authenticate', `negotiate ${NEGOTIATE}`)).toBe('4e544c4d5353500001000000')
  expect(token('http.host', `NTLM ${NEGOTIATE}`)).toBeNull()
  expect(token('http.authorization', 'Basic dTpw')).toBeNull()
  expect(token('http.www_authenticate', 'Negotiate')).toBeNull()
  expect(token('http.www_authenticate', 'NTLM !!!!')).toBeNull()
})
