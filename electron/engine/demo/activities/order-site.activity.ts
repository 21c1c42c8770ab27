import { httpConnection } from '../conversations/http.ts'
import { accessLog, asset, browse, formPost, VISITORS } from '../order-site.ts'
import { outside } from '../scene.ts'
import { defineActivity } from './define.ts'

export default defineActivity({
  id: 'order-site',
  title: 'Customers on the order site',
  doc: 'Someone outside reads the menu of order.example.com on web-01 and perhaps orders: pages, pictures, a form, and the access log of the web server.',
  perMinute: 5,
  play(scene, at) {
    const { random, world } = scene
    const customer = outside(`203.0.113.${random.int(200, 253)}`)
    const userAgent = random.pick(VISITORS)
    const pages = [
      browse('/', userAgent, scene),
      ...['/css/site.css', '/js/cart.js', '/img/logo.png'].map((path) => asset(path, userAgent, scene)),
    ]
    if (random.chance(0.7))
      pages.push(
        browse('/menu.php?c=' + random.pick(['bread', 'soups', 'salads', 'sweets', 'drinks']), userAgent, scene),
        asset(`/img/dish-${random.int(1, 24)}.png`, userAgent, scene),
      )
    if (random.chance(0.3))
      pages.push(
        formPost(`ref=${random.int(10_000, 99_999)}&item=${random.int(1, 80)}&qty=${random.int(1, 6)}`, userAgent, scene),
      )
    if (random.chance(0.04)) pages.push(browse(`/seasonal/${random.int(2019, 2024)}.html`, userAgent, scene, 404))
    const { transactions } = httpConnection(scene, customer, world.host('web-01'), at, 'order.example.com', pages)
    for (const transaction of transactions) accessLog(scene, customer.ip, transaction)
  },
})
