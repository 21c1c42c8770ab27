import { defineMigration } from '../define.ts'

export default defineMigration({
  number: 160,
  doc: 'What was last told of each incident, so that nothing is told twice, and nothing is lost over a restart.',
  up(db) {
    db.exec(`
      -- told: JSON, the incident as it was told. ledger: number of its last entry then.
      CREATE TABLE notify_incident (number TEXT PRIMARY KEY, revision INTEGER NOT NULL, ledger INTEGER NOT NULL, told TEXT NOT NULL) WITHOUT ROWID;
    `)
  },
})
