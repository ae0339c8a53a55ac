"""Tests that a fault of XML costs at most its own record, in every format of arXiv."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.domain.records import PaperRecord, Problem

Outcome = PaperRecord | Problem
Parse = Callable[..., list[Outcome]]

OAI = (
    "<OAI-PMH><responseDate>2025-03-11T00:00:00Z</responseDate>"
    '<request metadataPrefix="arXivRaw">http://oaipmh.arxiv.org/oai</request><ListRecords>'
    "{records}</ListRecords></OAI-PMH>"
)
OAI_RECORD = (
    "<record><header><identifier>oai:arXiv.org:{id}</identifier></header><metadata><arXivRaw>"
    "<id>{id}</id><title>{title}</title><authors>A. Quill</authors><categories>cs.LG</categories>"
    "<abstract>Of quills.</abstract></arXivRaw></metadata></record>"
)
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">'
    "<title>arXiv Query</title>{records}</feed>"
)
ATOM_RECORD = (
    "<entry><id>http://arxiv.org/abs/{id}v1</id><title>{title}</title><summary>Of quills.</summary>"
    '<arxiv:comment>short</arxiv:comment><arxiv:primary_category term="cs.LG"/></entry>'
)
RSS = (
    '<rss xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
    "<title>cs.LG updates on arXiv.org</title>{records}</channel></rss>"
)
RSS_RECORD = (
    "<item><title>{title}</title><link>https://arxiv.org/abs/{id}</link><description>arXiv:{id}v1 "
    "Announce Type: new\nAbstract: Of quills.</description><dc:creator>A. Quill</dc:creator></item>"
)
FORMATS = {
    "arxiv-oai": (OAI, OAI_RECORD),
    "arxiv-atom": (ATOM, ATOM_RECORD),
    "arxiv-rss": (RSS, RSS_RECORD),
}

MENDED = [
    pytest.param("R&D", "R&D", id="a bare ampersand"),
    pytest.param("Q & A &; &#; &1", "Q & A &; &#; &1", id="ampersands that begin nothing"),
    pytest.param("a\x01b\x1fc\x00", "a\ufffdb\ufffdc\ufffd", id="control characters"),
    pytest.param("a&#x1A;b&#0;c&#xD800;", "a\ufffdb\ufffdc\ufffd", id="references to none"),
    pytest.param("&#xFFFF;&#1114112;", "\ufffd\ufffd", id="references beyond Unicode"),
    pytest.param("Caf&eacute;&nbsp;&hellip;", "Café …", id="entities of HTML"),
    pytest.param("&quills; &amp;quills;", "&quills; &quills;", id="entities of nobody"),
    pytest.param("if p < 0.05 and 1 <2", "if p < 0.05 and 1 <2", id="less-than signs"),
    pytest.param("<![CDATA[R&D <b> &amp; \x02]]>", "R&D <b> &amp; \ufffd", id="CDATA stays"),
    pytest.param("a<!-- R&D < 2 \x01 -->b", "ab", id="comments"),
    pytest.param("\ufffe\uffff", "\ufffd\ufffd", id="characters that no text holds"),
]
BROKEN = ["<b>", "</quill>", "<title>", "<a b>", "</title></title>", '<i x="1" x="2"/>', "]]>", "<"]


def document(format_name: str, *held: str) -> str:
    whole, record = FORMATS[format_name]
    records = (
        record.format(id=f"2503.{number:05d}", title=title)
        for number, title in enumerate(held, start=1)
    )
    return whole.format(records="".join(records))


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize(("written", "read"), MENDED)
def test_small_faults_are_mended(parse: Parse, format_name: str, written: str, read: str) -> None:
    found = parse(format_name, document(format_name, "Before", written, "After"))
    assert [one.title for one in found if isinstance(one, PaperRecord)] == ["Before", read, "After"]


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_record_costs_itself(parse: Parse, format_name: str, broken: str) -> None:
    found = parse(format_name, document(format_name, "Before", broken, "After", broken, "Last"))
    titles = [one.title for one in found if isinstance(one, PaperRecord)]
    assert titles in (["Before", "After", "Last"], ["Before", broken, "After", broken, "Last"])
    problems = [one for one in found if isinstance(one, Problem)]
    assert all("well-formed" in one.why and "2503." in one.raw for one in problems)
    assert len(titles) + len(problems) == 5


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize("attributes", [" a", ' a="<"', ' a="1" a="1"', " =", "/ "])
def test_a_record_whose_own_tag_is_broken_costs_itself(
    parse: Parse, format_name: str, attributes: str
) -> None:
    tag = {"arxiv-oai": "<record", "arxiv-atom": "<entry", "arxiv-rss": "<item"}[format_name]
    data = document(format_name, "Before", "Broken", "After")
    begun, _, rest = data.partition("Before")
    data = begun + "Before" + rest.replace(tag, tag + attributes, 1)
    found = parse(format_name, data)
    titles = [one.title for one in found if isinstance(one, PaperRecord)]
    assert titles[0] == "Before"
    assert titles[-1] == "After"


@pytest.mark.parametrize("format_name", FORMATS)
def test_bytes_that_are_no_utf_8(parse: Parse, format_name: str) -> None:
    data = document(format_name, "Before", "caf@", "After").encode().replace(b"@", b"\xe9")
    found = parse(format_name, data)
    assert [one.title for one in found if isinstance(one, PaperRecord)] == [
        "Before", "caf\ufffd", "After",
    ]  # fmt: skip


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize("encoding", ["utf-16", "latin-1", "utf-8-sig"])
def test_other_encodings(parse: Parse, format_name: str, encoding: str) -> None:
    prolog = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>'
    data = (prolog + document(format_name, "Größe & Co.", "After")).encode(encoding)
    found = parse(format_name, data)
    assert [one.title for one in found if isinstance(one, PaperRecord)] == ["Größe & Co.", "After"]


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize("before", ["\n\n  ", "\ufeff\n", "\r\n"])
def test_space_before_the_beginning(parse: Parse, format_name: str, before: str) -> None:
    text = f'{before}<?xml version="1.0"?>{document(format_name, "Before", "After")}'
    found = parse(format_name, text.encode())
    assert [one.title for one in found if isinstance(one, PaperRecord)] == ["Before", "After"]


@pytest.mark.parametrize("format_name", FORMATS)
def test_a_fault_far_from_the_beginning(parse: Parse, format_name: str) -> None:
    held = [f"Quill {number} {'x' * 997}" for number in range(400)]
    held[333] = "R&D \x01 < 2"
    held[200] = "<b>"
    found = parse(format_name, document(format_name, *held))
    assert [type(one).__name__ for one in found].count("Problem") == 1
    titles = [one.title for one in found if isinstance(one, PaperRecord)]
    assert titles == [title.replace("\x01", "\ufffd") for title in held if title != "<b>"]


PIECES = st.sampled_from(
    ["<", ">", "&", "</", "/>", "]]>", "<!--", "-->", "<![CDATA[", "&#", "&#x1;", "&a;", "\x00",
     "\x0b", "<b>", "</b>", "<title>", "é", "\ud800", '"', "'", "<?x?>", "<x y=", " "]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(PIECES, max_size=8).map("".join), st.sampled_from(sorted(FORMATS)))
def test_whatever_stands_in_a_record_the_others_come(written: str, format_name: str) -> None:
    import datetime as dt
    from io import BytesIO

    from etl.formats import Reading
    from etl.plugins import formats

    data = document(format_name, "Before", "@", "After", "Last")
    data_ = data.replace("@", written).encode("utf-8", "surrogatepass")
    reading = Reading(name="-", read_on=dt.date(2026, 11, 20))
    found = list(formats()[format_name].parse(BytesIO(data_), reading))
    titles = [one.title for one in found if isinstance(one, PaperRecord)]
    assert titles[0] == "Before"
    opens = written.rfind("<!--") > written.rfind("-->") or written.rfind(
        "<![CDATA["
    ) > written.rfind("]]>")
    if not opens:
        assert titles[-2:] == ["After", "Last"]
