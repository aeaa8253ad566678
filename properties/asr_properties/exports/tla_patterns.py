"""The specification patterns in TLA+: what is remembered of a property from step to step, as history variables."""

from __future__ import annotations

PATTERNS = r"""
\* What is remembered of a watched property: "closed" (its scope is), "open", "waiting" (for what must follow), "seen"
\* (what must come first), "broken".
Scope(was, after, until) ==
    CASE was = "broken" -> "broken"
      [] was = "closed" -> IF after /\ ~until THEN "open" ELSE "closed"
      [] OTHER          -> IF until THEN "closed" ELSE was

Absence(was, after, until, never) ==
    LET now == Scope(was, after, until) IN IF now = "open" /\ never THEN "broken" ELSE now

Response(was, after, until, trigger, reaction) ==
    LET now == Scope(was, after, until)
    IN  CASE now = "closed"                      -> "closed"
          [] now # "closed" /\ reaction          -> "open"
          [] OTHER                               -> IF trigger THEN "waiting" ELSE now

Precedence(was, after, until, then, first) ==
    LET now == Scope(was, after, until)
    IN  CASE now # "open" -> now
          [] OTHER        -> IF first THEN "seen" ELSE IF then THEN "broken" ELSE "open"

\* The values that were seen when the scope opened are a set of bits; `differs` are those that are seen to differ now.
Remembered(was, after, until, opening, where, differs) ==
    LET now  == Scope(was.scope, after, until)
        bits == IF after THEN opening ELSE was.bits
    IN  CASE now # "open" -> [scope |-> now, bits |-> {}]
          [] OTHER        -> [scope |-> IF where /\ bits \cap differs # {} THEN "broken" ELSE "open", bits |-> bits]

\* How many of the waypoints a run has met in their order; -1 once it did what it must avoid.
Waypoints(was, avoided, waypoints) ==
    CASE avoided \/ was = -1          -> -1
      [] was = Len(waypoints)         -> was
      [] OTHER                        -> IF waypoints[was + 1] THEN was + 1 ELSE was
"""
"""Operators that a module begins with. `was` is what was remembered before the step."""
