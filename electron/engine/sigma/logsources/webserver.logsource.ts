import { defineLogSources, TAXONOMY } from './define.ts'

export default defineLogSources({
  id: 'webserver',
  title: 'Web server access logs',
  spec: TAXONOMY,
  doc: 'Access logs in the common and combined formats. The field names of rules are those of the W3C extended log format; `cs-uri-query` is the whole path with its query, as rules for web servers use it.',
  sources: [
    {
      names: [
        { category: 'webserver' },
        { category: 'webserver', product: 'apache', service: 'access' },
        { category: 'webserver', product: 'nginx', service: 'access' },
      ],
      when: { format: ['text'], type: ['access'] },
      fields: {
        'cs-uri-query': 'http.url',
        'cs-uri': 'http.url',
        'c-uri': 'http.url',
        'cs-uri-stem': { derive: 'stem' },
        'c-uri-query': { derive: 'query' },
        'c-uri-extension': { derive: 'extension' },
        'cs-host': 'http.host',
        'cs-method': 'http.method',
        'c-useragent': 'http.user_agent',
        'cs-user-agent': 'http.user_agent',
        'cs-useragent': 'http.user_agent',
        'cs-referer': 'http.referrer',
        'cs-referrer': 'http.referrer',
        'sc-status': 'http.status',
        'sc-bytes': 'http.length',
        'cs-username': 'user.name',
        'c-ip': 'src.ip',
      },
    },
  ],
})
