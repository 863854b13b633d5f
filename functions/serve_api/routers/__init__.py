"""The routes of the API, one module per resource, and what every route shares."""
