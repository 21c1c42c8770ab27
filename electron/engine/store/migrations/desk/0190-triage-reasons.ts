import { defineMigration } from '../define.ts'

export default defineMigration({
  number: 190,
  doc: 'Reasons of verdicts that the desk added to the shipped ones.',
  up(db) {
    db.exec(`
      -- Decisions keep the code, so none is ever removed; retired ones are not offered any more. Times in microseconds.
      CREATE TABLE triage_reason (
        code TEXT PRIMARY KEY, verdict TEXT NOT NULL, en TEXT NOT NULL, ko TEXT NOT NULL, created REAL NOT NULL, created_by TEXT NOT NULL, retired REAL
      ) WITHOUT ROWID;
    `)
  },
})
