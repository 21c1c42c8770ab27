import { defineMigration } from '../define.ts'

export default defineMigration({
  number: 80,
  doc: 'Customers, assets (registered and observed) and what scanners found on them.',
  up(db) {
    db.exec(`
      -- Bodies are JSON, as shared/model/asset.ts has them.
      CREATE TABLE customer (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE asset (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
      -- port: -1 where there is none.
      CREATE TABLE asset_finding (
        asset TEXT NOT NULL, cve TEXT NOT NULL, port INTEGER NOT NULL, transport TEXT NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY (asset, cve, port, transport)
      ) WITHOUT ROWID;
    `)
  },
})
