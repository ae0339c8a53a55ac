"""create the catalog

Papers and their names, digests, results with metrics and datasets, code, and the provenance of it
all; how papers are told apart and merged stands in catalog/domain/identity.py and catalog/domain/merge.py.

Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "authors",
        sa.Column("id", sa.Integer(), nullable=False, comment="Our key; means nothing outside"),
        sa.Column("name", sa.String(), nullable=False, comment="Name as printed, given name first"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authors")),
        sa.UniqueConstraint("name", name=op.f("uq_authors_name")),
        comment="A printed name, not a person.",
    )
    op.create_table(
        "categories",
        sa.Column("id", sa.Integer(), nullable=False, comment="Our key; means nothing outside"),
        sa.Column("code", sa.String(), nullable=False, comment="As arXiv writes it, e.g. cs.CL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_categories")),
        sa.UniqueConstraint("code", name=op.f("uq_categories_code")),
        comment="A subject class of arXiv.",
    )
    op.create_table(
        "datasets",
        sa.Column("id", sa.Integer(), nullable=False, comment="Our key; means nothing outside"),
        sa.Column("name", sa.String(), nullable=False, comment="Canonical name, e.g. ImageNet-1K"),
        sa.Column("slug", sa.String(), nullable=False, comment="Name in addresses, given once"),
        sa.Column("key", sa.String(), nullable=False, comment="Name folded for matching"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_datasets")),
        sa.UniqueConstraint("key", name=op.f("uq_datasets_key")),
        sa.UniqueConstraint("slug", name=op.f("uq_datasets_slug")),
        comment="A dataset or benchmark that numbers were measured on.",
    )
    op.create_table(
        "digests",
        sa.Column("id", sa.Integer(), nullable=False, comment="Our key; means nothing outside"),
        sa.Column(
            "source",
            sa.String(),
            nullable=False,
            comment="Name of the digest, e.g. digest-page or hf-daily",
        ),
        sa.Column("day", sa.Date(), nullable=False, comment="Day of the digest"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digests")),
        sa.UniqueConstraint("source", "day", name=op.f("uq_digests_source_day")),
        comment="One digest on one day; several documents may supply it.",
    )
    with op.batch_alter_table("digests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_digests_day"), ["day"], unique=False)

    op.create_table(
        "documents",
        sa.Column("id", sa.Integer(), nullable=False, comment="Our key; means nothing outside"),
        sa.Column(
            "name",
            sa.String(),
            nullable=False,
            comment="Absolute path, address, or sha256: and the digest for standard input",
        ),
        sa.Column("format", sa.String(), nullable=False, comment="Format it was read as"),
        sa.Column(
            "sha256",
            sa.String(),
            nullable=False,
            comment="SHA-256 of its bytes as received, hexadecimal",
        ),
        sa.Column("bytes", sa.BigInteger(), nullable=False, comment="Size as received, in bytes"),
        sa.Column(
            "read_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When it was last read, UTC",
        ),
        sa.Column(
            "records_done",
            sa.Integer(),
            nullable=False,
            comment="Pieces (records and problems) of it that are in the catalog",
        ),
        sa.Column(
            "state",
            sa.String(),
            nullable=False,
            comment="complete; loading or replacing (a long one, begun and not ended); copy (the same bytes as another document, so not loaded)",
        ),
        sa.Column(
            "copy_of_id",
            sa.Integer(),
            nullable=True,
            comment="Document with the same bytes that was loaded in its place",
        ),
        sa.Column(
            "digest_day",
            sa.Date(),
            nullable=True,
            comment="Day of the digest that the page prints; its year, once decided, is kept",
        ),
        sa.Column(
            "day_basis",
            sa.String(),
            nullable=True,
            comment="How that day is known: printed, given, name, weekday or reading",
        ),
        sa.CheckConstraint(
            "(state = 'copy') = (copy_of_id IS NOT NULL)",
            name=op.f("ck_documents_copies_name_theirs"),
        ),
        sa.CheckConstraint(
            "state IN ('loading', 'replacing', 'complete', 'copy')",
            name=op.f("ck_documents_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["copy_of_id"],
            ["documents.id"],
            name=op.f("fk_documents_copy_of_id_documents"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint("name", name=op.f("uq_documents_name")),
        comment="One file or response that was read, under its path or address.",
    )
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_documents_copy_of_id"), ["copy_of_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_documents_format"), ["format"], unique=False)
        batch_op.create_index(batch_op.f("ix_documents_sha256"), ["sha256"], unique=False)

    op.create_table(
        "frameworks",
        sa.Column("id", sa.Integer(), nullable=False, comment="Our key; means nothing outside"),
        sa.Column("name", sa.String(), nullable=False, comment="As its source writes it"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frameworks")),
        sa.UniqueConstraint("name", name=op.f("uq_frameworks_name")),
        comment="A framework that code is written in, e.g. pytorch.",
    )
    op.create_table(
        "metrics",
        sa.Column("id", sa.Integer(), nullable=False, comment="Our key; means nothing outside"),
        sa.Column(
            "name", sa.String(), nullable=False, comment="Canonical name, e.g. top-1 accuracy"
        ),
        sa.Column("slug", sa.String(), nullable=False, comment="Name in addresses, given once"),
        sa.Column(
            "key",
            sa.String(),
            nullable=False,
            comment="Name folded for matching; mAP and MAP stay apart",
        ),
        sa.Column(
            "family",
            sa.String(),
            nullable=True,
            comment="quality or efficiency; null for a name outside our list",
        ),
        sa.Column(
            "higher_is_better",
            sa.Boolean(),
            nullable=True,
            comment="1 if a higher value is better, 0 if a lower one is, null if unknown",
        ),
        sa.CheckConstraint(
            "family IN ('quality', 'efficiency')", name=op.f("ck_metrics_family_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_metrics")),
        sa.UniqueConstraint("key", name=op.f("uq_metrics_key")),
        sa.UniqueConstraint("slug", name=op.f("uq_metrics_slug")),
        comment="A metric under its canonical name; the numbers are in results.",
    )
    op.create_table(
        "papers",
        sa.Column("id", sa.Integer(), nullable=False, comment="Our key; means nothing outside"),
        sa.Column(
            "key",
            sa.String(),
            nullable=False,
            comment="Public name, used in addresses: arXiv identifier, else DOI, else t- or a- and 12 hexadecimal digits of the title's or abstract's key",
        ),
        sa.Column(
            "label",
            sa.String(),
            nullable=False,
            comment="What to show for the paper: its title, else the first words of the abstract",
        ),
        sa.Column(
            "title", sa.String(), nullable=True, comment="Title as printed, white space folded"
        ),
        sa.Column(
            "abstract",
            sa.String(),
            nullable=True,
            comment="Abstract as supplied; offsets of results and links count its characters",
        ),
        sa.Column(
            "arxiv_id",
            sa.String(),
            nullable=True,
            comment="arXiv identifier without version, e.g. 1706.03762 or cs/0112017; a copy for reading, see identifiers",
        ),
        sa.Column(
            "published_on", sa.Date(), nullable=True, comment="Day of the first version, UTC"
        ),
        sa.Column("updated_on", sa.Date(), nullable=True, comment="Day of the latest version, UTC"),
        sa.Column(
            "first_seen_on",
            sa.Date(),
            nullable=True,
            comment="The earlier of published_on and the first day in a digest",
        ),
        sa.Column("year", sa.Integer(), nullable=True, comment="Year of first_seen_on"),
        sa.Column(
            "month", sa.String(), nullable=True, comment="Month of first_seen_on, as 2025-03"
        ),
        sa.Column(
            "has_code", sa.Boolean(), nullable=False, comment="Whether a code repository is linked"
        ),
        sa.Column(
            "has_results", sa.Boolean(), nullable=False, comment="Whether a number was found in it"
        ),
        sa.Column(
            "title_key",
            sa.String(),
            nullable=True,
            comment="Title folded for matching: letters and digits of every script, no marks, no case",
        ),
        sa.Column(
            "abstract_key",
            sa.String(),
            nullable=True,
            comment="SHA-256 of the abstract folded like the title, hexadecimal",
        ),
        sa.Column(
            "extractor_version",
            sa.String(),
            nullable=True,
            comment="Version of the extractor that last read the abstract; set also if it found nothing",
        ),
        sa.Column(
            "extracted_sha256",
            sa.String(),
            nullable=True,
            comment="SHA-256 of the abstract that was read, hexadecimal",
        ),
        sa.CheckConstraint(
            "year BETWEEN 1000 AND 9999", name=op.f("ck_papers_year_of_four_digits")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_papers")),
        sa.UniqueConstraint("arxiv_id", name=op.f("uq_papers_arxiv_id")),
        sa.UniqueConstraint("key", name=op.f("uq_papers_key")),
        comment="One paper, however many documents told of it; computed from all of them.",
    )
    with op.batch_alter_table("papers", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_papers_extractor_version"), ["extractor_version"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_papers_first_seen_on"), ["first_seen_on"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_papers_has_code_has_results_year_first_seen_on"),
            ["has_code", "has_results", "year", "first_seen_on"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_papers_has_results_year_first_seen_on"),
            ["has_results", "year", "first_seen_on"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_papers_month_has_code_has_results"),
            ["month", "has_code", "has_results"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_papers_year_has_code_has_results_first_seen_on"),
            ["year", "has_code", "has_results", "first_seen_on"],
            unique=False,
        )

    op.create_table(
        "repositories",
        sa.Column("id", sa.Integer(), nullable=False, comment="Our key; means nothing outside"),
        sa.Column(
            "full_name", sa.String(), nullable=False, comment="owner/name as papers print it"
        ),
        sa.Column(
            "host", sa.String(), nullable=False, comment="github.com, gitlab.com or another host"
        ),
        sa.Column("owner", sa.String(), nullable=False, comment="User or organisation"),
        sa.Column(
            "name", sa.String(), nullable=False, comment="Name within the owner's repositories"
        ),
        sa.Column(
            "key",
            sa.String(),
            nullable=False,
            comment="host/owner/name in lower case: hosts do not tell case apart",
        ),
        sa.Column(
            "url", sa.String(), nullable=False, comment="Address of the repository's front page"
        ),
        sa.Column(
            "stars",
            sa.Integer(),
            nullable=True,
            comment="GitHub stars when the host was last asked, else the most that a source states",
        ),
        sa.Column(
            "language", sa.String(), nullable=True, comment="Main language, as the host says"
        ),
        sa.Column("licence", sa.String(), nullable=True, comment="Licence, SPDX identifier"),
        sa.Column("archived", sa.Boolean(), nullable=True, comment="Whether the owner archived it"),
        sa.Column(
            "state",
            sa.String(),
            nullable=False,
            comment="alive, moved, gone or unknown (never checked)",
        ),
        sa.Column(
            "checked_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the host was last asked, UTC",
        ),
        sa.CheckConstraint(
            "state IN ('alive', 'moved', 'gone', 'unknown')",
            name=op.f("ck_repositories_state_known"),
        ),
        sa.CheckConstraint("stars >= 0", name=op.f("ck_repositories_stars_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repositories")),
        sa.UniqueConstraint("key", name=op.f("uq_repositories_key")),
        comment="One code repository, under whatever spelling papers name it.",
    )
    with op.batch_alter_table("repositories", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_repositories_owner"), ["owner"], unique=False)
        batch_op.create_index(batch_op.f("ix_repositories_stars"), ["stars"], unique=False)

    op.create_table(
        "runs",
        sa.Column("id", sa.Integer(), nullable=False, comment="Our key; means nothing outside"),
        sa.Column("command", sa.String(), nullable=False, comment="The command, e.g. load"),
        sa.Column("version", sa.String(), nullable=False, comment="Version of the program"),
        sa.Column(
            "started_at", sa.DateTime(timezone=True), nullable=False, comment="When it began, UTC"
        ),
        sa.Column(
            "finished_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it ended, UTC; null while it runs, or where it was killed",
        ),
        sa.Column(
            "state",
            sa.String(),
            nullable=False,
            comment="running, done, problems, failed or interrupted",
        ),
        sa.Column("message", sa.String(), nullable=True, comment="Why it failed"),
        sa.Column("documents", sa.Integer(), nullable=False, comment="Documents that were loaded"),
        sa.Column(
            "skipped",
            sa.Integer(),
            nullable=False,
            comment="Documents unchanged or copies of another",
        ),
        sa.Column(
            "records", sa.Integer(), nullable=False, comment="Records that were new to the catalog"
        ),
        sa.Column("papers_added", sa.Integer(), nullable=False, comment="Papers that came"),
        sa.Column("papers_changed", sa.Integer(), nullable=False, comment="Papers that changed"),
        sa.Column("papers_removed", sa.Integer(), nullable=False, comment="Papers that went"),
        sa.Column(
            "entries_added", sa.Integer(), nullable=False, comment="Digest entries that came"
        ),
        sa.Column("results_added", sa.Integer(), nullable=False, comment="Results that came"),
        sa.Column("links_added", sa.Integer(), nullable=False, comment="Links that came"),
        sa.Column(
            "problems",
            sa.Integer(),
            nullable=False,
            comment="Pieces of input that could not be used",
        ),
        sa.CheckConstraint(
            "state IN ('running', 'done', 'problems', 'failed', 'interrupted')",
            name=op.f("ck_runs_state_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
        comment="One run of a command that brings data in.",
    )
    with op.batch_alter_table("runs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_runs_started_at"), ["started_at"], unique=False)

    op.create_table(
        "tasks",
        sa.Column("id", sa.Integer(), nullable=False, comment="Our key; means nothing outside"),
        sa.Column(
            "name", sa.String(), nullable=False, comment="Name in lower case, whoever writes it how"
        ),
        sa.Column("slug", sa.String(), nullable=False, comment="Name in addresses, given once"),
        sa.Column("key", sa.String(), nullable=False, comment="Name as it is matched"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sa.UniqueConstraint("key", name=op.f("uq_tasks_key")),
        sa.UniqueConstraint("slug", name=op.f("uq_tasks_slug")),
        comment="A task that papers work on, e.g. object detection.",
    )
    op.create_table(
        "authorships",
        sa.Column("paper_id", sa.Integer(), nullable=False, comment="Paper"),
        sa.Column(
            "position",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="1 for the first name",
        ),
        sa.Column(
            "author_id",
            sa.Integer(),
            nullable=False,
            comment="Printed name; a paper may print the same one twice",
        ),
        sa.CheckConstraint("position >= 1", name=op.f("ck_authorships_position_from_one")),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["authors.id"],
            name=op.f("fk_authorships_author_id_authors"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"],
            ["papers.id"],
            name=op.f("fk_authorships_paper_id_papers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("paper_id", "position", name=op.f("pk_authorships")),
        comment="The place of one printed name on one paper.",
    )
    with op.batch_alter_table("authorships", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_authorships_author_id"), ["author_id"], unique=False)

    op.create_table(
        "dataset_aliases",
        sa.Column("dataset_id", sa.Integer(), nullable=False, comment="Dataset"),
        sa.Column("alias", sa.String(), nullable=False, comment="The name as people write it"),
        sa.ForeignKeyConstraint(
            ["dataset_id"],
            ["datasets.id"],
            name=op.f("fk_dataset_aliases_dataset_id_datasets"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dataset_id", "alias", name=op.f("pk_dataset_aliases")),
        comment="Another way to write a dataset's name.",
    )
    op.create_table(
        "digest_entries",
        sa.Column("digest_id", sa.Integer(), nullable=False, comment="Digest"),
        sa.Column("paper_id", sa.Integer(), nullable=False, comment="Paper"),
        sa.Column(
            "rank",
            sa.Integer(),
            nullable=True,
            comment="Best place of the paper in the digest's pages, 1 for the first",
        ),
        sa.Column("upvotes", sa.Integer(), nullable=True, comment="Upvotes when last observed"),
        sa.Column("comments", sa.Integer(), nullable=True, comment="Comments when last observed"),
        sa.Column(
            "observed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When upvotes and comments were observed, UTC",
        ),
        sa.Column(
            "day_basis",
            sa.String(),
            nullable=False,
            comment="How the day is known: printed; given by an option; name of the document; weekday fits; concluded from the day of reading; weekend copy of the Friday before",
        ),
        sa.CheckConstraint(
            "day_basis IN ('printed', 'given', 'name', 'weekday', 'reading', 'weekend')",
            name=op.f("ck_digest_entries_day_basis_known"),
        ),
        sa.CheckConstraint("comments >= 0", name=op.f("ck_digest_entries_comments_not_negative")),
        sa.CheckConstraint("rank >= 1", name=op.f("ck_digest_entries_rank_from_one")),
        sa.CheckConstraint("upvotes >= 0", name=op.f("ck_digest_entries_upvotes_not_negative")),
        sa.ForeignKeyConstraint(
            ["digest_id"],
            ["digests.id"],
            name=op.f("fk_digest_entries_digest_id_digests"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"],
            ["papers.id"],
            name=op.f("fk_digest_entries_paper_id_papers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("digest_id", "paper_id", name=op.f("pk_digest_entries")),
        comment="That a paper stood in a digest, and how it stood there when last seen.",
    )
    with op.batch_alter_table("digest_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_digest_entries_paper_id"), ["paper_id"], unique=False)

    op.create_table(
        "identifiers",
        sa.Column(
            "scheme",
            sa.String(),
            nullable=False,
            comment="arxiv, doi, openalex, openreview or pwc (Papers with Code)",
        ),
        sa.Column(
            "value",
            sa.String(),
            nullable=False,
            comment="The name, without version or prefix; DOIs in lower case",
        ),
        sa.Column("paper_id", sa.Integer(), nullable=False, comment="Paper"),
        sa.CheckConstraint(
            "scheme IN ('arxiv', 'doi', 'openalex', 'openreview', 'pwc')",
            name=op.f("ck_identifiers_scheme_known"),
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"],
            ["papers.id"],
            name=op.f("fk_identifiers_paper_id_papers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("scheme", "value", name=op.f("pk_identifiers")),
        comment="One name of a paper in a public scheme.",
    )
    with op.batch_alter_table("identifiers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_identifiers_paper_id"), ["paper_id"], unique=False)

    op.create_table(
        "links",
        sa.Column("id", sa.Integer(), nullable=False, comment="Our key; means nothing outside"),
        sa.Column("paper_id", sa.Integer(), nullable=False, comment="Paper that names it"),
        sa.Column(
            "url", sa.String(), nullable=False, comment="The address, cleaned, with its scheme"
        ),
        sa.Column(
            "kind",
            sa.String(),
            nullable=False,
            comment="github or gitlab (a repository), github-pages, huggingface or other",
        ),
        sa.Column("repository_id", sa.Integer(), nullable=True, comment="Repository it leads to"),
        sa.Column(
            "found_in",
            sa.String(),
            nullable=False,
            comment="abstract, or the field of the source's record, e.g. githubRepo",
        ),
        sa.Column(
            "is_official",
            sa.Boolean(),
            nullable=True,
            comment="Whether the code is the authors' own, where a source says so",
        ),
        sa.Column(
            "framework_id",
            sa.Integer(),
            nullable=True,
            comment="Framework of the code, where a source says so",
        ),
        sa.Column(
            "stars",
            sa.Integer(),
            nullable=True,
            comment="GitHub stars that the source states beside it",
        ),
        sa.Column(
            "text", sa.String(), nullable=True, comment="The address as it stands in the abstract"
        ),
        sa.Column(
            "span_start",
            sa.Integer(),
            nullable=True,
            comment="Where it begins in the abstract, in characters from 0",
        ),
        sa.Column(
            "span_end",
            sa.Integer(),
            nullable=True,
            comment="Where it ends in the abstract, in characters, exclusive",
        ),
        sa.CheckConstraint(
            "kind IN ('github', 'gitlab', 'huggingface', 'github-pages', 'other')",
            name=op.f("ck_links_kind_known"),
        ),
        sa.CheckConstraint("span_start < span_end", name=op.f("ck_links_span_not_empty")),
        sa.CheckConstraint("stars >= 0", name=op.f("ck_links_stars_not_negative")),
        sa.ForeignKeyConstraint(
            ["framework_id"],
            ["frameworks.id"],
            name=op.f("fk_links_framework_id_frameworks"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["papers.id"], name=op.f("fk_links_paper_id_papers"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["repository_id"],
            ["repositories.id"],
            name=op.f("fk_links_repository_id_repositories"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_links")),
        sa.UniqueConstraint("paper_id", "url", name=op.f("uq_links_paper_id_url")),
        comment="One address that a paper, or a source on its behalf, names.",
    )
    with op.batch_alter_table("links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_links_framework_id"), ["framework_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_links_kind_found_in"), ["kind", "found_in"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_links_repository_id_paper_id"),
            ["repository_id", "paper_id"],
            unique=False,
        )

    op.create_table(
        "metric_aliases",
        sa.Column("metric_id", sa.Integer(), nullable=False, comment="Metric"),
        sa.Column("alias", sa.String(), nullable=False, comment="The name as people write it"),
        sa.ForeignKeyConstraint(
            ["metric_id"],
            ["metrics.id"],
            name=op.f("fk_metric_aliases_metric_id_metrics"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("metric_id", "alias", name=op.f("pk_metric_aliases")),
        comment="Another way to write a metric's name.",
    )
    op.create_table(
        "paper_categories",
        sa.Column("paper_id", sa.Integer(), nullable=False, comment="Paper"),
        sa.Column("category_id", sa.Integer(), nullable=False, comment="Subject class"),
        sa.Column(
            "is_primary",
            sa.Boolean(),
            nullable=False,
            comment="Whether it is the paper's main class",
        ),
        sa.ForeignKeyConstraint(
            ["category_id"],
            ["categories.id"],
            name=op.f("fk_paper_categories_category_id_categories"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"],
            ["papers.id"],
            name=op.f("fk_paper_categories_paper_id_papers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("paper_id", "category_id", name=op.f("pk_paper_categories")),
        comment="That a paper is filed under a subject class.",
    )
    with op.batch_alter_table("paper_categories", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_paper_categories_category_id"), ["category_id"], unique=False
        )

    op.create_table(
        "paper_sources",
        sa.Column("id", sa.Integer(), nullable=False, comment="Our key; means nothing outside"),
        sa.Column("document_id", sa.Integer(), nullable=False, comment="Document that supplied it"),
        sa.Column(
            "position",
            sa.Integer(),
            nullable=False,
            comment="Its place in the document, 0 for the first",
        ),
        sa.Column("paper_id", sa.Integer(), nullable=False, comment="Paper that it tells of"),
        sa.Column(
            "is_named",
            sa.Boolean(),
            nullable=False,
            comment="Whether the record has an identifier; if not, title or abstract decide",
        ),
        sa.Column(
            "record_hash",
            sa.BigInteger(),
            nullable=False,
            comment="First 8 bytes of the record's SHA-256: a document that repeats itself says nothing new, and a new version of it keeps what is unchanged",
        ),
        sa.Column(
            "title_hash",
            sa.BigInteger(),
            nullable=True,
            comment="First 8 bytes of the SHA-256 of the folded title; null where too short to match",
        ),
        sa.Column(
            "abstract_hash",
            sa.BigInteger(),
            nullable=True,
            comment="First 8 bytes of the SHA-256 of the folded abstract; null where too short",
        ),
        sa.Column("record", sa.String(), nullable=False, comment="The record itself, as JSON"),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["documents.id"],
            name=op.f("fk_paper_sources_document_id_documents"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"],
            ["papers.id"],
            name=op.f("fk_paper_sources_paper_id_papers"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_sources")),
        sa.UniqueConstraint(
            "document_id", "record_hash", name=op.f("uq_paper_sources_document_id_record_hash")
        ),
        comment="One record as a document supplied it: what papers are computed from.",
    )
    with op.batch_alter_table("paper_sources", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_paper_sources_abstract_hash"),
            ["abstract_hash"],
            unique=False,
            sqlite_where=sa.text("abstract_hash IS NOT NULL"),
            postgresql_where=sa.text("abstract_hash IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_paper_sources_paper_id"), ["paper_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_paper_sources_title_hash"),
            ["title_hash"],
            unique=False,
            sqlite_where=sa.text("title_hash IS NOT NULL"),
            postgresql_where=sa.text("title_hash IS NOT NULL"),
        )

    op.create_table(
        "paper_tasks",
        sa.Column("paper_id", sa.Integer(), nullable=False, comment="Paper"),
        sa.Column("task_id", sa.Integer(), nullable=False, comment="Task"),
        sa.ForeignKeyConstraint(
            ["paper_id"],
            ["papers.id"],
            name=op.f("fk_paper_tasks_paper_id_papers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["task_id"],
            ["tasks.id"],
            name=op.f("fk_paper_tasks_task_id_tasks"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("paper_id", "task_id", name=op.f("pk_paper_tasks")),
        comment="That a source files a paper under a task.",
    )
    with op.batch_alter_table("paper_tasks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_tasks_task_id"), ["task_id"], unique=False)

    op.create_table(
        "problems",
        sa.Column("id", sa.Integer(), nullable=False, comment="Our key; means nothing outside"),
        sa.Column("document_id", sa.Integer(), nullable=False, comment="Document it stands in"),
        sa.Column("run_id", sa.Integer(), nullable=True, comment="Run that met it first"),
        sa.Column(
            "closed_run_id",
            sa.Integer(),
            nullable=True,
            comment="Run in which the document no longer had it; null while it is open",
        ),
        sa.Column(
            "place", sa.String(), nullable=False, comment="Where in the document, e.g. line 12"
        ),
        sa.Column(
            "why", sa.String(), nullable=False, comment="What was wrong, and what was expected"
        ),
        sa.Column(
            "raw", sa.String(), nullable=False, comment="The piece itself, as it stood there"
        ),
        sa.ForeignKeyConstraint(
            ["closed_run_id"],
            ["runs.id"],
            name=op.f("fk_problems_closed_run_id_runs"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["documents.id"],
            name=op.f("fk_problems_document_id_documents"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["runs.id"], name=op.f("fk_problems_run_id_runs"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_problems")),
        comment="One piece of input that could not be used, with the reason.",
    )
    with op.batch_alter_table("problems", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_problems_closed_run_id"), ["closed_run_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_problems_document_id_closed_run_id"),
            ["document_id", "closed_run_id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_problems_run_id"), ["run_id"], unique=False)

    op.create_table(
        "results",
        sa.Column("id", sa.Integer(), nullable=False, comment="Our key; means nothing outside"),
        sa.Column("paper_id", sa.Integer(), nullable=False, comment="Paper that reports it"),
        sa.Column(
            "metric_id",
            sa.Integer(),
            nullable=True,
            comment="Metric; null where the text does not say which",
        ),
        sa.Column(
            "dataset_id",
            sa.Integer(),
            nullable=True,
            comment="Dataset it was measured on; null where none is named",
        ),
        sa.Column(
            "task_id",
            sa.Integer(),
            nullable=True,
            comment="Task, where the source of a table says so",
        ),
        sa.Column(
            "value",
            sa.Double(),
            nullable=True,
            comment="The number: per cent as printed, 93.1 not 0.931; counts in base units; null where the text is no number",
        ),
        sa.Column(
            "value_max",
            sa.Double(),
            nullable=True,
            comment="Upper end where a range is printed, in the unit of value",
        ),
        sa.Column(
            "error",
            sa.Double(),
            nullable=True,
            comment="The number behind ±, where a table prints one, in the unit of value",
        ),
        sa.Column(
            "unit",
            sa.String(),
            nullable=True,
            comment="%, x (factor), pp (percentage points), dB, ms, GB, ...; null for a bare score",
        ),
        sa.Column(
            "kind",
            sa.String(),
            nullable=False,
            comment="absolute (the metric's value), delta (a difference) or ratio (a factor)",
        ),
        sa.Column(
            "role",
            sa.String(),
            nullable=False,
            comment="own (the paper's method) or other (a baseline or prior work)",
        ),
        sa.Column(
            "model", sa.String(), nullable=True, comment="Model or variant that has the value"
        ),
        sa.Column(
            "baseline",
            sa.String(),
            nullable=True,
            comment="What a delta or ratio is compared with, where named",
        ),
        sa.Column(
            "text", sa.String(), nullable=False, comment="The number with its unit, as printed"
        ),
        sa.Column("metric_text", sa.String(), nullable=True, comment="The metric, as printed"),
        sa.Column("dataset_text", sa.String(), nullable=True, comment="The dataset, as printed"),
        sa.Column(
            "sentence", sa.String(), nullable=True, comment="Sentence that the number stands in"
        ),
        sa.Column(
            "span_start",
            sa.Integer(),
            nullable=True,
            comment="Where the number begins in the abstract, in characters from 0",
        ),
        sa.Column(
            "span_end",
            sa.Integer(),
            nullable=True,
            comment="Where the number ends in the abstract, in characters, exclusive",
        ),
        sa.Column(
            "rule", sa.String(), nullable=True, comment="Name of the extractor's rule that decided"
        ),
        sa.Column(
            "confidence",
            sa.Double(),
            nullable=True,
            comment="Estimated share of such results that are right, 0 to 1",
        ),
        sa.Column(
            "origin", sa.String(), nullable=False, comment="abstract, papers-with-code or curator"
        ),
        sa.Column(
            "state",
            sa.String(),
            nullable=False,
            comment="machine (as extracted), corrected, added or rejected by a person",
        ),
        sa.CheckConstraint(
            "kind IN ('absolute', 'delta', 'ratio')", name=op.f("ck_results_kind_known")
        ),
        sa.CheckConstraint(
            "origin IN ('abstract', 'papers-with-code', 'curator')",
            name=op.f("ck_results_origin_known"),
        ),
        sa.CheckConstraint("role IN ('own', 'other')", name=op.f("ck_results_role_known")),
        sa.CheckConstraint(
            "state IN ('machine', 'corrected', 'added', 'rejected')",
            name=op.f("ck_results_state_known"),
        ),
        sa.CheckConstraint(
            "confidence BETWEEN 0 AND 1", name=op.f("ck_results_confidence_is_a_share")
        ),
        sa.CheckConstraint("span_start < span_end", name=op.f("ck_results_span_not_empty")),
        sa.ForeignKeyConstraint(
            ["dataset_id"],
            ["datasets.id"],
            name=op.f("fk_results_dataset_id_datasets"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["metric_id"],
            ["metrics.id"],
            name=op.f("fk_results_metric_id_metrics"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["papers.id"], name=op.f("fk_results_paper_id_papers"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.id"], name=op.f("fk_results_task_id_tasks"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_results")),
        comment="One number that a paper reports, with the evidence for it.",
    )
    with op.batch_alter_table("results", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_results_dataset_id_metric_id_kind_role_value"),
            ["dataset_id", "metric_id", "kind", "role", "value"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_results_kind_role_unit_origin"),
            ["kind", "role", "unit", "origin"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_results_metric_id_dataset_id_kind_role_value"),
            ["metric_id", "dataset_id", "kind", "role", "value"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_results_paper_id"), ["paper_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_results_task_id"), ["task_id"], unique=False)
        batch_op.create_index(
            "uq_results_paper_id_origin_span_start",
            ["paper_id", "origin", "span_start"],
            unique=True,
            sqlite_where=sa.text("span_start IS NOT NULL"),
            postgresql_where=sa.text("span_start IS NOT NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("results", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_results_paper_id_origin_span_start",
            sqlite_where=sa.text("span_start IS NOT NULL"),
            postgresql_where=sa.text("span_start IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_results_task_id"))
        batch_op.drop_index(batch_op.f("ix_results_paper_id"))
        batch_op.drop_index(batch_op.f("ix_results_metric_id_dataset_id_kind_role_value"))
        batch_op.drop_index(batch_op.f("ix_results_kind_role_unit_origin"))
        batch_op.drop_index(batch_op.f("ix_results_dataset_id_metric_id_kind_role_value"))

    op.drop_table("results")
    with op.batch_alter_table("problems", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_problems_run_id"))
        batch_op.drop_index(batch_op.f("ix_problems_document_id_closed_run_id"))
        batch_op.drop_index(batch_op.f("ix_problems_closed_run_id"))

    op.drop_table("problems")
    with op.batch_alter_table("paper_tasks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_tasks_task_id"))

    op.drop_table("paper_tasks")
    with op.batch_alter_table("paper_sources", schema=None) as batch_op:
        batch_op.drop_index(
            batch_op.f("ix_paper_sources_title_hash"),
            sqlite_where=sa.text("title_hash IS NOT NULL"),
            postgresql_where=sa.text("title_hash IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_paper_sources_paper_id"))
        batch_op.drop_index(
            batch_op.f("ix_paper_sources_abstract_hash"),
            sqlite_where=sa.text("abstract_hash IS NOT NULL"),
            postgresql_where=sa.text("abstract_hash IS NOT NULL"),
        )

    op.drop_table("paper_sources")
    with op.batch_alter_table("paper_categories", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_categories_category_id"))

    op.drop_table("paper_categories")
    op.drop_table("metric_aliases")
    with op.batch_alter_table("links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_links_repository_id_paper_id"))
        batch_op.drop_index(batch_op.f("ix_links_kind_found_in"))
        batch_op.drop_index(batch_op.f("ix_links_framework_id"))

    op.drop_table("links")
    with op.batch_alter_table("identifiers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_identifiers_paper_id"))

    op.drop_table("identifiers")
    with op.batch_alter_table("digest_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_digest_entries_paper_id"))

    op.drop_table("digest_entries")
    op.drop_table("dataset_aliases")
    with op.batch_alter_table("authorships", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_authorships_author_id"))

    op.drop_table("authorships")
    op.drop_table("tasks")
    with op.batch_alter_table("runs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_runs_started_at"))

    op.drop_table("runs")
    with op.batch_alter_table("repositories", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_repositories_stars"))
        batch_op.drop_index(batch_op.f("ix_repositories_owner"))

    op.drop_table("repositories")
    with op.batch_alter_table("papers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_papers_year_has_code_has_results_first_seen_on"))
        batch_op.drop_index(batch_op.f("ix_papers_month_has_code_has_results"))
        batch_op.drop_index(batch_op.f("ix_papers_has_results_year_first_seen_on"))
        batch_op.drop_index(batch_op.f("ix_papers_has_code_has_results_year_first_seen_on"))
        batch_op.drop_index(batch_op.f("ix_papers_first_seen_on"))
        batch_op.drop_index(batch_op.f("ix_papers_extractor_version"))

    op.drop_table("papers")
    op.drop_table("metrics")
    op.drop_table("frameworks")
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_documents_sha256"))
        batch_op.drop_index(batch_op.f("ix_documents_format"))
        batch_op.drop_index(batch_op.f("ix_documents_copy_of_id"))

    op.drop_table("documents")
    with op.batch_alter_table("digests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_digests_day"))

    op.drop_table("digests")
    op.drop_table("datasets")
    op.drop_table("categories")
    op.drop_table("authors")
