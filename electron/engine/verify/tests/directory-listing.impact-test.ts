import { defineImpactTest } from '../define.ts'
import { bytesOf, shownIn } from '../reading/forms.ts'
import { ownRequests } from '../reading/requests.ts'

/** As Apache and nginx, IIS, Python and Tomcat write it. */
const LISTING =
  /<title>Index of \/[^<]{0,200}<\/title>|<h1>Index of \/[^<]{0,200}<\/h1>|<A HREF="[^"]{1,200}">\[To Parent Directory\]<\/A>|<title>Directory listing for \/[^<]{0,200}<\/title>|<title>Directory Listing For (?:\[)?\/[^<]{0,200}<\/title>/i

export default defineImpactTest({
  id: 'directory-listing',
  family: 'answer',
  title: { en: 'The answer lists a folder', ko: '응답에 폴더 목록 포함' },
  reasoning: {
    en: 'Servers list the files of a folder in a form of their own: who asked for it now knows their names.',
    ko: '서버가 폴더의 파일 목록을 보여 주는 형식은 정해져 있으며, 요청한 쪽은 파일 이름을 알게 됩니다.',
  },
  spec: 'https://cwe.mitre.org/data/definitions/548.html',
  appliesTo: 'Answers of HTTP 200 with a body, where folders are looked for.',
  reads: ['exchanges', 'usual'],
  applies: ({ attackClass }) =>
    attackClass === 'information_leak' || attackClass === 'path_traversal' || attackClass === 'scan' || attackClass === null,
  test(of) {
    for (const { status, body, cites, path } of ownRequests(of)) {
      if (status !== 200) continue
      const shown = shownIn(body, LISTING)
      if (shown === null) continue
      // A folder that many read is meant to be read.
      if (of.usual.some((usual) => usual.path === path && usual.answers >= 10)) continue
      const probed = of.attackClass === 'scan' || of.attackClass === null
      return {
        // To a scan it is one thing learnt among many.
        result: probed ? 'attempted' : 'succeeded',
        confidence: probed ? 0.6 : 0.93,
        reason: { en: `The answer lists the files of a folder: ${path}`, ko: `응답에 폴더의 파일 목록이 있습니다: ${path}` },
        cites,
        bytes: bytesOf(shown),
      }
    }
    return null
  },
  examples: [
    {
      name: 'Apache',
      of: {
        title: 'Directory listing of backups',
        exchanges: [
          {
            url: '/backup/',
            body: '<html><head><title>Index of /backup</title></head><body><h1>Index of /backup</h1></body></html>',
          },
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'IIS',
      of: {
        title: 'Information leak',
        exchanges: [{ url: '/old/', body: '<pre><A HREF="/">[To Parent Directory]</A><br><br> 1/5/2026' }],
      },
      expect: 'succeeded',
    },
    {
      name: 'met by a scan',
      of: { title: 'Scan for folders', exchanges: [{ url: '/old/', body: '<title>Index of /old/</title>' }] },
      expect: 'attempted',
    },
    {
      name: 'a mirror that everybody reads',
      of: {
        title: 'Information leak',
        exchanges: [{ url: '/pub/', body: '<title>Index of /pub/</title>' }],
        usual: [{ path: '/pub/', answers: 400, median: 900, largest: 1200 }],
      },
      expect: null,
    },
    {
      name: 'an index of a book',
      of: {
        title: 'Information leak',
        exchanges: [{ url: '/book', body: '<title>Index of names</title><h1>Index of names</h1>' }],
      },
      expect: null,
    },
    {
      name: 'a page on errors that quotes it',
      of: { title: 'Information leak', exchanges: [{ url: '/x/', status: 403, body: '<title>Index of /x</title>' }] },
      expect: null,
    },
  ],
})
