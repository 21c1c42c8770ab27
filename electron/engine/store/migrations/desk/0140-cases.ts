import { defineMigration } from '../define.ts'

export default defineMigration({
  number: 140,
  doc: 'Cases that came from another desk: where from, which ids they had there, and what else they brought.',
  up(db) {
    db.exec(`
      -- number: of the first desk. first_hash: of the first entry of its book. links: JSON, as they were there.
      CREATE TABLE case_import (
        incident INTEGER PRIMARY KEY, number TEXT NOT NULL, desk TEXT NOT NULL, content TEXT NOT NULL, first_hash TEXT NOT NULL,
        entries INTEGER NOT NULL, links TEXT NOT NULL, at REAL NOT NULL, by TEXT NOT NULL
      );
      CREATE INDEX case_import_first ON case_import (first_hash);
      -- kind: event, alert, source. What each was on the first desk, and is here.
      CREATE TABLE case_id (incident INTEGER NOT NULL, kind TEXT NOT NULL, theirs TEXT NOT NULL, ours TEXT NOT NULL, PRIMARY KEY (incident, kind, theirs)) WITHOUT ROWID;
      -- Their alerts raise no mails.
      CREATE TABLE case_alert (alert INTEGER PRIMARY KEY, incident INTEGER NOT NULL);
      -- Rows of the first desk's inventory that are cited, and a book whose number was taken here.
      CREATE TABLE case_asset (incident INTEGER NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (incident, id)) WITHOUT ROWID;
      CREATE INDEX case_asset_id ON case_asset (id);
      CREATE TABLE case_ledger (
        incident INTEGER NOT NULL, book TEXT NOT NULL, number INTEGER NOT NULL, at TEXT NOT NULL, by TEXT NOT NULL, action TEXT NOT NULL,
        subject TEXT NOT NULL, body TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (incident, number)
      ) WITHOUT ROWID;
    `)
  },
})
