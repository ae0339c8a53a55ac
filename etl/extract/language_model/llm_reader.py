"""The reader that `--reader llm:MODEL` chooses; what it needs is imported when it is used."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from catalog.domain.records import Extraction
from etl.extract.reader import AnswersInMemory, Asking, Reader, ReaderSettings, Texts

if TYPE_CHECKING:
    from etl.extract.language_model.inquiry import Connect, LanguageModelInquiry


def make_reader(connect: "Connect") -> Reader:
    """Make the reader; `connect` finds a model by its name."""

    def inquiry(name: str, settings: ReaderSettings) -> "LanguageModelInquiry":
        from etl.extract.language_model.inquiry import LanguageModelInquiry

        return LanguageModelInquiry(connect, name, settings)

    def read(texts: Texts, name: str) -> Sequence[Extraction]:
        made, answers, asking = inquiry(name, ReaderSettings()), AnswersInMemory(), Asking()
        made.ask(texts, answers, asking)
        return made.read(texts, answers, asking)

    return Reader(
        name="llm",
        title="A language model as second reader",
        version=lambda name: inquiry(name, ReaderSettings()).version,
        read=read,
        argument="MODEL",
        is_local=False,
        inquiry=inquiry,
    )
