/** What syslog over TCP and over TLS share: a port, its connections, one feed. */
import type { Server, Socket } from 'node:net'
import { Arrivals } from './arrivals.ts'
import { Connections, listen, type ConnectionLimits } from './connections.ts'
import type { RunningSource, SourceContext } from './define.ts'
import { Listening } from './listening.ts'
import { Notices } from './notices.ts'

export interface SyslogServer {
  readonly server: Server
  /** `secureConnection` for TLS. */
  readonly event: 'connection' | 'secureConnection'
}

/** `create` makes a server that does not listen yet; it may throw, and is then tried again. */
export function startSyslogConnections(
  context: SourceContext<'syslog-tcp'> | SourceContext<'syslog-tls'>,
  name: string,
  create: (notices: Notices) => Promise<SyslogServer>,
  limits?: Partial<ConnectionLimits>,
): RunningSource {
  const { feed, input, settings } = context
  const notices = new Notices((warning) => context.warning(warning))
  let connections: Connections | null = null
  const arrivals = new Arrivals({
    feed,
    format: settings.format,
    zone: settings.zone,
    csv: settings.csv,
    sent: () => connections?.gate(),
  })
  const listening = new Listening({
    where: `${name} ${input.address}:${input.port}`,
    notice: (notice) => context.notice(notice),
    state: (state, problem) => context.state(state, problem),
    async open() {
      const { server, event } = await create(notices)
      const port = await listen(server, input.address, input.port)
      const own = new Connections(arrivals, feed, notices, limits)
      connections = own
      server.on(event, (socket: Socket) => own.add(socket))
      // Those that shake no hands too.
      const sockets = new Set<Socket>()
      server.on('connection', (socket) => {
        sockets.add(socket)
        socket.once('close', () => sockets.delete(socket))
      })
      return {
        ...port,
        async close() {
          const closed = new Promise((resolve) => server.close(resolve))
          await own.close()
          for (const socket of sockets) socket.destroy()
          await closed
        },
      }
    },
  })
  return {
    waiting: () => arrivals.bytes + (connections?.partial ?? 0),
    async close() {
      await listening.close()
      arrivals.close()
    },
  }
}
