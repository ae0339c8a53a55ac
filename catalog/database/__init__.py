"""The database itself: engines, locks, bulk writes, safe SQL functions."""
