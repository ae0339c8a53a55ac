"""Add papers that take the lead of a board of the invented catalog, or only claim to."""

import datetime as dt

from sqlalchemy.orm import Session

from catalog.models import Dataset, Metric, Paper
from tests.site.content import paper, result, save


def report(session: Session, day: dt.date, value: float | None, **more: object) -> Paper:
    """Write a paper of a day that reports an accuracy on ImageNet-1K."""
    on = session.query(Dataset).filter_by(slug="imagenet-1k").one()
    by = session.query(Metric).filter_by(slug="accuracy").one()
    abstract = f"The newest classifier has {value}% accuracy."
    found = paper(
        session, f"t-{value}-{day}", f"New Classifier of {day}", abstract, day, has_results=True
    )
    stated = {"value": value, "unit": "%", **more}
    save(session, result(found, f"{value}%", metric=by, dataset=on, **stated))
    return found
