/** An SMB2 session: negotiate, log on, use a share, go. */
import type { Micros } from '../../../../shared/model/time.ts'
import type { ConnState, Flow, Signature } from '../flow.ts'
import { concat, le32, opaque, raw, type Payload } from '../payload.ts'
import * as smb from '../protocols/smb2.ts'
import type { Scene, TcpScene } from '../scene.ts'
import type { FileObject, SmbTransaction } from '../transactions.ts'
import type { Host } from '../world.ts'

export interface SmbLogon {
  readonly domain: string
  readonly user: string
  /** Name the client gives itself. */
  readonly host: string
  readonly refused?: boolean
}
interface Tree {
  readonly id: number
  readonly path: string
  readonly type: 'FILE' | 'PIPE' | 'PRINT'
}
const TREE_TYPES = { FILE: 1, PIPE: 2, PRINT: 3 } as const

export class SmbSession {
  readonly #scene: Scene
  readonly #tcp: TcpScene
  readonly #server: Host
  #session = 0
  #message = 0
  #trees = 0
  #tree: Tree = { id: 0, path: '', type: 'FILE' }
  #who: SmbTransaction['user']

  constructor(scene: Scene, client: Host, server: Host, at: Micros) {
    this.#scene = scene
    this.#server = server
    this.#tcp = scene.tcp(client, server, 445, at)
    this.#tcp.say.open()
    this.#exchange('NEGOTIATE', 'STATUS_SUCCESS', (head) => smb.negotiate(scene.random, head, at))
  }

  get now(): Micros {
    return this.#tcp.say.now
  }
  get port(): number {
    return this.#tcp.client.port
  }

