import { defineImpactTest } from '../define.ts'
import { bytesOf, textIn, type Shown } from '../reading/forms.ts'
import { ownRequests, type Request } from '../reading/requests.ts'

interface Expression {
  /** With its braces, as it was sent. */
  readonly whole: string
  readonly result: string
  /** What stands right before and behind it in the value. */
  readonly before: string
  readonly behind: string
}

const EXPRESSION =
  /(?:\{\{|[$#*@%]\{|<%=|\$\(\(|\[\[)\s{0,4}(\d{1,9})\s{0,4}\*\s{0,4}('?)(\d{1,9})\2\s{0,4}(?:\}\}|\}|%>|\)\)|\]\])/g

function expressionsIn(said: string): Expression[] {
  return [...said.slice(0, 16_384).matchAll(EXPRESSION)].slice(0, 32).flatMap((match) => {
    const [whole, a = '', quote = '', b = ''] = match
    const at = match.index
    const around = {
      before: /[\w-]{3,32}$/.exec(said.slice(Math.max(0, at - 32), at))?.[0] ?? '',
      behind: /^[\w-]{3,32}/.exec(said.slice(at + whole.length, at + whole.length + 32))?.[0] ?? '',
    }
    const product = String(Number(a) * Number(b))
    // Jinja repeats a text that is multiplied, Twig makes a number of it.
    const results = quote === '' ? [product] : [...(Number(a) <= 64 ? [b.repeat(Number(a))] : []), product]
    return results.filter((result) => result !== '' && result !== '0').map((result): Expression => ({ whole, result, ...around }))
  })
}

function evaluatedIn({ said, body }: Request, { result, before, behind }: Expression): Shown | null {
  if (before !== '' || behind !== '') {
    const whole = `${before}${result}${behind}`
    const shown = said.includes(whole) ? null : textIn(body, whole)
    if (shown !== null) return shown
  }
  if (result.length < 5 || said.includes(result)) return null
  const shown = textIn(body, result)
  if (shown === null) return null
  const { text } = shown.octets
  return /\d/.test(text[shown.from - 1] ?? '') || /\d/.test(text[shown.to] ?? '') ? null : shown
}

export default defineImpactTest({
  id: 'template-evaluated',
  family: 'answer',
  title: { en: 'The expression was evaluated', ko: '템플릿 식 계산' },
  reasoning: {
    en: 'A template engine that is handed an expression answers with its result; where the expression comes back as it was sent, it was text.',
    ko: '템플릿 엔진에 전달된 식은 계산 결과로 응답되며, 식이 보낸 그대로 돌아오면 글자로 처리된 것입니다.',
  },
  spec: 'https://owasp.org/www-project-web-security-testing-guide/stable/4-Web_Application_Security_Testing/07-Input_Validation_Testing/18-Testing_for_Server-side_Template_Injection',
  appliesTo: 'Requests with a product in the braces of a template language, answered with a body.',
  reads: ['exchanges', 'conversations'],
  applies: (of) => ownRequests(of).some(({ said, body }) => body !== null && said.includes('*')),
  test(of) {
    let literal: { readonly request: Request; readonly shown: Shown } | null = null
    let weak: { readonly request: Request; readonly shown: Shown; readonly whole: string } | null = null
    let asked = 0
    let unevaluated = 0
    for (const request of ownRequests(of)) {
      const expressions = expressionsIn(request.said)
      if (expressions.length === 0) continue
      asked++
      let asText = false
      for (const expression of expressions) {
        const { whole, result } = expression
        const shown = evaluatedIn(request, expression)
        if (shown !== null)
          return {
            result: 'succeeded',
            confidence: 0.95,
            reason: {
              en: `The target evaluated ${whole}: the answer holds ${result}.`,
              ko: `대상이 식을 계산했습니다. 식: ${whole}, 응답의 값: ${result}`,
            },
            cites: request.cites,
            bytes: bytesOf(shown),
          }
        const same = textIn(request.body, whole)
        if (same !== null) {
          asText = true
          literal ??= { request, shown: same }
          continue
        }
        const alone =
          result.length < 5 && result.length > 1 && !request.said.includes(result) ? textIn(request.body, result) : null
        const { text } = alone?.octets ?? { text: '' }
        if (alone !== null && !/[\w.]/.test(text[alone.from - 1] ?? '') && !/[\w.]/.test(text[alone.to] ?? ''))
          weak ??= { request, shown: alone, whole }
      }
      if (asText) unevaluated++
    }
    if (weak !== null)
      return {
        result: 'likely',
        confidence: 0.55,
        reason: {
          en: `The answer holds ${weak.shown.text}, the result of ${weak.whole}, which may be there by chance.`,
          ko: `응답에 식의 결과와 같은 값이 있으나 우연일 수 있습니다. 식: ${weak.whole}, 값: ${weak.shown.text}`,
        },
        cites: weak.request.cites,
        bytes: bytesOf(weak.shown),
      }
    if (literal === null || unevaluated < asked || asked < ownRequests(of).length) return null
    return {
      result: 'failed',
      confidence: 0.8,
      reason: {
        en: `The expression comes back as it was sent: ${literal.shown.text}`,
        ko: `식이 계산되지 않고 보낸 그대로 돌아왔습니다: ${literal.shown.text}`,
      },
      cites: literal.request.cites,
      bytes: bytesOf(literal.shown),
    }
  },
  examples: [
    {
      name: 'a large product',
      of: { title: 'Template injection', exchanges: [{ url: '/hi?name=%7B%7B7331*1337%7D%7D', body: '<p>Hello 9801547</p>' }] },
      expect: 'succeeded',
    },
    {
      name: 'a small product between words',
      of: { title: 'Template injection', exchanges: [{ url: '/hi?name=abc$%7B7*7%7Ddef', body: '<p>Hello abc49def</p>' }] },
      expect: 'succeeded',
    },
    {
      name: 'a text that Jinja repeats',
      of: { title: 'Template injection', exchanges: [{ url: "/hi?name=%7B%7B7*'7'%7D%7D", body: 'Hello 7777777!' }] },
      expect: 'succeeded',
    },
    {
      name: '49 alone',
      of: { title: 'Template injection', exchanges: [{ url: '/hi?name=%7B%7B7*7%7D%7D', body: '<p>Hello 49</p>' }] },
      expect: 'likely',
    },
    {
      name: 'as it was sent',
      of: {
        title: 'Template injection',
        exchanges: [{ url: '/hi?name=%7B%7B7*7%7D%7D', body: '<p>Hello {{7*7}}, order 49</p>' }],
      },
      expect: 'failed',
    },
    {
      name: 'a price of 49.90',
      of: {
        title: 'Template injection',
        exchanges: [{ url: '/hi?name=%7B%7B7*7%7D%7D', body: '<p>Hello. Bread 49.90, order 1492</p>' }],
      },
      expect: null,
    },
    {
      name: 'the product within a longer number',
      of: { title: 'Template injection', exchanges: [{ url: '/hi?name=%7B%7B7331*1337%7D%7D', body: 'ref 2980154733' }] },
      expect: null,
    },
  ],
})
