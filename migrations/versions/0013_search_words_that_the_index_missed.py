"""search words that the index missed

The index took "C++" for "C", a run of Chinese for one word, and "ł" for no kind of "l"; PostgreSQL
told "naïve" from "naive" and knew nothing of "the". What it misses of a title and abstract now stands
beside them, in words as people type them, and is searched too. Names of authors get a key, so that
any part of one finds it, whatever the case and accents.

On PostgreSQL words are told apart by a configuration of our own, `paper_words`: English stems, no
stop words; and signs part words, as in SQLite's index.

Revises: 0012
"""

import re
import unicodedata
from collections.abc import Callable, Iterator

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SHADOWS = ("insert", "delete", "update")

SQLITE = """
CREATE VIRTUAL TABLE papers_fts USING fts5(
    {columns}, content="papers", content_rowid="id",
    tokenize="porter unicode61 remove_diacritics 2"
)
"""

TRIGGERS = (
    """
    CREATE TRIGGER papers_fts_insert AFTER INSERT ON papers BEGIN
        INSERT INTO papers_fts (rowid, {columns})
        VALUES (new.id, {new});
    END
    """,
    """
    CREATE TRIGGER papers_fts_delete AFTER DELETE ON papers BEGIN
        INSERT INTO papers_fts (papers_fts, rowid, {columns})
        VALUES ('delete', old.id, {old});
    END
    """,
    """
    CREATE TRIGGER papers_fts_update AFTER UPDATE OF id, {columns} ON papers
    WHEN old.id IS NOT new.id OR {changed}
    BEGIN
        INSERT INTO papers_fts (papers_fts, rowid, {columns})
        VALUES ('delete', old.id, {old});
        INSERT INTO papers_fts (rowid, {columns})
        VALUES (new.id, {new});
    END
    """,
)

BLANKS = (
    "!\"#$%&''()*+,-./:;<=>?@[\\]^_`{|}~“”‘’„‟«»‹›–—―…·•′″、。，；：？！（）「」『』【】《》〈〉"
)

OLD_TEXT = "left(coalesce(title, '') || ' ' || coalesce(abstract, ''), 100000)"
NEW_TEXT = f"""translate(left(
    coalesce(title, '') || ' ' || coalesce(abstract, '') || ' ' || coalesce(search_words, ''),
    100000), '{BLANKS}', '{" " * (len(BLANKS) - 1)}')"""

CONFIGURATION = (
    "CREATE TEXT SEARCH DICTIONARY paper_stems (TEMPLATE = snowball, Language = english)",
    "CREATE TEXT SEARCH CONFIGURATION paper_words (COPY = pg_catalog.english)",
    """
    ALTER TEXT SEARCH CONFIGURATION paper_words
    ALTER MAPPING REPLACE english_stem WITH paper_stems
    """,
)

PORTION = 5_000

papers = sa.table(
    "papers",
    sa.column("id", sa.Integer),
    sa.column("title", sa.String),
    sa.column("abstract", sa.String),
    sa.column("search_words", sa.String),
)
authors = sa.table(
    "authors",
    sa.column("id", sa.Integer),
    sa.column("name", sa.String),
    sa.column("key", sa.String),
)


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if is_sqlite:
        _drop_index()
    op.add_column(
        "papers",
        sa.Column(
            "search_words",
            sa.String(),
            nullable=True,
            comment="Words of title and abstract that the search index would miss, as people type "
            "them: no accents, CJK character by character, cplusplus for C++; null for none",
        ),
    )
    op.add_column(
        "authors",
        sa.Column(
            "key",
            sa.String(),
            nullable=True,
            comment="Words of the name for search: no case, no accents, a space before and behind "
            "each",
        ),
    )
    _fill(papers, "title", "abstract", "search_words", search_words)
    _fill(authors, "name", "name", "key", lambda name, _: name_key(name or ""))
    if is_sqlite:
        _make_index("title", "abstract", "search_words")
    else:
        op.execute("DROP INDEX ix_papers_search")
        for statement in CONFIGURATION:
            op.execute(statement)
        _index_postgresql("paper_words", NEW_TEXT)


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if is_sqlite:
        _drop_index()
    else:
        op.execute("DROP INDEX ix_papers_search")
        op.execute("DROP TEXT SEARCH CONFIGURATION paper_words")
        op.execute("DROP TEXT SEARCH DICTIONARY paper_stems")
    # Not by a batch, which would write every row anew: no index, view or constraint names them.
    op.execute("ALTER TABLE authors DROP COLUMN key")
    op.execute("ALTER TABLE papers DROP COLUMN search_words")
    if is_sqlite:
        _make_index("title", "abstract")
    else:
        _index_postgresql("english", OLD_TEXT)


def _drop_index() -> None:
    for trigger in SHADOWS:
        op.execute(f"DROP TRIGGER papers_fts_{trigger}")
    op.execute("DROP TABLE papers_fts")


