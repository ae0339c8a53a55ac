"""Tools that several formats share: streams of JSON and XML, compression, days, names."""
