"""Write the catalog to files of other programs: tables, records, lists of references."""

from catalog.exports import citations, delimited, papers_with_code
from catalog.exports.catalog_lines import write_catalog_lines
from catalog.exports.parquet import write_parquet
from catalog.plugins import ExportFormat

FORMATS = (
    ExportFormat("csv", "Tables and views as CSV", ".csv", delimited.write_csv, "tables", "rows"),
    ExportFormat(
        "jsonl", "Tables and views as JSON lines", ".jsonl", delimited.write_jsonl, "tables", "rows"
    ),
    ExportFormat(
        "parquet", "Tables and views as parquet", ".parquet", write_parquet, "tables", "rows"
    ),
    ExportFormat(
        "catalog-jsonl",
        "The catalog's own JSON lines, which load back to an equal catalog",
        ".jsonl",
        write_catalog_lines,
    ),
    ExportFormat(
        "pwc-papers",
        "Papers with Code: papers with abstracts",
        ".json",
        papers_with_code.write_pwc_papers,
    ),
    ExportFormat(
        "pwc-links",
        "Papers with Code: links between papers and code",
        ".json",
        papers_with_code.write_pwc_links,
        counted="links",
    ),
    ExportFormat(
        "pwc-tables",
        "Papers with Code: evaluation tables",
        ".json",
        papers_with_code.write_pwc_tables,
        counted="tasks",
    ),
    ExportFormat(
        "bibtex", "BibTeX, for LaTeX with biber or BibTeX", ".bib", citations.write_bibtex
    ),
    ExportFormat("ris", "RIS, for Zotero, EndNote and Mendeley", ".ris", citations.write_ris),
    ExportFormat(
        "csl-json", "CSL-JSON, for Zotero, Pandoc and citeproc", ".json", citations.write_csl_json
    ),
)
