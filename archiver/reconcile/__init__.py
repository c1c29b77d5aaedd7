"""One row out of many sightings: posts, comments, moments, people. Pure."""

from __future__ import annotations
