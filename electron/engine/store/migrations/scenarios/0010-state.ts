import { defineMigration } from '../define.ts'

export default defineMigration({
  number: 10,
  doc: 'What scenarios have seen: the events that take part, by group, what they found, and what the desk has not been told yet.',
  up(db) {
    db.exec(`
      -- Numbers of scenarios; one whose definition changed has a new number, and what the old one held goes.
      CREATE TABLE scenario (num INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, definition TEXT NOT NULL);
      -- A group: its values in lower case, and as its earliest event spells them. Times in microseconds.
      CREATE TABLE grp (id INTEGER PRIMARY KEY, scenario INTEGER NOT NULL, key TEXT NOT NULL, shown TEXT NOT NULL, shown_time REAL NOT NULL, UNIQUE (scenario, key));
      -- An event that takes part, or where it is negative a match of another scenario. reads: what scenarios above ask for, as JSON.
      CREATE TABLE entry (
        grp INTEGER NOT NULL, time REAL NOT NULL, event INTEGER NOT NULL, step INTEGER NOT NULL, value NOT NULL, reads TEXT,
        PRIMARY KEY (grp, time, event, step, value)
      ) WITHOUT ROWID;
      CREATE TABLE match (id INTEGER PRIMARY KEY AUTOINCREMENT, grp INTEGER NOT NULL, first REAL NOT NULL, last REAL NOT NULL, fulfilled REAL NOT NULL, count INTEGER NOT NULL);
      CREATE INDEX match_grp ON match (grp, last);
      -- Where a match takes part in other scenarios.
      CREATE TABLE passed (match INTEGER NOT NULL, scenario INTEGER NOT NULL, grp INTEGER NOT NULL, time REAL NOT NULL, step INTEGER NOT NULL, value NOT NULL,
        PRIMARY KEY (match, grp, step, value)) WITHOUT ROWID;
      -- Stretches of a group that are judged when the clock has passed 'at'.
      CREATE TABLE due (grp INTEGER NOT NULL, slot INTEGER NOT NULL, at REAL NOT NULL, after REAL NOT NULL, until REAL NOT NULL, PRIMARY KEY (grp, slot)) WITHOUT ROWID;
      CREATE INDEX due_at ON due (at);
      -- What the desk is told, in order; gone once it has it.
      CREATE TABLE told (seq INTEGER PRIMARY KEY, body TEXT NOT NULL);
      -- Up to which steps of each partition this was made.
      CREATE TABLE applied (day INTEGER PRIMARY KEY, seq INTEGER NOT NULL);
    `)
  },
})
