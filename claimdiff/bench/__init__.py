"""Measuring on labelled texts: what their labels say, what was found, and the figures that follow."""
