"""Recognise words of a list of papers that are no title of a paper, and no task."""

import re

from catalog.domain.late_patterns import late_pattern

_LABELS = frozenset({
    "paper", "papers", "pdf", "arxiv", "abs", "abstract", "link", "links", "url", "html",
    "project", "page", "website", "web", "homepage", "code", "github", "git", "repo",
    "repository", "official", "pytorch", "tensorflow", "jax", "demo", "video", "youtube",
    "slides", "poster", "blog", "data", "dataset", "datasets", "model", "models", "weights",
    "bib", "bibtex", "openreview", "here", "doi", "supp", "supplementary", "star", "stars",
    "hf", "hugging", "face", "huggingface", "the", "implementation", "site", "talk",
})  # fmt: skip
"""Words of links that say what they lead to, and of no title."""

_GENERAL = frozenset({
    "paper", "papers", "content", "contents", "table", "toc", "introduction", "overview",
    "resource", "resources", "reference", "references", "list", "latest", "news", "update",
    "updates", "updated", "contributing", "contribution", "contributions", "license", "licence",
    "citation", "acknowledgement", "acknowledgements", "acknowledgments", "related", "other",
    "others", "misc", "miscellaneous", "code", "survey", "surveys", "review", "reviews",
    "arxiv", "preprint", "preprints", "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december", "a", "the", "of", "and",
    "by", "year", "to", "be", "more", "work", "works",
})  # fmt: skip
"""Words of headings that tell no task."""

_VENUE_YEAR = late_pattern(r"[A-Za-z]{0,8}['’]?(?:19|20)?\d\d")


def is_general(name: str) -> bool:
    """Return true if a heading tells no task: "Papers", "2024", "ICLR 2025".

    >>> is_general("Papers of 2024"), is_general("NeurIPS 2023"), is_general("Quill Detection")
    (True, True, False)
    """
    words = re.findall(r"[\w'’]+", name)
    if len(words) == 2 and _VENUE_YEAR.fullmatch(words[1]) and words[0].isalpha():
        words = words[1:] if sum(map(str.isupper, words[0])) > 2 else words
    return all(word.lower() in _GENERAL or _VENUE_YEAR.fullmatch(word) for word in words)


def is_label(text: str) -> bool:
    """Return true if a link's text is no title: "Paper", "Project page", "2405.15738v2".

    >>> is_label("arXiv:2405.15738"), is_label("PDF | Code"), is_label("Code as Policies")
    (True, True, False)
    """
    words = re.findall(r"[\w.]+", text.lower())
    return all(word in _LABELS or re.fullmatch(r"[\d.v]+", word) for word in words)
