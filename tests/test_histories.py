"""Tests that a catalog with any history equals a fresh one of what is left."""

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests import postgres_databases
from tests.histories import Histories

SHORT = settings(
    max_examples=6,
    stateful_step_count=12,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
FEW = settings(SHORT, max_examples=3)
"""On PostgreSQL, where each takes several times as long."""


def test_any_history_ends_as_a_fresh_catalog_of_what_is_left(fresh):
    machine = type("Machine", (Histories,), {"fresh": staticmethod(fresh)})
    is_server = fresh is postgres_databases.fresh
    run_state_machine_as_test(machine, settings=FEW if is_server else SHORT)
