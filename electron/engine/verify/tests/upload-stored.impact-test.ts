import type { Cite } from '../../../../shared/model/impact.ts'
import { defineImpactTest } from '../define.ts'
import { bytesOf, textIn, unescaped } from '../reading/forms.ts'
import { isPage, ownRequests, pathOf, requestsOf, type Request } from '../reading/requests.ts'
import { numberOf, textOf } from '../reading/values.ts'

const NAME = /\bfilename\*?=(?:"([^"\r\n]{1,255})"|(?:UTF-8'')?([^\s;"]{1,255}))/gi
/** Of scripts: other files may be meant to be stored. */
const SCRIPT =
  /\.(?:php\d?|phtml|phar|pht|jspx?|war|asp|aspx|ashx|asmx|asa|cer|cfm|cgi|pl|py|sh|htaccess|config|svg|html?|exe|dll)(?:[.;%\0]|$)/i

const lastPart = (path: string): string => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)

function namesIn({ method, path, sentBody }: Request): string[] {
  if (method === 'PUT' || method === 'MOVE' || method === 'COPY') return [lastPart(path)].filter((name) => name.length > 2)
  if (sentBody === null) return []
  const names = [...sentBody.text.matchAll(NAME)].map(([, quoted, bare]) => lastPart(unescaped(quoted ?? bare ?? '')))
  return [...new Set(names)].filter((name) => name.length > 2).slice(0, 16)
}

interface Fetched {
  readonly time: number
  readonly path: string
  readonly status: number
  readonly cites: readonly Cite[]
  readonly page: boolean
}

