"""Many pairs, from tables or folders: judged by several processes, written in partitions, and resumable.

`run.run` does a `plan.Plan`. Nothing here is imported by a single comparison.
"""
