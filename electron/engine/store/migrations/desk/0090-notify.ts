import { defineMigration } from '../define.ts'

export default defineMigration({
  number: 90,
  doc: 'Being told: channels, subscriptions, what waits to be told together, and the queue of messages.',
  up(db) {
    db.exec(`
      -- Times in milliseconds. settings: JSON without passwords, which are in a file of their own.
      CREATE TABLE notify_channel (id TEXT PRIMARY KEY, enabled INTEGER NOT NULL, settings TEXT NOT NULL, created INTEGER NOT NULL) WITHOUT ROWID;
      CREATE TABLE notify_subscription (id TEXT PRIMARY KEY, owner TEXT NOT NULL, settings TEXT NOT NULL, created INTEGER NOT NULL) WITHOUT ROWID;
      -- What a subscription has gathered since its last digest. due: when it is told. occasion: JSON. more: so many came after it and are only counted.
      CREATE TABLE notify_gathered (id INTEGER PRIMARY KEY, subscription TEXT NOT NULL, at INTEGER NOT NULL, due INTEGER NOT NULL, occasion TEXT NOT NULL, more INTEGER NOT NULL DEFAULT 0);
      CREATE INDEX notify_gathered_subscription ON notify_gathered (subscription, id);
      CREATE INDEX notify_gathered_due ON notify_gathered (due);
      -- reference: stable name of the message wherever it goes (Message-ID). payload: JSON for webhooks. deadline: given up then.
      CREATE TABLE notify_message (
        id INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, recipients TEXT NOT NULL, kind TEXT NOT NULL, language TEXT NOT NULL,
        subject TEXT NOT NULL, text TEXT NOT NULL, html TEXT NOT NULL, payload TEXT, incident TEXT, alert TEXT, reference TEXT NOT NULL UNIQUE,
        created INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, next_attempt INTEGER NOT NULL, deadline INTEGER NOT NULL,
        state TEXT NOT NULL, ended INTEGER, last_error TEXT, tried INTEGER
      );
      CREATE INDEX notify_message_channel ON notify_message (channel, state, next_attempt, id);
      CREATE INDEX notify_message_state ON notify_message (state, id);
      -- name 'alerts': up to which alert everybody was told.
      CREATE TABLE notify_mark (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
    `)
  },
})