export default defineImpactTest({
  id: 'upload-stored',
  family: 'answer',
  title: { en: 'What was uploaded can be fetched', ko: '업로드한 파일 접근 가능' },
  reasoning: {
    en: 'An upload worked where the file of that name can be fetched afterwards, or the server says that it created it.',
    ko: '업로드한 이름의 파일을 이후 요청에서 받을 수 있거나 서버가 생성했다고 응답하면 업로드가 성공한 것입니다.',
  },
  spec: 'https://owasp.org/www-project-web-security-testing-guide/stable/4-Web_Application_Security_Testing/10-Business_Logic_Testing/09-Test_Upload_of_Malicious_Files',
  appliesTo: 'Uploads by form or PUT of scripts, where later requests to the target are known.',
  reads: ['exchanges', 'after'],
  applies: ({ attackClass, exchanges }) =>
    (attackClass === 'file_upload' || attackClass === 'web_shell' || attackClass === 'code_execution') && exchanges.length > 0,
  test(of) {
    const all = requestsOf(of)
    const later: Fetched[] = [
      ...all.flatMap(({ method, path, time, status, cites, body }) =>
        status !== null && (method === 'GET' || method === 'POST' || method === 'HEAD')
          ? [{ time, path, status, cites, page: isPage(body) }]
          : [],
      ),
      ...of.after.flatMap(({ id, time, fields }): Fetched[] => {
        const url = textOf(fields, 'http.url')
        const status = numberOf(fields, 'http.status')
        return url === '' || status === null
          ? []
          : [{ time, path: pathOf(url), status, cites: [{ kind: 'event', event: id }], page: false }]
      }),
    ].sort((a, b) => a.time - b.time)
    for (const upload of ownRequests(of)) {
      const { method, status, body, cites, time, path: uploadPath } = upload
      const names = namesIn(upload).filter((name) => SCRIPT.test(name))
      for (const name of names) {
        const fetched = later.filter(
          ({ path, time: at }) => at >= time && lastPart(path) === name && (method === 'PUT' || path !== uploadPath),
        )
        const found = fetched.find(({ status: code, page }) => (code === 200 || code === 206 || code === 304) && !page)
        if (found !== undefined && (status === null || status < 400))
          return {
            result: 'succeeded',
            confidence: 0.95,
            reason: {
              en: `The uploaded file was fetched afterwards (HTTP ${found.status}): ${found.path}`,
              ko: `업로드한 파일이 이후 요청에 응답했습니다(HTTP ${found.status}): ${found.path}`,
            },
            cites: [...cites, ...found.cites],
          }
        if (method === 'PUT' && status === 201)
          return {
            result: 'succeeded',
            confidence: 0.92,
            reason: {
              en: `The server says that it created the file (HTTP 201): ${name}`,
              ko: `서버가 파일을 생성했다고 응답했습니다(HTTP 201): ${name}`,
            },
            cites,
          }
        if (status === null || status >= 400) continue
        const missing = fetched.filter(({ status: code }) => code === 404 || code === 410)
        if (fetched.length > 0 && missing.length === fetched.length)
          return {
            result: 'attempted',
            confidence: 0.5,
            reason: {
              en: `The upload was answered with HTTP ${status}, but no file of that name was found where it was looked for: ${name}`,
              ko: `업로드 응답은 HTTP ${status}이나 찾은 위치에 그 이름의 파일이 없습니다: ${name}`,
            },
            cites: [...cites, ...missing.flatMap((one) => one.cites)].slice(0, 8),
          }
        const told = textIn(body, `/${name}`)
        if (told !== null)
          return {
            result: 'likely',
            confidence: 0.85,
            reason: { en: `The answer names where the file was stored: ${name}`, ko: `응답에 저장된 위치가 있습니다: ${name}` },
            cites,
            bytes: bytesOf(told),
          }
        if (method === 'PUT' && (status === 200 || status === 204))
          return {
            result: 'likely',
            confidence: 0.8,
            reason: {
              en: `The server accepted the file (HTTP ${status}): ${name}`,
              ko: `서버가 파일을 받았습니다(HTTP ${status}): ${name}`,
            },
            cites,
          }
      }
    }
    return null
  },
  examples: [
    {
      name: 'a form, then the script answers',
      of: {
        title: 'PHP file uploaded through a web form',
        exchanges: [
          {
            method: 'POST',
            url: '/admin/upload.php',
            requestBody:
              '--b\r\nContent-Disposition: form-data; name="invoice"; filename="inv_2231.php"\r\n\r\n<?php ?>\r\n--b--\r\n',
            body: '<p>Stored as /uploads/inv_2231.php</p>',
          },
        ],
        after: [{ at: 30, type: 'http', fields: { 'http.url': '/uploads/inv_2231.php?c=id', 'http.status': 200 } }],
      },
      expect: 'succeeded',
    },
    {
      name: 'created by PUT',
      of: {
        title: 'JSP upload by PUT',
        exchanges: [
          { method: 'PUT', url: '/a.jsp/', status: 201, requestBody: '<%%>' },
          { method: 'PUT', url: '/a.jsp', status: 201, requestBody: '<%%>' },
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'the answer names the place',
      of: {
        title: 'PHP file upload',
        exchanges: [
          {
            method: 'POST',
            url: '/u',
            requestBody: 'Content-Disposition: form-data; filename="x1.phtml"\r\n\r\n',
            body: 'ok: /media/x1.phtml',
          },
        ],
      },
      expect: 'likely',
    },
    {
      name: 'fetched, and not there',
      of: {
        title: 'PHP file upload',
        exchanges: [
          {
            method: 'POST',
            url: '/u',
            requestBody: 'Content-Disposition: form-data; filename="x1.php"\r\n\r\n',
            body: 'Thank you',
          },
          { at: 5, url: '/uploads/x1.php', status: 404, own: false },
        ],
      },
      expect: 'attempted',
    },
    {
      name: 'refused, and a script of that name is elsewhere',
      of: {
        title: 'PHP file upload',
        exchanges: [
          { method: 'POST', url: '/u', status: 403, requestBody: 'Content-Disposition: form-data; filename="index.php"\r\n\r\n' },
        ],
        after: [{ at: 3, type: 'http', fields: { 'http.url': '/index.php', 'http.status': 200 } }],
      },
      expect: null,
    },
    {
      name: 'a picture, as the form is meant for',
      of: {
        title: 'File upload',
        exchanges: [
          {
            method: 'POST',
            url: '/u',
            requestBody: 'Content-Disposition: form-data; filename="cat.png"\r\n\r\n',
            body: '/media/cat.png',
          },
        ],
      },
      expect: null,
    },
  ],
})
