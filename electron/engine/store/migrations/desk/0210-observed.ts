import { defineMigration } from '../define.ts'

export default defineMigration({
  number: 210,
  doc: 'Up to which event the desk has learnt of assets.',
  up(db) {
    db.exec(`
      CREATE TABLE observed_mark (only INTEGER PRIMARY KEY CHECK (only = 1), event INTEGER NOT NULL);
    `)
  },
})
