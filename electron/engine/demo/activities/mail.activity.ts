import { deliver } from '../conversations/smtp.ts'
import { outside } from '../scene.ts'
import { SIGNATURES } from '../signatures.ts'
import { maillog } from '../system-logs.ts'
import { defineActivity } from './define.ts'

const SUBJECTS = [
  'Order for next week',
  'Re: delivery on Thursday',
  'Invoice',
  'New prices',
  'Question about allergens',
  'Re: Re: pallets',
  'Holiday plan',
  'Samples arrived',
]

export default defineActivity({
  id: 'mail',
  title: 'Mail in and out',
  doc: 'Partners write to Example Foods and are answered, in plain SMTP at mail-01, with its mail log. ws-107 has a program that tries to mail by itself.',
  perMinute: 2.4,
  play(scene, at) {
    const { random, world } = scene
    const mail = world.host('mail-01')
    const person = random.pick(world.workstations).user
    if (!person) return
    const inside = `${person.name}@example.com`
    const partner = random.pick([['mx1.partner-foods.example', '192.0.2.25'], ['mail.farm-union.example', '192.0.2.31'], ['mx.packaging.example', '192.0.2.37']] as const) // prettier-ignore
    const other = `${random.pick(['sales', 'orders', 'anna', 'peter', 'office'])}@${partner[0].split('.').slice(1).join('.')}`
    const incoming = random.chance(0.6)
    const attachment = random.chance(0.2)
      ? {
          name: `${random.pick(['offer', 'invoice', 'list'])}-${random.int(100, 999)}.pdf`,
          mime: 'application/pdf',
          bytes: Buffer.concat([Buffer.from('%PDF-1.7\n'), random.bytes(random.int(2_000, 9_000)), Buffer.from('\n%%EOF\n')]),
        }
      : undefined
    const remote = outside(partner[1], partner[0])
    const letter = deliver(scene, incoming ? remote : mail, incoming ? mail : remote, at, {
      helo: incoming ? partner[0] : 'mail.example.com',
      banner: incoming ? 'mail.example.com' : partner[0],
      from: incoming ? other : inside,
      to: [incoming ? inside : other],
      subject: random.pick(SUBJECTS),
      body: 'Hello,\r\n\r\nplease see above. Thank you.\r\n\r\nKind regards',
      ...(attachment ? { attachment } : {}),
    })
    maillog(
      scene,
      letter.end,
      letter.queueId,
      incoming ? other : inside,
      incoming ? inside : other,
      incoming ? remote : mail,
      incoming,
    )
    if (random.chance(0.02)) {
      deliver(scene, world.host('ws-107'), outside('192.0.2.25', 'mx1.partner-foods.example'), at + 80_000, {
        helo: 'ws-107',
        banner: 'mx1.partner-foods.example',
        from: 'label-printer@example.com',
        to: ['alerts@partner-foods.example'],
        subject: 'Label printer status',
        body: '',
        refused: '554 5.7.1 Client host rejected: Access denied',
        signature: SIGNATURES.workstationMail,
      })
    }
  },
})
