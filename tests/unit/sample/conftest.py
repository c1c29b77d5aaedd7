"""The sample blog in both themes."""

from __future__ import annotations

import pytest

from tests.sample import Sample, Theme
from tests.sample.site import Site
from tests.sample.timeline import BASE
from tests.unit.sample.visiting import Visited


@pytest.fixture(scope="session", params=list(Theme))
def visited(request: pytest.FixtureRequest) -> Visited:
    sample = Sample(theme=request.param)
    return Visited(sample=sample, site=Site(sample.blog()), truth=sample.truth(BASE))
