import { concat, opaque, text, u16, u32, u8, utf8, raw } from '../payload.ts'
import { defineActivity } from './define.ts'

export default defineActivity({
  id: 'database',
  title: 'The order site and its database',
  doc: 'web-01 asks db-01 over the PostgreSQL protocol.',
  perMinute: 4,
  play(scene, at) {
    const { random, world } = scene
    const tcp = scene.tcp(world.host('web-01'), world.host('db-01'), 5432, at)
    const { say } = tcp
    const startup = utf8('user\0order\0database\0orders\0\0')
    say.open()
    say.client(raw(concat(u32(startup.length + 8), u16(3), u16(0), startup)), 200)
    say.server(raw(concat(utf8('R'), u32(8), u32(0), utf8('Z'), u32(5), u8(73))), 900)
    for (let i = random.int(1, 4); i > 0; i--) {
      const sql = utf8(`SELECT id, name, price FROM dishes WHERE id = ${random.int(1, 80)}\0`)
      say.client(raw(concat(utf8('Q'), u32(sql.length + 4), sql)), random.int(300, 40_000))
      say.server(opaque(`rows/${random.hex(10)}`, random.int(120, 2_400)), random.int(400, 6_000))
    }
    say.client(text('X\0\0\0\x04'), 600)
    say.close(80)
    tcp.over(null)
  },
})
