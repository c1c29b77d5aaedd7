"""What a command does: composes the parts, runs them, says how it went."""

from __future__ import annotations
