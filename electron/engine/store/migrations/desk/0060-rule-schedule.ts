import { defineMigration } from '../define.ts'

export default defineMigration({
  number: 60,
  doc: 'Rules that are not evaluated as records arrive, but run over what is stored every so many hours; and their last run.',
  up(db) {
    db.exec(`
      -- ran: when the last run that came to its end began, in milliseconds. run: JSON of what it found, or why the last one failed.
      CREATE TABLE rule_schedule (id TEXT PRIMARY KEY, hours INTEGER NOT NULL, ran INTEGER, run TEXT) WITHOUT ROWID;
    `)
  },
})
