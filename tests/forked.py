"""Processes that tests kill, forked from one that has imported everything: a start takes a moment, being killed is the
same.

There is one such process for all tests of a run, so what it imports is named once.
"""

from multiprocessing import get_context

FORKED = get_context("forkserver")
FORKED.set_forkserver_preload(["tests.prepared"])
