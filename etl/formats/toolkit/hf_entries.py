"""Convert entries of Hugging Face's daily papers, as its API writes them, to records."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from msgspec import Meta, Struct, field

from catalog.domain.identifiers import arxiv_id
from catalog.domain.records import DigestMention, Identifier, LinkRecord, PaperRecord
from etl.formats.toolkit.author_names import split_authors
from etl.formats.toolkit.decoding import kept, title
from etl.formats.toolkit.json_items import Doubts
from etl.formats.toolkit.printed_days import iso_day
from etl.formats.toolkit.stated_links import link

Count = Annotated[int, Meta(ge=0, le=2**31 - 1)]

IGNORED = {
    "thumbnail": "a picture", "mediaUrl": "pictures", "mediaUrls": "pictures",
    "submittedBy": "a member of the site", "submittedOnDailyBy": "a member of the site",
    "isAuthorParticipating": "of the discussion", "discussionId": "of the discussion",
    "submitterOrganization": "of the submitter", "Organization._id": "the site's own",
    "Organization.avatar": "a picture",
    "githubRepoAddedBy": "a role on the site", "ai_summary": "a machine's words, not the paper's",
    "ai_summary_model": "of the same",
    "linkedModels": "the site's own cross-references", "numTotalModels": "the same",
    "linkedDatasets": "the same", "numTotalDatasets": "the same", "linkedSpaces": "the same",
    "numTotalSpaces": "the same", "Author._id": "the site's own", "Author.hidden": "of the site",
    "Author.user": "an account on the site", "Author.status": "of that account",
    "Author.statusLastChangedAt": "of that account",
}  # fmt: skip
"""Fields that are known and not read, with the reason."""


class Author(Struct):
    """An author of a paper; `hidden` and the account on the site are not read."""

    name: str | None = None


class Organization(Struct):
    """The organization that the paper is from, as the site knows it."""

    name: str | None = None
    fullname: str | None = None


class Paper(Struct, rename="camel"):
    """The site's data of a paper."""

    id: str
    title: str | None = None
    authors: Sequence[Author | str] | str | Author = ()
    """Objects on the site; plain names, or one text with all of them, in copies of it."""
    summary: str | None = None
    published_at: str | None = None
    submitted_on_daily_at: str | None = None
    upvotes: Count | None = None
    project_page: str | None = None
    github_repo: str | None = None
    github_stars: Count | None = None
    organization: Organization | None = None
    ai_keywords: Sequence[str] | None = field(default=(), name="ai_keywords")


class Entry(Struct, rename="camel"):
    """A paper in a day's list; `publishedAt` is not read, as it has had three meanings."""

    paper: Paper
    title: str | None = None
    summary: str | None = None
    published_at: str | None = None
    num_comments: Count | None = None
    organization: Organization | None = None


def entry_record(entry: Entry, mention: DigestMention | None, doubts: Doubts) -> PaperRecord:
    """Make the record of an entry, and note the lesser fields in it that are wrong."""
    paper = entry.paper
    return PaperRecord(
        title=title(entry.title) or title(paper.title),
        abstract=kept(paper.summary) or kept(entry.summary),
        identifiers=(Identifier(scheme="arxiv", value=arxiv_id(paper.id)),),
        published_on=doubts.value("publishedAt", iso_day, paper.published_at),
        authors=tuple(_authors(paper.authors)),
        digest=mention,
        links=tuple(_links(paper, doubts)),
        organization=_organization(paper.organization) or _organization(entry.organization),
        keywords=tuple(dict.fromkeys(filter(None, map(title, paper.ai_keywords or ())))),
    )


def _authors(held: Sequence[Author | str] | str | Author) -> Iterator[str]:
    """Yield the names of authors, whichever way they are written."""
    if isinstance(held, str):
        yield from split_authors(held)
        return
    for one in [held] if isinstance(held, Author) else held:
        if name := title(one.name if isinstance(one, Author) else one):
            yield name


def _organization(held: Organization | None) -> str | None:
    return (title(held.fullname) or title(held.name)) if held else None


def _links(paper: Paper, doubts: Doubts) -> Iterator[LinkRecord]:
    code = doubts.value(
        "githubRepo", lambda it: link(it, "githubRepo", stars=paper.github_stars), paper.github_repo
    )
    page = doubts.value("projectPage", lambda it: link(it, "projectPage"), paper.project_page)
    yield from filter(None, (code, page))
