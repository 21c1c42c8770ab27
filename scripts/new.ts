/** `npm run new <kind> <name>`: writes the skeleton of an extension. Kinds: parser, decoder, rule, modifier, source, view, migration, impact-test. */
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const root = join(import.meta.dirname, '..')
type Skeleton = (name: string) => Record<string, string>

const camel = (name: string): string => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
const pascal = (name: string): string => camel(`-${name}`)

const KINDS: Record<string, Skeleton> = {
  parser: (name) => ({
    [`electron/engine/ingest/parsers/${name}.parser.ts`]: `import { defineParser } from './define.ts'

export default defineParser({
  id: '${name}',
  title: '${name}',
  spec: 'https://',
  doc: '',
  priority: 1,
  framing: 'line',
  stateless: true,
  aliases: {},
  sniff: () => 0,
  create: () => ({
    parse: () => ({ rejected: 'not written yet' }),
  }),
  examples: [],
})
`,
  }),
  decoder: (name) => ({
    [`electron/engine/packets/decode/decoders/${name}.decoder.ts`]: `import { defineDecoder } from '../define.ts'

export default defineDecoder({
  id: '${name}',
  title: '${name.toUpperCase()}',
  spec: 'https://',
  doc: 'What is read of it, what is not.',
  // Numbers of headers and ports that lead here; \`guess\` knows it on any port, other decoders reach it by its id.
  on: [{ table: 'udpPort', keys: [] }],
  fields: [{ name: '${name}.type', type: 'uint', doc: 'Type' }],
  // Where it runs over TCP: how long the message at \`from\` is.
  stream: { length: (data, from, to) => (to - from < 2 ? 0 : (data[from]! << 8) | data[from + 1]!) },
  message({ data, from, to }, _, out) {
    if (from >= to) return out.malformed()
    out.fact('${name}.type', data[from]!, from, 1)
    out.line(\`Type \${data[from]!}\`)
  },
  examples: [
    {
      name: 'a message',
      messages: { transport: 'udp', port: 0, sent: [{ by: 0, hex: '01' }] },
      expect: { stack: '${name}', line: 'Type 1', facts: { '${name}.type': 1 } },
    },
  ],
})
`,
  }),
  modifier: (name) => ({
    [`electron/engine/sigma/modifiers/${name}.modifier.ts`]: `import { defineModifier, MODIFIER_SPEC } from './define.ts'

export default defineModifier({
  id: '${name}',
  spec: MODIFIER_SPEC,
  doc: 'What it does to a value.',
  takes: ['text'],
  apply: (value) => value,
  examples: [{ key: 'CommandLine|${name}', value: 'a', matches: [{ CommandLine: 'a' }], misses: [{ CommandLine: 'b' }] }],
})
`,
  }),
  rule: (name) => ({
    [`resources/rules/${name}.yml`]: `title: ${name.replace(/[_-]/g, ' ')}
id: ${randomUUID()}
status: experimental
description: What it finds, and why that matters.
author: Watchfloor
date: ${new Date().toISOString().slice(0, 10)}
tags:
  - attack.t0000
logsource:
  product: windows
  category: process_creation
detection:
  selection:
    CommandLine|contains: ''
  condition: selection
falsepositives:
  - Unknown
level: medium
`,
    [`resources/rules/${name}.examples.yml`]: `- name: what it must find
  format: windows-json
  match: true
  record: '{}'
- name: what it must leave alone
  format: windows-json
  match: false
  record: '{}'
`,
  }),
  logsource: (name) => ({
    [`resources/logsources/${name}.yml`]: `id: ${name}
title: What it is
doc: How its records are told, and where the names of their fields come from.
spec: https://
format: jsonl
sources:
  - names: { product: ${name}, service: audit }
    when: { has: [] }
    fields:
      user: user.name
examples:
  - name: one record
    format: jsonl
    record: '{}'
    is: { product: ${name}, service: audit }
    reads: { user: kim }
`,
  }),
  'impact-test': (name) => ({
    [`electron/engine/verify/tests/${name}.impact-test.ts`]: `import { defineImpactTest } from '../define.ts'

export default defineImpactTest({
  id: '${name}',
  family: 'answer',
  title: { en: 'What it finds', ko: '무엇을 확인하는지' },
  reasoning: { en: 'Why the evidence tells, in one sentence.', ko: '증거가 무엇을 뜻하는지 한 문장으로 설명합니다.' },
  spec: 'https://',
  appliesTo: 'What it applies to, in words.',
  // Fields of the case that it reads (case.ts); readers that tests share are in ../reading.
  reads: ['exchanges'],
  applies: ({ exchanges }) => exchanges.length > 0,
  test({ exchanges }) {
    const found = exchanges.find(({ own, status }) => own && status === 418)
    if (found === undefined) return null
    return {
      result: 'failed',
      confidence: 0.8,
      reason: { en: 'The server is a teapot.', ko: '서버가 요청을 거부했습니다.' },
      cites: found.cites,
    }
  },
  // At least one that decides, and those that must not: what looks like it and is something else.
  examples: [
    { name: 'it decides', of: { title: 'Attack', exchanges: [{ url: '/', status: 418 }] }, expect: 'failed' },
    { name: 'it says nothing', of: { title: 'Attack', exchanges: [{ url: '/', status: 200 }] }, expect: null },
  ],
})
`,
  }),
  source: (name) => ({
    [`electron/engine/ingest/sources/${name}.source.ts`]: `import { fail } from '../../../../shared/model/result.ts'
import { defineSource } from './define.ts'

/** The kind must be a member of \`SourceInput\` in shared/model/source.ts first. */
export default defineSource<'file'>({
  kind: 'file',
  title: '${name}',
  doc: 'What it reads, what it survives, what it does not.',
  start({ state }) {
    state('failed', 'not written yet')
    return { waiting: () => 0, close: () => Promise.resolve() }
  },
  sample: () => Promise.resolve(fail({ code: 'unsupported_format', message: 'not written yet' })),
})
`,
  }),
  view: (name) => ({
    [`renderer/views/${name}/index.tsx`]: `import { lazy } from 'react'
import { defineView } from '../../app/define-view.ts'

export const view = defineView({ id: '${name}', icon: <path d="M4 5h12M4 10h12M4 15h12" />, order: 500, go: '${name[0]}', Component: lazy(() => import('./${pascal(name)}View.tsx')), shortcuts: [] })
`,
    [`renderer/views/${name}/${pascal(name)}View.tsx`]: `import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Pane } from '../../components/Pane.tsx'

export default function ${pascal(name)}View(): ReactNode {
  const { t } = useTranslation('${name}')
  return <Pane label={t('title')}><h2>{t('title')}</h2></Pane>
}
`,
    [`renderer/i18n/en/${name}.json`]: `{\n  "title": "${pascal(name)}"\n}\n`,
    [`renderer/i18n/ko/${name}.json`]: `{\n  "title": "${pascal(name)}"\n}\n`,
  }),
  migration: (name) => {
    const folder = name.startsWith('desk') ? 'desk' : 'partition'
    const path = `electron/engine/store/migrations/${folder}`
    const last = existsSync(join(root, path))
      ? readdirSync(join(root, path))
          .map((file) => Number.parseInt(file, 10))
          .filter(Number.isFinite)
          .sort((a, b) => b - a)[0]
      : undefined
    const number = String((last ?? 0) + 10).padStart(4, '0')
    return {
      [`${path}/${number}-${name.replace(/^(desk|partition)-/, '')}.ts`]: `import { defineMigration } from '../define.ts'

export default defineMigration({
  number: ${Number(number)},
  doc: 'What changes, and why.',
  up(db) {
    db.exec('')
  },
})
`,
    }
  },
}

const [kind, name] = process.argv.slice(2)
const make = kind !== undefined && Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined
if (!make || !name || !/^[a-z][a-z0-9_-]*$/.test(name)) {
  console.error(`usage: npm run new <${Object.keys(KINDS).join('|')}> <name in lower case>`)
  process.exit(2)
}
for (const [path, text] of Object.entries(make(name))) {
  const file = join(root, path)
  if (existsSync(file)) {
    console.error(`${path} is there already`)
    process.exit(1)
  }
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  console.log(path)
}
