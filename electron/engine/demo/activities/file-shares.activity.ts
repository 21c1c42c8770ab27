import { SmbSession } from '../conversations/smb.ts'
import { SECOND } from '../rhythm.ts'
import { loggedOff, loggedOn } from '../windows-events.ts'
import { defineActivity } from './define.ts'

const FILES: readonly (readonly [share: string, path: string])[] = [
  ['finance', 'q3\\ledger-07.xlsx'], ['finance', 'q3\\ledger-08.xlsx'], ['finance', 'q3\\suppliers.csv'], ['finance', 'invoices\\2231.pdf'], ['finance', 'invoices\\2240.pdf'],
  ['recipes', 'bread\\rye.docx'], ['recipes', 'bread\\spelt.docx'], ['recipes', 'soups\\pumpkin.docx'], ['common', 'forms\\holiday.docx'], ['common', 'plans\\week-47.xlsx'],
  ['common', 'plans\\deliveries.xlsx'], ['common', 'logo\\logo-print.ai'],
] // prettier-ignore

export default defineActivity({
  id: 'file-shares',
  title: 'Working with shared files',
  doc: 'A workstation opens files on file-01 over SMB2; file-01 writes the network logon and its end.',
  perMinute: 4,
  play(scene, at) {
    const { random, world } = scene
    const host = random.pick(world.workstations)
    const user = host.user
    if (!user) return
    const server = world.host('file-01')
    const session = new SmbSession(scene, host, server, at)
    session.logOn({ domain: world.netbios, user: user.name, host: host.name.toUpperCase() })
    const id = loggedOn(scene, server, session.now + 600, {
      user,
      type: 3,
      from: { host: host.name, ip: host.ip, port: session.port },
      package: 'NTLM',
    })
    const [share] = random.pick(FILES)
    session.connect(share)
    for (let i = random.int(1, 2); i > 0; i--) {
      const [, path] = random.pick(FILES.filter(([of]) => of === share))
      session.read(path, Math.min(150_000, Math.round(random.longTail(14_000, 0.9))), random.int(2_000, 3 * SECOND))
    }
    session.leave(random.int(SECOND, 15 * SECOND))
    loggedOff(scene, server, session.now + 2_000, user, id, 3)
  },
})
