"""A comparison as something to read: one module a format, each with `render`, which returns text.

Renderers decide nothing: what is a finding and what is not was settled before. Whatever comes from
the articles is made harmless here: for Markdown in `escape`, for a terminal in `words.plain`.
"""
