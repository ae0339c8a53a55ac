def test_a_first_run_fetches_loads_and_remembers(sync):
    told = sync()
    assert all(source.well for source in told.values()), told
    told = sync()
    assert all(source.well for source in told.values())
