/** A TLS server from PEM files; what is wrong with them is said. */
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { Socket } from 'node:net'
import { createServer, type Server, type TLSSocket } from 'node:tls'
import { say, type Sentence } from '../../../../shared/model/sentence.ts'
import { ReadProblem, sentenceOf } from '../read-problem.ts'
import { plainAddress } from './listening.ts'
import type { Notices } from './notices.ts'

const HANDSHAKE_MS = 20_000
/** Raw connections, those under way to be TLS among them. */
const MAX_CONNECTIONS = 512

export interface PemFiles {
  readonly cert: string
  readonly key: string
  readonly ca?: string | undefined
}

/** @throws ReadProblem naming the file that cannot be used. */
export async function createTlsServer(files: PemFiles, notices: Notices): Promise<Server> {
  const cert = await readPem(files.cert)
  const key = await readPem(files.key)
  const ca = files.ca === undefined ? undefined : await readPem(files.ca)
  const own = certificateOf(files.cert, cert)
  if (!belongs(files.key, key, own)) throw new ReadProblem(say('key_mismatch', { key: files.key, certificate: files.cert }))
  if (files.ca !== undefined && ca !== undefined) certificateOf(files.ca, ca)
  const until = Date.parse(own.validTo)
  notices.set(
    'certificate',
    until < Date.now() ? say('certificate_ended', { path: files.cert, day: new Date(until).toISOString() }) : null,
  )
  let server: Server
  try {
    server = createServer({
      cert,
      key,
      ca,
      minVersion: 'TLSv1.2',
      requestCert: ca !== undefined,
      rejectUnauthorized: ca !== undefined,
      handshakeTimeout: HANDSHAKE_MS,
    })
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    throw new ReadProblem(say('tls_unusable', { certificate: files.cert, key: files.key, text }))
  }
  server.maxConnections = MAX_CONNECTIONS
  // Asked now, a socket remembers its address when it is closed.
  server.on('connection', (socket) => void socket.remoteAddress)
  let failed = 0
  server.on('tlsClientError', (error, socket) => {
    failed++
    const said = { sender: senderOf(socket), why: handshakeProblem(error, socket) }
    notices.set('handshake', failed === 1 ? say('no_tls', said) : say('no_tls_again', { ...said, count: failed }))
  })
  return server
}

async function readPem(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (error) {
    throw new ReadProblem(say('at', { place: path, why: sentenceOf(error) }))
  }
}

function certificateOf(path: string, pem: Buffer): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch {
    throw new ReadProblem(say('at', { place: path, why: say('no_certificate_file') }))
  }
}

function belongs(path: string, pem: Buffer, certificate: X509Certificate): boolean {
  try {
    const key = createPrivateKey(pem)
    return createPublicKey(key).equals(certificate.publicKey)
  } catch {
    const why = say(pem.includes('ENCRYPTED') ? 'key_has_passphrase' : 'no_key_file')
    throw new ReadProblem(say('at', { place: path, why }))
  }
}

/** A TLS socket that was refused has no address any more; the connection beneath it, which has no public name, knows. */
function senderOf(socket: TLSSocket): Sentence {
  const beneath: unknown = Reflect.get(socket, '_parent')
  const address = socket.remoteAddress ?? (beneath instanceof Socket ? beneath.remoteAddress : undefined)
  return address === undefined ? say('sender_unknown') : say('sender_address', { address: plainAddress(address) })
}

function handshakeProblem(error: Error, socket: TLSSocket): Sentence {
  // Typed as an error, but the code of one.
  const refused: unknown = socket.authorizationError
  const code = refused === undefined || refused === null ? ('code' in error ? String(error.code) : '') : String(refused)
  switch (code) {
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'CERT_SIGNATURE_FAILURE':
      return say('other_authority')
    case 'CERT_HAS_EXPIRED':
      return say('certificate_expired')
    case 'CERT_NOT_YET_VALID':
      return say('certificate_early')
    case 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE':
      return say('certificate_missing')
    case 'ERR_SSL_UNSUPPORTED_PROTOCOL':
    case 'ERR_SSL_VERSION_TOO_LOW':
      return say('old_tls')
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_HTTP_REQUEST':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return say('not_tls')
    case 'ERR_TLS_HANDSHAKE_TIMEOUT':
      return say('handshake_slow', { seconds: HANDSHAKE_MS / 1000 })
    case 'ECONNRESET':
      return say('broke_off')
    default:
      return say('tls_error', { text: code === '' ? error.message : code })
  }
}