  /** True where the server let them in. */
  logOn(logon: SmbLogon): boolean {
    const { random, world } = this.#scene
    this.#exchange('SESSION_SETUP', 'STATUS_MORE_PROCESSING_REQUIRED', (head) =>
      smb.sessionSetup(
        head,
        head.response ? smb.ntlmChallenge(random, logon.domain, this.#server.name, world.domain) : smb.ntlmNegotiate(),
      ),
    )
    this.#session = random.int(0x10_0000, 0x7fff_ffff)
    const user = { domain: logon.domain, name: logon.user, host: logon.host }
    const status = logon.refused ? 'STATUS_LOGON_FAILURE' : 'STATUS_SUCCESS'
    this.#exchange(
      'SESSION_SETUP',
      status,
      (head) =>
        smb.sessionSetup(
          head,
          head.response ? new Uint8Array(0) : smb.ntlmAuthenticate(random, logon.domain, logon.user, logon.host, this.now),
        ),
      {
        user,
        server: this.#server.name.toUpperCase(),
      },
    )
    if (!logon.refused) this.#who = user
    return !logon.refused
  }

  connect(share: string, type: Tree['type'] = 'FILE', think = 900, signature?: Signature): Micros {
    const path = `\\\\${this.#server.name}\\${share}`
    this.#tree = { id: ++this.#trees, path, type }
    const done = this.#exchange(
      'TREE_CONNECT',
      'STATUS_SUCCESS',
      (head) => smb.treeConnect(head, path, TREE_TYPES[type]),
      { share: path, shareType: type },
      think,
    )
    if (signature) this.#tcp.hits.push({ at: done.at, signature, toServer: true, transaction: done })
    return done.answered
  }

  /** Opens a file, reads all of it, closes it. */
  read(file: string, size: number, think = 1_500): Micros {
    const handle = this.#handle()
    const at = this.now
    this.#exchange(
      'CREATE',
      'STATUS_SUCCESS',
      (head) => smb.create(head, file, 1, size, at, handle),
      { file, size, disposition: 'FILE_OPEN', access: 'normal' },
      think,
    )
    const key = this.#scene.random.hex(16)
    const object = this.#scene.passingFile(size, file.split('\\').pop() ?? file, 'application/octet-stream')
    for (let offset = 0; offset < size; offset += 65_536) {
      const length = Math.min(65_536, size - offset)
      this.#exchange(
        'READ',
        'STATUS_SUCCESS',
        (head) => smb.read(head, handle, offset, length, head.response ? opaque(`${key}/${offset}`, length) : null),
        offset === 0 ? { file, object } : { file },
      )
    }
    return this.#exchange('CLOSE', 'STATUS_SUCCESS', (head) => smb.close(head, handle), { file }).answered
  }

  /** Makes a file and writes all of it; gives the moments of the first write and of the end. */
  write(file: string, data: Payload, object: FileObject, think = 1_500): { began: Micros; ended: Micros } {
    const handle = this.#handle()
    const at = this.now
    this.#exchange(
      'CREATE',
      'STATUS_SUCCESS',
      (head) => smb.create(head, file, 5, 0, at, handle),
      { file, size: 0, disposition: 'FILE_OVERWRITE_IF', access: 'normal' },
      think,
    )
    const bytes = data.bytes()
    let began = 0
    for (let offset = 0; offset < bytes.length; offset += 65_536) {
      const part = raw(bytes.subarray(offset, offset + 65_536))
      const written = this.#exchange(
        'WRITE',
        'STATUS_SUCCESS',
        (head) => smb.write(head, handle, offset, part),
        offset === 0 ? { file, object } : { file },
      )
      if (offset === 0) began = written.at
    }
    return { began, ended: this.#exchange('CLOSE', 'STATUS_SUCCESS', (head) => smb.close(head, handle), { file }).answered }
  }

  /** Opens a pipe to the service control manager and makes and starts a service. */
  installService(name: string, image: string, signature?: Signature): Micros {
    const handle = this.#handle()
    const at = this.now
    this.#exchange('CREATE', 'STATUS_SUCCESS', (head) => smb.create(head, 'svcctl', 1, 0, at, handle), {
      file: 'svcctl',
      size: 0,
      disposition: 'FILE_OPEN',
      access: 'normal',
    })
    const context = this.#scene.random.bytes(20)
    this.#exchange('IOCTL', 'STATUS_SUCCESS', (head) =>
      smb.transceive(head, handle, head.response ? smb.rpcBindAck(1) : smb.rpcBind(1)),
    )
    const call = (id: number, opnum: number, operation: string, stub: Uint8Array, reply: Uint8Array): SmbTransaction =>
      this.#exchange(
        'IOCTL',
        'STATUS_SUCCESS',
        (head) => smb.transceive(head, handle, head.response ? smb.rpcResponse(id, reply) : smb.rpcRequest(id, opnum, stub)),
        {
          rpc: {
            endpoint: 'svcctl',
            operation,
            opnum,
            uuid: smb.SVCCTL.uuid,
            version: smb.SVCCTL.version,
            pipe: '\\pipe\\ntsvcs',
          },
        },
      )
    const done = le32(0)
    call(
      2,
      15,
      'OpenSCManagerW',
      concat(le32(0x20000), smb.ndrText(this.#server.name), le32(0), le32(0xf003f)),
      concat(context, done),
    )
    const service = concat(
      context, smb.ndrText(name), le32(0x20004), smb.ndrText(name), le32(0xf01ff), le32(0x10), le32(3), le32(0), smb.ndrText(image), le32(0), le32(0), le32(0), le32(0), le32(0), le32(0), le32(0),
    ) // prettier-ignore
    const made = call(3, 12, 'CreateServiceW', service, concat(le32(0), context, done))
    if (signature) this.#tcp.hits.push({ at: made.at, signature, toServer: true, transaction: made })
    const started = call(4, 19, 'StartServiceW', concat(context, le32(0), le32(0)), done)
    this.#exchange('CLOSE', 'STATUS_SUCCESS', (head) => smb.close(head, handle), { file: 'svcctl' })
    return started.answered
  }

  leave(think = 20_000, state: ConnState = 'SF'): Flow {
    if (this.#session !== 0 && this.#who) {
      if (this.#tree.id > 0) this.#exchange('TREE_DISCONNECT', 'STATUS_SUCCESS', smb.bare, {}, think)
      this.#exchange('LOGOFF', 'STATUS_SUCCESS', smb.bare)
    }
    this.#tcp.say.close(400)
    return this.#tcp.over('smb', state)
  }

  #handle(): Uint8Array {
    return this.#scene.random.bytes(16)
  }

  #exchange(
    command: smb.Smb2Command,
    status: string,
    payload: (head: smb.Smb2Head) => Payload,
    facts: Partial<SmbTransaction> = {},
    think = 260,
  ): SmbTransaction {
    const head: smb.Smb2Head = {
      command,
      response: false,
      status: 'STATUS_SUCCESS',
      message: this.#message++,
      tree: this.#tree.id,
      session: this.#session,
    }
    // A request for a tree has no tree yet.
    const asked = this.#tcp.say.client(payload(command === 'TREE_CONNECT' ? { ...head, tree: 0 } : head), think)
    const answered = this.#tcp.say.server(payload({ ...head, response: true, status }), this.#scene.random.int(140, 1_100))
    const transaction: SmbTransaction = {
      kind: 'smb',
      at: asked.last,
      answered: answered.last,
      id: this.#message,
      command,
      status,
      statusCode: smb.STATUS[status] ?? 0,
      sessionId: this.#session,
      treeId: this.#tree.id,
      ...(this.#tree.id > 0 ? { tree: this.#tree.path } : {}),
      ...facts,
    }
    this.#tcp.transactions.push(transaction)
    return transaction
  }
}
