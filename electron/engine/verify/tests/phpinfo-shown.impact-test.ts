import { defineImpactTest } from '../define.ts'
import { bytesOf, shownIn } from '../reading/forms.ts'
import { PHPINFO } from '../reading/known-content.ts'
import { ownRequests } from '../reading/requests.ts'

export default defineImpactTest({
  id: 'phpinfo-shown',
  family: 'answer',
  title: { en: 'The answer is the page of phpinfo()', ko: '응답에 phpinfo() 페이지 포함' },
  reasoning: {
    en: 'phpinfo() writes a page that nothing else writes: it was found, or run.',
    ko: 'phpinfo() 페이지는 다른 방법으로 만들어지지 않으므로 발견되었거나 실행된 것입니다.',
  },
  spec: 'https://www.php.net/manual/en/function.phpinfo.php',
  appliesTo: 'Answers with a body to requests for it, and to code that calls it.',
  reads: ['exchanges'],
  applies: ({ attackClass }) =>
    attackClass === 'information_leak' || attackClass === 'code_execution' || attackClass === 'command_injection' ||
    attackClass === 'web_shell' || attackClass === 'path_traversal' || attackClass === 'scan' || attackClass === 'file_upload' || attackClass === null, // prettier-ignore
  test(of) {
    for (const { said, body, cites, path } of ownRequests(of)) {
      const shown = shownIn(body, PHPINFO)
      if (shown === null || said.includes(shown.text)) continue
      const ran = /phpinfo\s{0,4}\(/i.test(said)
      if (!ran && !/info|test|\.php$/i.test(path) && of.attackClass !== 'web_shell') continue
      return {
        result: 'succeeded',
        confidence: 0.96,
        reason: ran
          ? {
              en: 'The code that was sent ran: the answer is the page of phpinfo().',
              ko: '보낸 코드가 실행되어 응답에 phpinfo() 페이지가 있습니다.',
            }
          : { en: `The answer is the page of phpinfo(): ${path}`, ko: `응답이 phpinfo() 페이지입니다: ${path}` },
        cites,
        bytes: bytesOf(shown),
      }
    }
    return null
  },
  examples: [
    {
      name: 'left behind on the server',
      of: {
        title: 'Probe for phpinfo',
        exchanges: [
          {
            url: '/info.php',
            body: '<!DOCTYPE html><html><head><title>PHP 8.2.7 - phpinfo()</title></head><body><h1 class="p">PHP Version 8.2.7</h1>',
          },
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'run by an exploit',
      of: {
        title: 'Remote code execution',
        exchanges: [
          {
            method: 'POST',
            url: '/index.php?s=/a',
            requestBody: '_method=__construct&x=phpinfo()',
            body: '<h1 class="p">PHP Version 7.4.3</h1>',
          },
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'not there',
      of: { title: 'Probe for phpinfo', exchanges: [{ url: '/info.php', status: 404, body: '<title>404 Not Found</title>' }] },
      expect: null,
    },
    {
      name: 'a page about PHP',
      of: {
        title: 'Probe for phpinfo',
        exchanges: [{ url: '/test.php', body: '<p>PHP Version 8.2 is out: call phpinfo() to see yours.</p>' }],
      },
      expect: null,
    },
  ],
})
