import { syslog } from '../system-logs.ts'
import { defineActivity } from './define.ts'

export default defineActivity({
  id: 'linux-housekeeping',
  title: 'Linux housekeeping',
  doc: 'cron, systemd, the web server and its PHP pool, the database: what servers write when nothing is the matter.',
  perMinute: 14,
  steady: true,
  play(scene, at) {
    const { random, world } = scene
    const host = world.host(random.pick(['web-01', 'web-01', 'mail-01', 'db-01', 'vpn-01']))
    const pid = random.int(800, 62_000)
    const kind = random.weighted([['cron', 5], ['systemd', 4], ['app', 3]] as const) // prettier-ignore
    if (kind === 'cron') {
      syslog(
        scene,
        at,
        host,
        'CRON',
        pid,
        9,
        6,
        `(root) CMD (${random.pick(['test -x /usr/sbin/anacron || run-parts /etc/cron.hourly', '/usr/local/bin/rotate-orders', 'command -v debian-sa1 > /dev/null && debian-sa1 1 1'])})`,
      )
    } else if (kind === 'systemd') {
      const unit = random.pick([
        'apt-daily.service - Daily apt download activities',
        'logrotate.service - Rotate log files',
        'fstrim.service - Discard unused blocks',
        'phpsessionclean.service - Clean php session files',
      ])
      syslog(scene, at, host, 'systemd', 1, 3, 6, `Starting ${unit}...`)
      syslog(scene, at + random.int(40_000, 900_000), host, 'systemd', 1, 3, 6, `Finished ${unit}.`)
    } else if (host.name === 'web-01') {
      syslog(
        scene,
        at,
        host,
        'php-fpm',
        812,
        3,
        5,
        random.pick([
          '[pool www] server reached pm.max_children setting (5), consider raising it',
          `[pool www] child ${pid} exited with code 0 after ${random.int(200, 900)}.${random.int(100000, 999999)} seconds from start`,
        ]),
      )
    } else if (host.name === 'db-01') {
      syslog(
        scene,
        at,
        host,
        'postgres',
        pid,
        16,
        6,
        `LOG:  checkpoint complete: wrote ${random.int(12, 400)} buffers (${random.int(0, 2)}.${random.int(1, 9)}%); 0 WAL file(s) added, 0 removed, ${random.int(0, 2)} recycled`,
      )
    } else {
      syslog(scene, at, host, 'systemd-resolved', 477, 3, 6, 'Clock change detected. Flushing caches.')
    }
  },
})
