"""Review: a local web app for editors and an HTTP service for CMSs (docs/review.md, docs/api.md)."""
