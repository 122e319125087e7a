"""Regular expressions of rules: RE2 only, so their time grows with the text alone. Pure."""

from functools import lru_cache
from typing import Any

import re2

LENGTH_MAX = 1_000
PROGRAM_MAX = 1_000
"""RE2 instructions. A text costs at worst its length times this, about 10 ms for a subject."""
MEMORY_BYTES = 4 << 20


def problem(pattern: str) -> str:
    """Why a pattern cannot be used and what to do about it, as one sentence; empty when it can."""
    if not pattern:
        return "The pattern is empty: write one, or take the condition away."
    if len(pattern) > LENGTH_MAX:
        return f"The pattern is longer than {LENGTH_MAX} characters: split it into several rules."
    if pattern.encode(errors="replace").decode() != pattern:
        return "The pattern holds half a character (a lone surrogate): type it again."
    try:
        compiled = re2.compile(pattern, _options(any_case=True))
    except re2.error as error:
        return _mend(error)
    if compiled.programsize > PROGRAM_MAX:
        return (
            "The pattern is too large once its repetitions are written out: "
            "use smaller numbers in {…} or fewer alternatives."
        )
    return ""


@lru_cache(maxsize=16_384)
def matcher(pattern: str, any_case: bool) -> Any:
    """The compiled pattern; its `search` takes UTF-8 bytes. Raises re2.error for a bad pattern."""
    return re2.compile(pattern.encode(), _options(any_case))


def search_set(patterns: list[tuple[str, bool]]) -> Any:
    """One automaton for (pattern, any_case) pairs; `Match(bytes)` gives indexes or None."""
    options = _options(any_case=False)
    options.max_mem = 64 << 20
    automaton = re2.Set.SearchSet(options)
    for pattern, any_case in patterns:
        automaton.Add(f"(?i){pattern}" if any_case else pattern)
    automaton.Compile()
    return automaton


def _options(any_case: bool) -> Any:
    options = re2.Options()
    options.case_sensitive = not any_case
    options.max_mem = MEMORY_BYTES
    options.log_errors = False
    return options


_LOOK_AROUND = ("(?=", "(?!", "(?<")


def _mend(error: re2.error) -> str:
    said = error.args[0]
    reason = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
    if "invalid perl operator" in reason and any(part in reason for part in _LOOK_AROUND):
        return (
            "Look-ahead and look-behind are not supported, because they make matching time "
            "unbounded: use two conditions, or put one in a 'none' group."
        )
    if "invalid escape sequence" in reason and reason.rstrip()[-1:].isdigit():
        return (
            "Back-references such as \\1 are not supported, because they make matching time "
            "unbounded: write the repeated text out."
        )
    if "invalid repetition size" in reason:
        return (
            "Repetitions, multiplied where one is inside another, may be at most {1000}: "
            "use smaller numbers, or * or +."
        )
    if "pattern too large" in reason:
        return (
            "The pattern is too large once its repetitions are written out: "
            "use smaller numbers in {…} or fewer alternatives."
        )
    return f"The pattern cannot be read ({reason}): see the RE2 syntax, and escape signs with \\."
