"""The query library: each query as a page, as an API and as an entry of the OpenAPI document."""
