import { defineMigration } from '../define.ts'

export default defineMigration({
  number: 200,
  doc: 'Addresses of people who own and watch incidents.',
  up(db) {
    db.exec(`
      CREATE TABLE notify_person (name TEXT PRIMARY KEY, address TEXT NOT NULL) WITHOUT ROWID;
    `)
  },
})
