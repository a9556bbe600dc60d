"""Objects of the v1 API and models of the v2 API: typed views of JSON."""
