/** A UDP port whose datagrams are records. */
import { createSocket, type Socket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import { say } from '../../../../shared/model/sentence.ts'
import { Arrivals, type Sender } from './arrivals.ts'
import type { RunningSource, SourceContext } from './define.ts'
import { droppedDatagrams } from './dropped-datagrams.ts'
import { Listening, plainAddress, type Port } from './listening.ts'
import { Notices } from './notices.ts'
import { trimmed } from './syslog-framing.ts'

/** Senders whose formats are remembered; the one that was silent longest goes. */
const SENDERS = 1024
/** Asked of the system, which may give less: what waits there is not lost while this thread is busy. */
const RECEIVE_BYTES = 8 * 1024 * 1024
/** How often it is told that datagrams were lost, and the system is asked for those that it dropped. */
const TELL_MS = 1000

export function startDatagrams(context: SourceContext<'syslog-udp'>, maxSenders: number = SENDERS): RunningSource {
  const { feed, input, settings } = context
  const notices = new Notices((warning) => context.warning(warning))
  const arrivals = new Arrivals({ feed, format: settings.format, zone: settings.zone, csv: settings.csv })
  /** The one that was heard last stands last. */
  const senders = new Map<string, Sender>()
  let lost = 0
  let telling: NodeJS.Timeout | null = null

  const tell = (): void => {
    if (telling !== null) clearTimeout(telling)
    telling = null
    notices.set('lost', say('datagrams_lost', { count: lost }))
  }
  const senderOf = (address: string): Sender => {
    let sender = senders.get(address)
    if (sender === undefined) sender = arrivals.sender(address)
    else senders.delete(address)
    senders.set(address, sender)
    if (senders.size > maxSenders) {
      const [oldest, gone] = senders.entries().next().value!
      senders.delete(oldest)
      arrivals.leave(gone)
    }
    return sender
  }
  const receive = (datagram: Buffer, address: string): void => {
    const record = trimmed(datagram)
    if (record.length === 0) return
    if (feed.error !== null || !feed.hasRoom) {
      lost++
      telling ??= setTimeout(tell, TELL_MS)
    } else arrivals.add(senderOf(plainAddress(address)), record)
  }

  const listening = new Listening({
    where: `UDP ${input.address}:${input.port}`,
    notice: (notice) => context.notice(notice),
    state: (state, problem) => context.state(state, problem),
    async open() {
      const socket = createSocket(isIPv6(input.address) ? 'udp6' : 'udp4')
      const port = await bind(socket, input.address, input.port)
      socket.on('message', (datagram, { address }) => receive(datagram, address))
      let dropped = 0
      const ask = async (): Promise<void> => {
        const now = await droppedDatagrams(port.address, port.port)
        if (now === null || now <= dropped) return
        lost += now - dropped
        dropped = now
        tell()
      }
      const asking = setInterval(() => void ask(), TELL_MS)
      asking.unref()
      return {
        ...port,
        async close() {
          clearInterval(asking)
          await ask()
          await port.close()
        },
      }
    },
  })
  return {
    waiting: () => arrivals.bytes,
    async close() {
      await listening.close()
      for (const sender of senders.values()) arrivals.leave(sender)
      arrivals.close()
      if (telling !== null) tell()
    },
  }
}

/** @throws where the port cannot be had. */
function bind(socket: Socket, address: string, port: number): Promise<Port> {
  return new Promise((resolve, reject) => {
    socket.once('error', (error) => {
      socket.close()
      reject(error)
    })
    socket.bind({ address, port }, () => {
      socket.removeAllListeners('error')
      const failed = new Promise<Error>((broken) => socket.on('error', broken))
      try {
        socket.setRecvBufferSize(RECEIVE_BYTES)
      } catch {
        // The system's own size then.
      }
      const bound = socket.address()
      resolve({
        address: bound.address,
        port: bound.port,
        failed,
        close: () => new Promise((closed) => socket.close(() => closed())),
      })
    })
  })
}
