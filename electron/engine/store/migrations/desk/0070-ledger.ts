import { defineMigration } from '../define.ts'

export default defineMigration({
  number: 70,
  doc: 'The ledger: chained entries by book, only added to.',
  up(db) {
    db.exec(`
      CREATE TABLE ledger (
        book TEXT NOT NULL, number INTEGER NOT NULL, at TEXT NOT NULL, by TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL,
        body TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (book, number)
      ) WITHOUT ROWID;
      CREATE INDEX ledger_subject ON ledger (subject, book, number);
      CREATE TRIGGER ledger_keeps BEFORE UPDATE ON ledger BEGIN SELECT raise(ABORT, 'the ledger is only added to'); END;
      CREATE TRIGGER ledger_stays BEFORE DELETE ON ledger BEGIN SELECT raise(ABORT, 'the ledger is only added to'); END;
    `)
  },
})
