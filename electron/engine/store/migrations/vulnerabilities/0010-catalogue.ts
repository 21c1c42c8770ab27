import { defineMigration } from '../define.ts'

export default defineMigration({
  number: 10,
  doc: 'Vulnerability data as it was imported: CVE records, products that they name, statements of makers, what is exploited, scores.',
  up(db) {
    db.exec(`
      -- body: JSON of title, score, vector, severity, conditions.
      CREATE TABLE vulnerability (cve TEXT PRIMARY KEY, source TEXT NOT NULL, modified TEXT NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
      -- Vendors and products as CPE has them; '*' is any.
      CREATE TABLE product (product TEXT NOT NULL, vendor TEXT NOT NULL, cve TEXT NOT NULL, PRIMARY KEY (product, vendor, cve)) WITHOUT ROWID;
      CREATE INDEX product_cve ON product (cve);
      CREATE TABLE document (id TEXT PRIMARY KEY, publisher TEXT NOT NULL, version TEXT NOT NULL) WITHOUT ROWID;
      -- body: JSON of state, criteria, product, remedy.
      CREATE TABLE statement (
        product TEXT NOT NULL, cve TEXT NOT NULL, document TEXT NOT NULL, number INTEGER NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY (product, cve, document, number)
      ) WITHOUT ROWID;
      CREATE INDEX statement_document ON statement (document);
      CREATE TABLE exploited (cve TEXT PRIMARY KEY, added TEXT NOT NULL, due TEXT NOT NULL, ransomware INTEGER NOT NULL, title TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE epss (cve TEXT PRIMARY KEY, epss REAL NOT NULL, date TEXT NOT NULL) WITHOUT ROWID;
    `)
  },
})