def _make_index(*columns: str) -> None:
    names = {
        "columns": ", ".join(columns),
        "new": ", ".join(f"new.{column}" for column in columns),
        "old": ", ".join(f"old.{column}" for column in columns),
        "changed": " OR ".join(f"old.{column} IS NOT new.{column}" for column in columns),
    }
    op.execute(SQLITE.format(**names))
    op.execute("INSERT INTO papers_fts (papers_fts) VALUES ('rebuild')")
    for trigger in TRIGGERS:
        op.execute(trigger.format(**names))


def _index_postgresql(configuration: str, text: str) -> None:
    op.get_bind().exec_driver_sql(
        "CREATE INDEX ix_papers_search ON papers USING gin "
        f"(to_tsvector('{configuration}', {text.replace('%', '%%')}))"
    )


def _fill(
    target: sa.TableClause,
    first: str,
    second: str,
    filled: str,
    make: Callable[[str | None, str | None], str | None],
) -> None:
    """Fill a column in portions, only where there is something to say."""
    connection, last = op.get_bind(), -1
    query = (
        sa.select(target.c.id, target.c[first], target.c[second])
        .order_by(target.c.id)
        .limit(PORTION)
    )
    write = (
        sa.update(target)
        .where(target.c.id == sa.bindparam("row"))
        .values({filled: sa.bindparam("words")})
    )
    while found := connection.execute(query.where(target.c.id > last)).all():
        rows = [{"row": row[0], "words": make(row[1], row[2])} for row in found]
        if rows := [row for row in rows if row["words"]]:
            connection.execute(write, rows)
        last = found[-1][0]


# As `catalog.domain.search_words` was when this was written; a copy, so that history stays put.

AROUND = 3
CJK = (
    "\u3040-\u30ff\u3105-\u312f\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\U00020000-\U0003fffd"
)
_SIGNS = {"++": "plusplus", "+": "plus", "#": "sharp", "*": "star"}
_WORD = re.compile(r"(?<![^\W_])[A-Za-z]\*(?![\w*])|[^\W_]+(?:\+{1,2}(?![^\W_]|\+)|#(?![^\W_]|#))?")
_NEEDS_CARE = re.compile(r"[^\W\x00-\x7f]|[\u0300-\u036f]|\w[+#]|(?<![^\W_])[A-Za-z]\*")
_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i",
     "ħ": "h", "ŧ": "t", "ŋ": "n", "ĸ": "k"}
)  # fmt: skip


def folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in apart if not unicodedata.combining(c)).casefold()
    return unicodedata.normalize("NFC", plain.translate(_LETTERS))


def tokens(text: str) -> list[str]:
    return [token[0] for token in placed_tokens(unicodedata.normalize("NFC", text))]


def placed_tokens(text: str) -> Iterator[tuple[str, int, int]]:
    for match in _WORD.finditer(text):
        word = match.group()
        stem = word.rstrip("+#*")
        sign = _SIGNS.get(word[len(stem) :], "")
        if stem.isascii():
            yield (stem.lower() + sign, match.start(), match.end())
        else:
            yield from _apart(stem, sign, match.start(), match.end())


def _apart(stem: str, sign: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    found = list(re.finditer(f"[{CJK}]|[^{CJK}]+", stem))
    for piece in found:
        is_last = piece is found[-1]
        until = end if is_last else start + piece.end()
        own_sign = "" if re.match(f"[{CJK}]", piece.group()) or not is_last else sign
        text = "".join(re.findall(r"[^\W_]+", folded(piece.group())))
        if text:
            yield (text + own_sign, start + piece.start(), until)


def search_words(*texts: str | None) -> str | None:
    found = [part for text in texts if text for part in _missed(text)]
    return "\n".join(found) or None


def _missed(text: str) -> Iterator[str]:
    if not _NEEDS_CARE.search(text):
        return
    text = unicodedata.normalize("NFC", text)
    all_tokens = list(placed_tokens(text))
    stretch: list[str] = []
    until = 0
    for place, token in enumerate(all_tokens):
        if token[0] == text[token[1] : token[2]].lower() and not _is_within(all_tokens, place):
            continue
        first, last = max(place - AROUND, until), min(place + AROUND + 1, len(all_tokens))
        if place - AROUND > until and stretch:
            yield " ".join(stretch)
            stretch = []
        stretch += [one[0] for one in all_tokens[first:last]]
        until = max(until, last)
    if stretch:
        yield " ".join(stretch)


def _is_within(all_tokens: list[tuple[str, int, int]], place: int) -> bool:
    token = all_tokens[place]
    before = all_tokens[place - 1][2] if place else -1
    after = all_tokens[place + 1][1] if place + 1 < len(all_tokens) else -1
    return token[1] == before or token[2] == after


def name_key(name: str) -> str:
    return f" {' '.join(tokens(name))} "
