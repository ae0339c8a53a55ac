-- 0024
;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
)
;
CREATE TABLE authors (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, "key" VARCHAR, 
	CONSTRAINT pk_authors PRIMARY KEY (id), 
	CONSTRAINT uq_authors_name UNIQUE (name)
)
;
CREATE TABLE categories (
	id INTEGER NOT NULL, 
	code VARCHAR NOT NULL, 
	CONSTRAINT pk_categories PRIMARY KEY (id), 
	CONSTRAINT uq_categories_code UNIQUE (code)
)
;
CREATE TABLE datasets (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	slug VARCHAR NOT NULL, 
	"key" VARCHAR NOT NULL, 
	CONSTRAINT pk_datasets PRIMARY KEY (id), 
	CONSTRAINT uq_datasets_key UNIQUE ("key"), 
	CONSTRAINT uq_datasets_slug UNIQUE (slug)
)
;
CREATE TABLE digests (
	id INTEGER NOT NULL, 
	source VARCHAR NOT NULL, 
	day DATE NOT NULL, 
	CONSTRAINT pk_digests PRIMARY KEY (id), 
	CONSTRAINT uq_digests_source_day UNIQUE (source, day)
)
;
CREATE INDEX ix_digests_day ON digests (day)
;
CREATE TABLE documents (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	format VARCHAR NOT NULL, 
	sha256 VARCHAR NOT NULL, 
	bytes BIGINT NOT NULL, 
	read_at DATETIME NOT NULL, 
	records_done INTEGER NOT NULL, 
	state VARCHAR NOT NULL, 
	copy_of_id INTEGER, 
	digest_day DATE, 
	day_basis VARCHAR, parser_version VARCHAR, 
	CONSTRAINT pk_documents PRIMARY KEY (id), 
	CONSTRAINT ck_documents_copies_name_theirs CHECK ((state = 'copy') = (copy_of_id IS NOT NULL)), 
	CONSTRAINT ck_documents_state_known CHECK (state IN ('loading', 'replacing', 'complete', 'copy')), 
	CONSTRAINT fk_documents_copy_of_id_documents FOREIGN KEY(copy_of_id) REFERENCES documents (id) ON DELETE CASCADE, 
	CONSTRAINT uq_documents_name UNIQUE (name)
)
;
CREATE INDEX ix_documents_copy_of_id ON documents (copy_of_id)
;
CREATE INDEX ix_documents_format ON documents (format)
;
CREATE INDEX ix_documents_sha256 ON documents (sha256)
;
CREATE TABLE frameworks (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	CONSTRAINT pk_frameworks PRIMARY KEY (id), 
	CONSTRAINT uq_frameworks_name UNIQUE (name)
)
;
CREATE TABLE metrics (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	slug VARCHAR NOT NULL, 
	"key" VARCHAR NOT NULL, 
	family VARCHAR, 
	higher_is_better BOOLEAN, 
	CONSTRAINT pk_metrics PRIMARY KEY (id), 
	CONSTRAINT ck_metrics_family_known CHECK (family IN ('quality', 'efficiency')), 
	CONSTRAINT uq_metrics_key UNIQUE ("key"), 
	CONSTRAINT uq_metrics_slug UNIQUE (slug)
)
;
CREATE TABLE papers (
	id INTEGER NOT NULL, 
	"key" VARCHAR NOT NULL, 
	label VARCHAR NOT NULL, 
	title VARCHAR, 
	abstract VARCHAR, 
	arxiv_id VARCHAR, 
	published_on DATE, 
	updated_on DATE, 
	first_seen_on DATE, 
	year INTEGER, 
	month VARCHAR, 
	has_code BOOLEAN NOT NULL, 
	has_results BOOLEAN NOT NULL, 
	title_key VARCHAR, 
	abstract_key VARCHAR, 
	extractor_version VARCHAR, 
	extracted_sha256 VARCHAR, merge_rules INTEGER, search_words VARCHAR, version INTEGER, abstract_version INTEGER, withdrawn BOOLEAN DEFAULT false NOT NULL, withdrawn_reason VARCHAR, comment VARCHAR, venue VARCHAR, organization VARCHAR, is_row BOOLEAN DEFAULT false NOT NULL, 
	CONSTRAINT pk_papers PRIMARY KEY (id), 
	CONSTRAINT ck_papers_year_of_four_digits CHECK (year BETWEEN 1000 AND 9999), 
	CONSTRAINT uq_papers_arxiv_id UNIQUE (arxiv_id), 
	CONSTRAINT uq_papers_key UNIQUE ("key")
)
;
CREATE INDEX ix_papers_first_seen_on ON papers (first_seen_on)
;
CREATE INDEX ix_papers_has_code_has_results_year_first_seen_on ON papers (has_code, has_results, year, first_seen_on)
;
CREATE INDEX ix_papers_has_results_year_first_seen_on ON papers (has_results, year, first_seen_on)
;
CREATE INDEX ix_papers_month_has_code_has_results ON papers (month, has_code, has_results)
;
CREATE INDEX ix_papers_year_has_code_has_results_first_seen_on ON papers (year, has_code, has_results, first_seen_on)
;
CREATE TABLE repositories (
	id INTEGER NOT NULL, 
	full_name VARCHAR NOT NULL, 
	host VARCHAR NOT NULL, 
	owner VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	"key" VARCHAR NOT NULL, 
	url VARCHAR NOT NULL, 
	stars INTEGER, 
	language VARCHAR, 
	licence VARCHAR, 
	archived BOOLEAN, 
	state VARCHAR NOT NULL, 
	checked_at DATETIME, 
	CONSTRAINT pk_repositories PRIMARY KEY (id), 
	CONSTRAINT ck_repositories_state_known CHECK (state IN ('alive', 'moved', 'gone', 'unknown')), 
	CONSTRAINT ck_repositories_stars_not_negative CHECK (stars >= 0), 
	CONSTRAINT uq_repositories_key UNIQUE ("key")
)
;
CREATE INDEX ix_repositories_owner ON repositories (owner)
;
CREATE INDEX ix_repositories_stars ON repositories (stars)
;
CREATE TABLE runs (
	id INTEGER NOT NULL, 
	command VARCHAR NOT NULL, 
	version VARCHAR NOT NULL, 
	started_at DATETIME NOT NULL, 
	finished_at DATETIME, 
	state VARCHAR NOT NULL, 
	message VARCHAR, 
	documents INTEGER NOT NULL, 
	skipped INTEGER NOT NULL, 
	records INTEGER NOT NULL, 
	papers_added INTEGER NOT NULL, 
	papers_changed INTEGER NOT NULL, 
	papers_removed INTEGER NOT NULL, 
	entries_added INTEGER NOT NULL, 
	results_added INTEGER NOT NULL, 
	links_added INTEGER NOT NULL, 
	problems INTEGER NOT NULL, 
	CONSTRAINT pk_runs PRIMARY KEY (id), 
	CONSTRAINT ck_runs_state_known CHECK (state IN ('running', 'done', 'problems', 'failed', 'interrupted'))
)
;
CREATE INDEX ix_runs_started_at ON runs (started_at)
;
CREATE TABLE tasks (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	slug VARCHAR NOT NULL, 
	"key" VARCHAR NOT NULL, 
	CONSTRAINT pk_tasks PRIMARY KEY (id), 
	CONSTRAINT uq_tasks_key UNIQUE ("key"), 
	CONSTRAINT uq_tasks_slug UNIQUE (slug)
)
;
CREATE TABLE authorships (
	paper_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	author_id INTEGER NOT NULL, 
	CONSTRAINT pk_authorships PRIMARY KEY (paper_id, position), 
	CONSTRAINT ck_authorships_position_from_one CHECK (position >= 1), 
	CONSTRAINT fk_authorships_author_id_authors FOREIGN KEY(author_id) REFERENCES authors (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_authorships_paper_id_papers FOREIGN KEY(paper_id) REFERENCES papers (id) ON DELETE CASCADE
)
;
CREATE TABLE dataset_aliases (
	dataset_id INTEGER NOT NULL, 
	alias VARCHAR NOT NULL, 
	CONSTRAINT pk_dataset_aliases PRIMARY KEY (dataset_id, alias), 
	CONSTRAINT fk_dataset_aliases_dataset_id_datasets FOREIGN KEY(dataset_id) REFERENCES datasets (id) ON DELETE CASCADE
)
;
CREATE TABLE digest_entries (
	digest_id INTEGER NOT NULL, 
	paper_id INTEGER NOT NULL, 
	rank INTEGER, 
	upvotes INTEGER, 
	comments INTEGER, 
	observed_at DATETIME, 
	day_basis VARCHAR NOT NULL, 
	CONSTRAINT pk_digest_entries PRIMARY KEY (digest_id, paper_id), 
	CONSTRAINT ck_digest_entries_day_basis_known CHECK (day_basis IN ('printed', 'given', 'name', 'weekday', 'reading', 'weekend')), 
	CONSTRAINT ck_digest_entries_comments_not_negative CHECK (comments >= 0), 
	CONSTRAINT ck_digest_entries_rank_from_one CHECK (rank >= 1), 
	CONSTRAINT ck_digest_entries_upvotes_not_negative CHECK (upvotes >= 0), 
	CONSTRAINT fk_digest_entries_digest_id_digests FOREIGN KEY(digest_id) REFERENCES digests (id) ON DELETE CASCADE, 
	CONSTRAINT fk_digest_entries_paper_id_papers FOREIGN KEY(paper_id) REFERENCES papers (id) ON DELETE CASCADE
)
;
CREATE INDEX ix_digest_entries_paper_id ON digest_entries (paper_id)
;
CREATE TABLE identifiers (
	scheme VARCHAR NOT NULL, 
	value VARCHAR NOT NULL, 
	paper_id INTEGER NOT NULL, 
	CONSTRAINT pk_identifiers PRIMARY KEY (scheme, value), 
	CONSTRAINT ck_identifiers_scheme_known CHECK (scheme IN ('arxiv', 'doi', 'openalex', 'openreview', 'pwc')), 
	CONSTRAINT fk_identifiers_paper_id_papers FOREIGN KEY(paper_id) REFERENCES papers (id) ON DELETE CASCADE
)
;
CREATE INDEX ix_identifiers_paper_id ON identifiers (paper_id)
;
CREATE TABLE links (
	id INTEGER NOT NULL, 
	paper_id INTEGER NOT NULL, 
	url VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	repository_id INTEGER, 
	found_in VARCHAR NOT NULL, 
	is_official BOOLEAN, 
	framework_id INTEGER, 
	stars INTEGER, 
	text VARCHAR, 
	span_start INTEGER, 
	span_end INTEGER, 
	CONSTRAINT pk_links PRIMARY KEY (id), 
	CONSTRAINT ck_links_kind_known CHECK (kind IN ('github', 'gitlab', 'huggingface', 'github-pages', 'other')), 
	CONSTRAINT ck_links_span_not_empty CHECK (span_start < span_end), 
	CONSTRAINT ck_links_stars_not_negative CHECK (stars >= 0), 
	CONSTRAINT fk_links_framework_id_frameworks FOREIGN KEY(framework_id) REFERENCES frameworks (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_links_paper_id_papers FOREIGN KEY(paper_id) REFERENCES papers (id) ON DELETE CASCADE, 
	CONSTRAINT fk_links_repository_id_repositories FOREIGN KEY(repository_id) REFERENCES repositories (id) ON DELETE RESTRICT, 
	CONSTRAINT uq_links_paper_id_url UNIQUE (paper_id, url)
)
;
CREATE INDEX ix_links_framework_id ON links (framework_id)
;
CREATE INDEX ix_links_kind_found_in ON links (kind, found_in)
;
CREATE INDEX ix_links_repository_id_paper_id ON links (repository_id, paper_id)
;
CREATE TABLE metric_aliases (
	metric_id INTEGER NOT NULL, 
	alias VARCHAR NOT NULL, 
	CONSTRAINT pk_metric_aliases PRIMARY KEY (metric_id, alias), 
	CONSTRAINT fk_metric_aliases_metric_id_metrics FOREIGN KEY(metric_id) REFERENCES metrics (id) ON DELETE CASCADE
)
;
CREATE TABLE paper_categories (
	paper_id INTEGER NOT NULL, 
	category_id INTEGER NOT NULL, 
	is_primary BOOLEAN NOT NULL, 
	CONSTRAINT pk_paper_categories PRIMARY KEY (paper_id, category_id), 
	CONSTRAINT fk_paper_categories_category_id_categories FOREIGN KEY(category_id) REFERENCES categories (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_paper_categories_paper_id_papers FOREIGN KEY(paper_id) REFERENCES papers (id) ON DELETE CASCADE
)
;
CREATE TABLE paper_sources (
	id INTEGER NOT NULL, 
	document_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	paper_id INTEGER NOT NULL, 
	is_named BOOLEAN NOT NULL, 
	record_hash BIGINT NOT NULL, 
	title_hash BIGINT, 
	abstract_hash BIGINT, 
	record VARCHAR NOT NULL, item_hash BIGINT, 
	CONSTRAINT pk_paper_sources PRIMARY KEY (id), 
	CONSTRAINT fk_paper_sources_document_id_documents FOREIGN KEY(document_id) REFERENCES documents (id) ON DELETE CASCADE, 
	CONSTRAINT fk_paper_sources_paper_id_papers FOREIGN KEY(paper_id) REFERENCES papers (id) ON DELETE RESTRICT, 
	CONSTRAINT uq_paper_sources_document_id_record_hash UNIQUE (document_id, record_hash)
)
;
CREATE INDEX ix_paper_sources_abstract_hash ON paper_sources (abstract_hash) WHERE abstract_hash IS NOT NULL
;
CREATE INDEX ix_paper_sources_paper_id ON paper_sources (paper_id)
;
CREATE INDEX ix_paper_sources_title_hash ON paper_sources (title_hash) WHERE title_hash IS NOT NULL
;
CREATE TABLE paper_tasks (
	paper_id INTEGER NOT NULL, 
	task_id INTEGER NOT NULL, 
	CONSTRAINT pk_paper_tasks PRIMARY KEY (paper_id, task_id), 
	CONSTRAINT fk_paper_tasks_paper_id_papers FOREIGN KEY(paper_id) REFERENCES papers (id) ON DELETE CASCADE, 
	CONSTRAINT fk_paper_tasks_task_id_tasks FOREIGN KEY(task_id) REFERENCES tasks (id) ON DELETE RESTRICT
)
;
CREATE TABLE problems (
	id INTEGER NOT NULL, 
	document_id INTEGER NOT NULL, 
	run_id INTEGER, 
	closed_run_id INTEGER, 
	location VARCHAR NOT NULL, 
	why VARCHAR NOT NULL, 
	raw VARCHAR NOT NULL, 
	CONSTRAINT pk_problems PRIMARY KEY (id), 
	CONSTRAINT fk_problems_closed_run_id_runs FOREIGN KEY(closed_run_id) REFERENCES runs (id) ON DELETE SET NULL, 
	CONSTRAINT fk_problems_document_id_documents FOREIGN KEY(document_id) REFERENCES documents (id) ON DELETE CASCADE, 
	CONSTRAINT fk_problems_run_id_runs FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE SET NULL
)
;
CREATE INDEX ix_problems_closed_run_id ON problems (closed_run_id)
;
CREATE INDEX ix_problems_document_id_closed_run_id ON problems (document_id, closed_run_id)
;
CREATE INDEX ix_problems_run_id ON problems (run_id)
;
CREATE TABLE deliveries (
	id INTEGER NOT NULL, 
	subject VARCHAR NOT NULL, 
	address VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	message_id VARCHAR NOT NULL, 
	sent_at DATETIME NOT NULL, 
	CONSTRAINT pk_deliveries PRIMARY KEY (id), 
	CONSTRAINT ck_deliveries_state_known CHECK (state IN ('sending', 'sent')), 
	CONSTRAINT uq_deliveries_subject_address UNIQUE (subject, address)
)
;
CREATE TABLE received (
	id INTEGER NOT NULL, 
	source VARCHAR NOT NULL, 
	address VARCHAR NOT NULL, 
	document VARCHAR, 
	format VARCHAR, 
	day DATE, 
	sha256 VARCHAR NOT NULL, 
	size BIGINT NOT NULL, 
	body BLOB NOT NULL, 
	received_at DATETIME NOT NULL, 
	confirmed_at DATETIME NOT NULL, 
	state VARCHAR NOT NULL, 
	CONSTRAINT pk_received PRIMARY KEY (id), 
	CONSTRAINT ck_received_state_known CHECK (state IN ('new', 'used', 'refused'))
)
;
CREATE INDEX ix_received_address_id ON received (address, id)
;
CREATE INDEX ix_received_document_id ON received (document, id)
;
CREATE INDEX ix_received_source_received_at ON received (source, received_at)
;
CREATE TABLE repository_checks (
	"key" VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	moved_to VARCHAR, 
	stars INTEGER, 
	language VARCHAR, 
	licence VARCHAR, 
	archived BOOLEAN, 
	etag VARCHAR, 
	checked_at DATETIME NOT NULL, 
	CONSTRAINT pk_repository_checks PRIMARY KEY ("key"), 
	CONSTRAINT ck_repository_checks_state_known CHECK (state IN ('alive', 'moved', 'gone')), 
	CONSTRAINT ck_repository_checks_stars_not_negative CHECK (stars >= 0)
)
;
CREATE INDEX ix_repository_checks_checked_at ON repository_checks (checked_at)
;
CREATE TABLE repository_stars (
	"key" VARCHAR NOT NULL, 
	day DATE NOT NULL, 
	stars INTEGER NOT NULL, 
	CONSTRAINT pk_repository_stars PRIMARY KEY ("key", day), 
	CONSTRAINT ck_repository_stars_stars_not_negative CHECK (stars >= 0)
)
;
CREATE INDEX ix_repository_stars_day ON repository_stars (day)
;
CREATE TABLE scheduled_sources (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	is_configured BOOLEAN NOT NULL, 
	stale_after INTEGER NOT NULL, 
	tried_at DATETIME, 
	succeeded_at DATETIME, 
	failures INTEGER NOT NULL, 
	error VARCHAR, 
	hint VARCHAR, 
	resume_at DATETIME, 
	CONSTRAINT pk_scheduled_sources PRIMARY KEY (id), 
	CONSTRAINT ck_scheduled_sources_failures_not_negative CHECK (failures >= 0), 
	CONSTRAINT ck_scheduled_sources_stale_after_positive CHECK (stale_after > 0), 
	CONSTRAINT uq_scheduled_sources_name UNIQUE (name)
)
;
CREATE TABLE watermarks (
	source_id INTEGER NOT NULL, 
	part VARCHAR NOT NULL, 
	through DATE NOT NULL, 
	moved_at DATETIME NOT NULL, 
	CONSTRAINT pk_watermarks PRIMARY KEY (source_id, part), 
	CONSTRAINT fk_watermarks_source_id_scheduled_sources FOREIGN KEY(source_id) REFERENCES scheduled_sources (id) ON DELETE CASCADE
)
;
CREATE INDEX ix_papers_by_id ON papers (id, year, has_code, has_results, first_seen_on)
;
CREATE INDEX ix_paper_categories_category_id_paper_id ON paper_categories (category_id, paper_id)
;
CREATE INDEX ix_paper_tasks_task_id_paper_id ON paper_tasks (task_id, paper_id)
;
CREATE INDEX ix_authorships_author_id_paper_id ON authorships (author_id, paper_id)
;
CREATE TABLE marks (
	id INTEGER NOT NULL, 
	paper_id INTEGER, 
	label VARCHAR NOT NULL, 
	starred_at DATETIME, 
	read_at DATETIME, 
	note VARCHAR, 
	made_at DATETIME NOT NULL, 
	changed_at DATETIME NOT NULL, 
	CONSTRAINT pk_marks PRIMARY KEY (id), 
	CONSTRAINT fk_marks_paper_id_papers FOREIGN KEY(paper_id) REFERENCES papers (id) ON DELETE SET NULL
)
;
CREATE INDEX ix_marks_paper_id ON marks (paper_id)
;
CREATE TABLE mark_names (
	mark_id INTEGER NOT NULL, 
	scheme VARCHAR NOT NULL, 
	value VARCHAR NOT NULL, 
	rank INTEGER NOT NULL, 
	CONSTRAINT pk_mark_names PRIMARY KEY (mark_id, scheme, value), 
	CONSTRAINT fk_mark_names_mark_id_marks FOREIGN KEY(mark_id) REFERENCES marks (id) ON DELETE CASCADE
)
;
CREATE INDEX ix_mark_names_scheme_value ON mark_names (scheme, value)
;
CREATE TABLE mark_tags (
	mark_id INTEGER NOT NULL, 
	tag VARCHAR NOT NULL, 
	CONSTRAINT pk_mark_tags PRIMARY KEY (mark_id, tag), 
	CONSTRAINT fk_mark_tags_mark_id_marks FOREIGN KEY(mark_id) REFERENCES marks (id) ON DELETE CASCADE
)
;
CREATE INDEX ix_mark_tags_tag ON mark_tags (tag)
;
CREATE TABLE disputed_identifiers (
	paper_id INTEGER NOT NULL, 
	scheme VARCHAR NOT NULL, 
	value VARCHAR NOT NULL, 
	CONSTRAINT pk_disputed_identifiers PRIMARY KEY (paper_id, scheme, value), 
	CONSTRAINT fk_disputed_identifiers_paper_id_papers FOREIGN KEY(paper_id) REFERENCES papers (id) ON DELETE CASCADE
)
;
CREATE INDEX ix_disputed_identifiers_scheme_value ON disputed_identifiers (scheme, value)
;
CREATE INDEX ix_papers_extractor_version_merge_rules ON papers (extractor_version, merge_rules)
;
CREATE VIRTUAL TABLE papers_fts USING fts5(
    title, abstract, search_words, content="papers", content_rowid="id",
    tokenize="porter unicode61 remove_diacritics 2"
)
;
CREATE TRIGGER papers_fts_insert AFTER INSERT ON papers BEGIN
        INSERT INTO papers_fts (rowid, title, abstract, search_words)
        VALUES (new.id, new.title, new.abstract, new.search_words);
    END
;
CREATE TRIGGER papers_fts_delete AFTER DELETE ON papers BEGIN
        INSERT INTO papers_fts (papers_fts, rowid, title, abstract, search_words)
        VALUES ('delete', old.id, old.title, old.abstract, old.search_words);
    END
;
CREATE TRIGGER papers_fts_update AFTER UPDATE OF id, title, abstract, search_words ON papers
    WHEN old.id IS NOT new.id OR old.title IS NOT new.title OR old.abstract IS NOT new.abstract OR old.search_words IS NOT new.search_words
    BEGIN
        INSERT INTO papers_fts (papers_fts, rowid, title, abstract, search_words)
        VALUES ('delete', old.id, old.title, old.abstract, old.search_words);
        INSERT INTO papers_fts (rowid, title, abstract, search_words)
        VALUES (new.id, new.title, new.abstract, new.search_words);
    END
;
CREATE INDEX ix_papers_withdrawn ON papers (id) WHERE withdrawn
;
CREATE INDEX ix_papers_venue ON papers (venue) WHERE venue IS NOT NULL
;
CREATE INDEX ix_papers_organization ON papers (organization) WHERE organization IS NOT NULL
;
CREATE TABLE keywords (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	CONSTRAINT pk_keywords PRIMARY KEY (id), 
	CONSTRAINT uq_keywords_name UNIQUE (name)
)
;
CREATE TABLE paper_keywords (
	paper_id INTEGER NOT NULL, 
	keyword_id INTEGER NOT NULL, 
	CONSTRAINT pk_paper_keywords PRIMARY KEY (paper_id, keyword_id), 
	CONSTRAINT fk_paper_keywords_keyword_id_keywords FOREIGN KEY(keyword_id) REFERENCES keywords (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_paper_keywords_paper_id_papers FOREIGN KEY(paper_id) REFERENCES papers (id) ON DELETE CASCADE
)
;
CREATE INDEX ix_paper_keywords_keyword_id_paper_id ON paper_keywords (keyword_id, paper_id)
;
CREATE TABLE "results" (
	id INTEGER NOT NULL, 
	paper_id INTEGER NOT NULL, 
	metric_id INTEGER, 
	dataset_id INTEGER, 
	task_id INTEGER, 
	value DOUBLE, 
	value_max DOUBLE, 
	error DOUBLE, 
	unit VARCHAR, 
	kind VARCHAR NOT NULL, 
	role VARCHAR NOT NULL, 
	model VARCHAR, 
	baseline VARCHAR, 
	text VARCHAR NOT NULL, 
	metric_text VARCHAR, 
	dataset_text VARCHAR, 
	sentence VARCHAR, 
	span_start INTEGER, 
	span_end INTEGER, 
	rule VARCHAR, 
	confidence DOUBLE, 
	origin VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	sign VARCHAR, 
	row_confidence DOUBLE, metric_inferred BOOLEAN DEFAULT false NOT NULL, is_bound BOOLEAN DEFAULT false NOT NULL, 
	CONSTRAINT pk_results PRIMARY KEY (id), 
	CONSTRAINT ck_results_kind_known CHECK (kind IN ('absolute', 'delta', 'ratio')), 
	CONSTRAINT ck_results_sign_known CHECK (sign IN ('+', '-')), 
	CONSTRAINT fk_results_metric_id_metrics FOREIGN KEY(metric_id) REFERENCES metrics (id) ON DELETE RESTRICT, 
	CONSTRAINT ck_results_confidence_is_a_share CHECK (confidence BETWEEN 0 AND 1), 
	CONSTRAINT ck_results_role_known CHECK (role IN ('own', 'other')), 
	CONSTRAINT ck_results_origin_known CHECK (origin IN ('abstract', 'papers-with-code', 'curator')), 
	CONSTRAINT ck_results_row_confidence_is_a_share CHECK (row_confidence BETWEEN 0 AND 1), 
	CONSTRAINT fk_results_paper_id_papers FOREIGN KEY(paper_id) REFERENCES papers (id) ON DELETE CASCADE, 
	CONSTRAINT ck_results_span_not_empty CHECK (span_start < span_end), 
	CONSTRAINT fk_results_dataset_id_datasets FOREIGN KEY(dataset_id) REFERENCES datasets (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_results_task_id_tasks FOREIGN KEY(task_id) REFERENCES tasks (id) ON DELETE RESTRICT, 
	CONSTRAINT ck_results_state_known CHECK (state IN ('machine', 'accepted', 'corrected', 'added', 'rejected'))
)
;
CREATE INDEX ix_results_metric_id_paper_id ON results (metric_id, paper_id)
;
CREATE INDEX ix_results_confidence ON results (confidence)
;
CREATE INDEX ix_results_dataset_id_paper_id ON results (dataset_id, paper_id)
;
CREATE UNIQUE INDEX uq_results_paper_id_origin_span_start ON results (paper_id, origin, span_start) WHERE span_start IS NOT NULL
;
CREATE INDEX ix_results_kind_role_unit_origin ON results (kind, role, unit, origin)
;
CREATE INDEX ix_results_task_id ON results (task_id)
;
CREATE INDEX ix_results_paper_id ON results (paper_id)
;
CREATE TABLE "corrections" (
	id INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	target VARCHAR NOT NULL, 
	value VARCHAR, 
	machine_value VARCHAR, 
	label VARCHAR NOT NULL, 
	why VARCHAR, 
	made_by VARCHAR NOT NULL, 
	made_at DATETIME NOT NULL, 
	retracted_at DATETIME, 
	CONSTRAINT pk_corrections PRIMARY KEY (id), 
	CONSTRAINT ck_corrections_kind_known CHECK (kind IN ('merge', 'split', 'accept', 'reject', 'edit', 'add', 'title', 'day', 'repository', 'same', 'apart'))
)
;
CREATE INDEX ix_corrections_retracted_at_kind ON corrections (retracted_at, kind)
;
CREATE VIEW v_same_title AS
SELECT DISTINCT p.label AS title, p.key AS paper_key, p.first_seen_on,
       q.label AS other_title, q.key AS other_key, q.first_seen_on AS other_first_seen_on
  FROM paper_sources s
  JOIN paper_sources t ON t.title_hash = s.title_hash AND t.paper_id > s.paper_id
  JOIN papers p ON p.id = s.paper_id
  JOIN papers q ON q.id = t.paper_id
;
CREATE VIEW v_marks AS
SELECT p.id AS paper_id, p.key AS paper_key, p.label AS title, p.first_seen_on,
       p.has_code, p.has_results, m.starred_at IS NOT NULL AS starred,
       m.read_at IS NOT NULL AS "read", m.tags, m.note, m.starred_at, m.read_at, m.changed_at
  FROM (SELECT g.paper_id, g.starred_at, g.read_at, g.changed_at,
               (SELECT group_concat(tag, ', ') FROM (SELECT DISTINCT t.tag FROM mark_tags t JOIN marks k ON k.id = t.mark_id
                         WHERE k.paper_id = g.paper_id ORDER BY t.tag) tagged) AS tags,
               (SELECT group_concat(note, char(10) || char(10)) FROM (SELECT k.note FROM marks k
                         WHERE k.paper_id = g.paper_id AND k.note IS NOT NULL
                         ORDER BY k.made_at, k.id) noted) AS note
          FROM (SELECT paper_id, min(starred_at) AS starred_at, min(read_at) AS read_at,
                       max(changed_at) AS changed_at
                  FROM marks WHERE paper_id IS NOT NULL GROUP BY paper_id) g) m
  JOIN papers p ON p.id = m.paper_id
 WHERE m.starred_at IS NOT NULL OR m.read_at IS NOT NULL OR m.tags IS NOT NULL
    OR m.note IS NOT NULL
;
CREATE VIEW v_shared_identifiers AS
SELECT DISTINCT d.scheme, d.value, p.key AS paper_key, p.label AS title,
       q.key AS other_key, q.label AS other_title
  FROM disputed_identifiers d
  JOIN (SELECT scheme, value, paper_id FROM disputed_identifiers
        UNION ALL SELECT scheme, value, paper_id FROM identifiers) o
    ON o.scheme = d.scheme AND o.value = d.value AND o.paper_id <> d.paper_id
  JOIN papers p ON p.id = d.paper_id
  JOIN papers q ON q.id = o.paper_id
;
CREATE VIEW v_digest AS
SELECT g.day, g.source, e.rank, p.label AS title, p.key AS paper_key, e.upvotes, e.comments,
       (SELECT count(*) FROM results r
         WHERE r.paper_id = p.id AND r.state <> 'rejected') AS results,
       (SELECT o.full_name FROM links l JOIN repositories o ON o.id = l.repository_id
         WHERE l.paper_id = p.id
         ORDER BY CASE WHEN l.is_official THEN 0 ELSE 1 END, coalesce(o.stars, -1) DESC,
                  lower(o.full_name), o.key, l.id LIMIT 1) AS repository,
       (SELECT o.stars FROM links l JOIN repositories o ON o.id = l.repository_id
         WHERE l.paper_id = p.id
         ORDER BY CASE WHEN l.is_official THEN 0 ELSE 1 END, coalesce(o.stars, -1) DESC,
                  lower(o.full_name), o.key, l.id LIMIT 1) AS stars,
       p.published_on, p.withdrawn, e.day_basis, e.observed_at, e.digest_id, e.paper_id
  FROM digest_entries e
  JOIN digests g ON g.id = e.digest_id
  JOIN papers p ON p.id = e.paper_id
;
CREATE INDEX ix_results_decided ON results (state) WHERE state <> 'machine'
;
CREATE INDEX ix_papers_is_row ON papers (id) WHERE is_row
;
CREATE VIEW v_papers AS
SELECT p.id AS paper_id, p.key AS paper_key, p.label AS title, p.first_seen_on, p.published_on,
       p.year, p.month, p.arxiv_id, p.has_code, p.has_results, p.version, p.withdrawn, p.withdrawn_reason, p.venue,
       p.organization,
       (SELECT count(*) FROM results r
         WHERE r.paper_id = p.id AND r.state <> 'rejected') AS results,
       (SELECT o.full_name FROM links l JOIN repositories o ON o.id = l.repository_id
         WHERE l.paper_id = p.id
         ORDER BY CASE WHEN l.is_official THEN 0 ELSE 1 END, coalesce(o.stars, -1) DESC,
                  lower(o.full_name), o.key, l.id LIMIT 1) AS repository,
       (SELECT o.stars FROM links l JOIN repositories o ON o.id = l.repository_id
         WHERE l.paper_id = p.id
         ORDER BY CASE WHEN l.is_official THEN 0 ELSE 1 END, coalesce(o.stars, -1) DESC,
                  lower(o.full_name), o.key, l.id LIMIT 1) AS stars,
       (SELECT count(*) FROM digest_entries e WHERE e.paper_id = p.id) AS digests,
       (SELECT max(e.upvotes) FROM digest_entries e WHERE e.paper_id = p.id) AS upvotes,
       p.abstract
  FROM papers p
 WHERE p.id NOT IN (SELECT w.id FROM papers w WHERE w.is_row)
;
CREATE TABLE readings (
	id INTEGER NOT NULL, 
	question_sha256 VARCHAR NOT NULL, 
	abstract_sha256 VARCHAR NOT NULL, 
	prompt VARCHAR NOT NULL, 
	model VARCHAR NOT NULL, 
	schema_version VARCHAR NOT NULL, 
	answer VARCHAR NOT NULL, 
	problem VARCHAR, 
	attempts INTEGER NOT NULL, 
	input_tokens INTEGER, 
	output_tokens INTEGER, 
	asked_at DATETIME NOT NULL, 
	CONSTRAINT pk_readings PRIMARY KEY (id), 
	CONSTRAINT ck_readings_attempts_from_one CHECK (attempts >= 1), 
	CONSTRAINT uq_readings_question_sha256_prompt_model_schema_version UNIQUE (question_sha256, prompt, model, schema_version)
)
;
CREATE TABLE disagreements (
	paper_id INTEGER NOT NULL, 
	span_start INTEGER NOT NULL, 
	field VARCHAR NOT NULL, 
	span_end INTEGER NOT NULL, 
	text VARCHAR NOT NULL, 
	builtin VARCHAR, 
	other VARCHAR, 
	builtin_stands BOOLEAN NOT NULL, 
	CONSTRAINT pk_disagreements PRIMARY KEY (paper_id, span_start, field), 
	CONSTRAINT ck_disagreements_field_known CHECK (field IN ('result', 'value', 'metric', 'kind', 'dataset', 'role')), 
	CONSTRAINT ck_disagreements_span_not_empty CHECK (span_start < span_end), 
	CONSTRAINT fk_disagreements_paper_id_papers FOREIGN KEY(paper_id) REFERENCES papers (id) ON DELETE CASCADE
)
;
CREATE INDEX ix_results_by_dataset ON results (dataset_id, metric_id, kind, role, value, state, paper_id, unit, origin, row_confidence, confidence, is_bound)
;
CREATE INDEX ix_results_by_metric ON results (metric_id, dataset_id, kind, role, value, state, paper_id, unit, origin, row_confidence, confidence, is_bound)
;
CREATE VIEW v_results AS
SELECT r.id AS result_id, p.label AS paper, p.key AS paper_key, p.first_seen_on,
       m.name AS metric, r.metric_inferred, d.name AS dataset, r.value, r.value_max, r.unit, r.kind, r.role,
       r.sign, r.model, r.baseline, r.text, r.sentence, r.origin, r.state, r.rule, r.confidence,
       r.row_confidence, p.withdrawn,
       (SELECT o.full_name FROM links l JOIN repositories o ON o.id = l.repository_id
         WHERE l.paper_id = p.id
         ORDER BY CASE WHEN l.is_official THEN 0 ELSE 1 END, coalesce(o.stars, -1) DESC,
                  lower(o.full_name), o.key, l.id LIMIT 1) AS repository,
       (SELECT o.stars FROM links l JOIN repositories o ON o.id = l.repository_id
         WHERE l.paper_id = p.id
         ORDER BY CASE WHEN l.is_official THEN 0 ELSE 1 END, coalesce(o.stars, -1) DESC,
                  lower(o.full_name), o.key, l.id LIMIT 1) AS stars,
       r.paper_id, r.metric_id, r.dataset_id
  FROM results r
  JOIN papers p ON p.id = r.paper_id
  LEFT JOIN metrics m ON m.id = r.metric_id
  LEFT JOIN datasets d ON d.id = r.dataset_id
 WHERE r.state <> 'rejected'
;
CREATE INDEX ix_results_model ON results (model) WHERE model IS NOT NULL
;
CREATE INDEX ix_authors_key ON authors ("key")
;
CREATE INDEX ix_paper_sources_document_id_item_hash_position ON paper_sources (document_id, item_hash, position) WHERE item_hash IS NOT NULL
;
