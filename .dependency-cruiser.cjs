/**
 * Who may import whom. The prefix lets the same rules judge test/fixtures/import-rules, which breaks each of them on purpose
 * (scripts/import-rules.ts proves that the linter sees it).
 */
const at = (path) => `^(?:test/fixtures/import-rules/)?${path}`
const NODE =
  '^(node:.*|assert|buffer|child_process|crypto|events|fs|fs/promises|http|https|net|os|path|stream|tls|url|util|worker_threads|zlib)$'
const extension =
  '\\.(parser|source|modifier|activity|migration|decoder|keyword|tile|inventory|vulnerabilities|observation)\\.tsx?$'

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    {
      name: 'shared-is-alone',
      severity: 'error',
      comment: 'shared imports zod only',
      from: { path: at('shared/'), pathNot: '\\.test\\.tsx?$' },
      to: { pathNot: [at('shared/'), 'node_modules/zod/'] },
    },
    {
      name: 'engine-knows-shared-and-node',
      severity: 'error',
      from: { path: at('electron/engine/') },
      to: {
        path: [
          at('renderer/'),
          at('electron/(main|preload)/'),
          '^electron$',
          'node_modules/(electron|react|react-dom|zustand|ag-grid.*|echarts|i18next|react-i18next)/',
        ],
      },
    },
    {
      name: 'main-knows-shared-and-electron',
      severity: 'error',
      from: { path: at('electron/(main|preload)/') },
      to: { path: [at('renderer/'), at('electron/engine/')] },
    },
    {
      name: 'renderer-knows-shared',
      severity: 'error',
      from: { path: at('renderer/'), pathNot: '\\.test\\.tsx?$' },
      to: { path: [at('electron/'), '^electron$', 'node_modules/(electron|better-sqlite3|ws)/', NODE] },
    },
    {
      name: 'no-view-imports-a-view',
      severity: 'error',
      from: { path: at('renderer/views/([^/]+)/') },
      to: { path: at('renderer/views/'), pathNot: at('renderer/views/$1/') },
    },
    {
      name: 'components-do-not-know-views',
      severity: 'error',
      from: { path: at('renderer/(components|widgets|state|client|theme|i18n|format)/') },
      to: { path: at('renderer/(views|app)/') },
    },
    {
      name: 'an-extension-knows-no-sibling',
      severity: 'error',
      from: { path: extension },
      to: { path: [extension, '/registry\\.tsx?$'] },
    },
    {
      name: 'only-ingest-and-store-know-the-writer',
      severity: 'error',
      from: { path: at('electron/'), pathNot: at('electron/engine/(ingest|store)/') },
      to: { path: at('electron/engine/store/(writer|commit|desk-writer|partition-writer)') },
    },
    {
      name: 'product-does-not-import-tests',
      severity: 'error',
      from: { path: at('(shared|electron|renderer)/'), pathNot: '\\.test\\.tsx?$' },
      to: { path: ['^test/(?!fixtures/import-rules)', '^scripts/'] },
    },
    {
      name: 'a-file-stands-in-a-layer',
      severity: 'error',
      comment: 'every source file is in shared, electron/{main,preload,engine}, renderer, test or scripts',
      from: {
        pathNot: [
          at('shared/'),
          at('electron/(main|preload|engine)/'),
          at('renderer/'),
          '^test/(?!fixtures/import-rules)',
          '^scripts/',
          '^bin/',
          '^[^/]+\\.config\\.ts$',
          'node_modules',
          NODE,
          '^electron$',
        ],
      },
      to: {},
    },
    {
      name: 'nothing-unresolved',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: ['^virtual:', '^electron$'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|test/fixtures/(?!import-rules))' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.css'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
}
