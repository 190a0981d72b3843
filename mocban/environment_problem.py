"""What the machine lacks: a refusal that the person at the machine can mend. Exit code 3."""

from __future__ import annotations

from domain.errors import Refusal


class EnvironmentProblem(Refusal):
    """The surroundings do not allow the work; the texts say what to do. Nothing was changed."""
