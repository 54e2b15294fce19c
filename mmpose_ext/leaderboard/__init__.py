"""Leaderboards: the papers' tables, the runs that measure them, and their comparison.

``families`` and ``tables`` hold what the papers print, ``plan`` the runs that a table
needs, ``worker`` performs one, ``executors`` start many, ``ledger`` keeps what they
leave, ``compare`` judges it, and ``report``, ``html_report`` and ``audit`` show it.
"""
