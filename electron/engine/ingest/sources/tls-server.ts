/** A TLS server from PEM files; what is wrong with them is said in English. */
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { Socket } from 'node:net'
import { createServer, type Server, type TLSSocket } from 'node:tls'
import { ReadProblem, reasonOf } from '../read-problem.ts'
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
  if (!belongs(files.key, key, own)) throw new ReadProblem(`${files.key} is not the key of the certificate in ${files.cert}`)
  if (files.ca !== undefined && ca !== undefined) certificateOf(files.ca, ca)
  const until = Date.parse(own.validTo)
  notices.set(
    'certificate',
    until < Date.now() ? `the certificate in ${files.cert} ended on ${new Date(until).toISOString().slice(0, 10)}` : null,
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
    throw new ReadProblem(`${files.cert}, ${files.key}: ${error instanceof Error ? error.message : String(error)}`)
  }
  server.maxConnections = MAX_CONNECTIONS
  // Asked now, a socket remembers its address when it is closed.
  server.on('connection', (socket) => void socket.remoteAddress)
  let failed = 0
  server.on('tlsClientError', (error, socket) => {
    failed++
    const times = failed === 1 ? '' : ` (${failed} times in all)`
    notices.set('handshake', `no TLS with ${senderOf(socket)}: ${handshakeProblem(error, socket)}${times}`)
  })
  return server
}

async function readPem(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (error) {
    throw new ReadProblem(`${path}: ${reasonOf(error)}`)
  }
}

function certificateOf(path: string, pem: Buffer): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch {
    throw new ReadProblem(`${path}: not a certificate in PEM form`)
  }
}

function belongs(path: string, pem: Buffer, certificate: X509Certificate): boolean {
  try {
    const key = createPrivateKey(pem)
    return createPublicKey(key).equals(certificate.publicKey)
  } catch {
    throw new ReadProblem(
      `${path}: ${pem.includes('ENCRYPTED') ? 'the key has a passphrase; one without is needed' : 'not a private key in PEM form'}`,
    )
  }
}

/** A TLS socket that was refused has no address any more; the connection beneath it, which has no public name, knows. */
function senderOf(socket: TLSSocket): string {
  const beneath: unknown = Reflect.get(socket, '_parent')
  const address = socket.remoteAddress ?? (beneath instanceof Socket ? beneath.remoteAddress : undefined)
  return address === undefined ? 'a sender' : plainAddress(address)
}

function handshakeProblem(error: Error, socket: TLSSocket): string {
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
      return 'it showed a certificate of another authority'
    case 'CERT_HAS_EXPIRED':
      return 'its certificate has expired'
    case 'CERT_NOT_YET_VALID':
      return 'its certificate is not valid yet'
    case 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE':
      return 'it showed no certificate'
    case 'ERR_SSL_UNSUPPORTED_PROTOCOL':
    case 'ERR_SSL_VERSION_TOO_LOW':
      return 'it speaks no TLS 1.2'
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_HTTP_REQUEST':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return 'it does not speak TLS'
    case 'ERR_TLS_HANDSHAKE_TIMEOUT':
      return `no handshake within ${HANDSHAKE_MS / 1000} s`
    case 'ECONNRESET':
      return 'it broke off'
    default:
      return code === '' ? error.message : code
  }
}
