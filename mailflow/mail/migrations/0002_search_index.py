"""The full-text index over messages, kept by the database: FTS5, or a generated tsvector column.

With SQLite `mail.changes` adds new rows in bulk (an insert trigger costs twice as much); changes
and deletions are followed by triggers.
"""

from django.db import migrations

# Its first 32,000 characters decide what a search finds; the rest of a giant body is not worth it.
SQLITE = (
    """CREATE VIEW mail_message_words AS SELECT id, subject,
         from_name || ' ' || from_address AS sender, substr(text, 1, 32000) AS text
       FROM mail_message""",
    """CREATE VIRTUAL TABLE mail_message_fts USING fts5(subject, sender, text,
         content='mail_message_words', content_rowid='id', columnsize=0,
         tokenize="unicode61 remove_diacritics 2")""",
    """CREATE TRIGGER mail_message_unindex BEFORE DELETE ON mail_message BEGIN
         INSERT INTO mail_message_fts(mail_message_fts, rowid, subject, sender, text)
         SELECT 'delete', id, subject, sender, text FROM mail_message_words WHERE id = old.id;
       END""",
    """CREATE TRIGGER mail_message_reindex_before
       BEFORE UPDATE OF subject, from_name, from_address, text ON mail_message BEGIN
         INSERT INTO mail_message_fts(mail_message_fts, rowid, subject, sender, text)
         SELECT 'delete', id, subject, sender, text FROM mail_message_words WHERE id = old.id;
       END""",
    """CREATE TRIGGER mail_message_reindex_after
       AFTER UPDATE OF subject, from_name, from_address, text ON mail_message BEGIN
         INSERT INTO mail_message_fts(rowid, subject, sender, text)
         SELECT id, subject, sender, text FROM mail_message_words WHERE id = new.id;
       END""",
)
# Punctuation parts words, as FTS5 does it: else an address or a link would be one single word.
_MARKS = "@./_:-+=?&#~,;!|<>()[]*"


def _words(text):
    return f"to_tsvector('simple', translate({text}, '{_MARKS}', '{' ' * len(_MARKS)}'))"


POSTGRESQL = (
    f"""ALTER TABLE mail_message ADD COLUMN search tsvector GENERATED ALWAYS AS (
         setweight({_words("subject")}, 'A') ||
         setweight({_words("from_name || ' ' || from_address")}, 'B') ||
         {_words("left(text, 32000)")}) STORED""",
    "CREATE INDEX mail_message_search ON mail_message USING gin (search)",
)


def create(apps, schema_editor):
    if schema_editor.connection.alias != "default":
        return
    postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in POSTGRESQL if postgresql else SQLITE:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("mail", "0001_initial")]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
