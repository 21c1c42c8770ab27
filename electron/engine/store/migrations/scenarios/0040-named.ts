import { defineMigration } from '../define.ts'

export default defineMigration({
  number: 40,
  doc: 'Which events a match of a scenario of scenarios has named to the desk: its inner matches change, and an event counts once.',
  up(db) {
    db.exec('CREATE TABLE named (match INTEGER NOT NULL, event INTEGER NOT NULL, PRIMARY KEY (match, event)) WITHOUT ROWID;')
  },
})
