"""A blog's time zone learned from moments whose instant and wall clock are both known."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

Pair = tuple[datetime, datetime]
"""(instant, aware UTC; wall clock as shown, naive)."""

# One zone per pair of offsets and set of clock-change rules that blogs of the 2000s lived in;
# tried in this order, so the commonest name wins where several fit.
_CANDIDATES = (
    "UTC Europe/London America/New_York America/Chicago America/Denver America/Los_Angeles"
    " Europe/Berlin Europe/Athens Europe/Moscow America/Toronto America/Phoenix America/Anchorage"
    " Pacific/Honolulu America/Halifax America/St_Johns America/Sao_Paulo"
    " America/Argentina/Buenos_Aires America/Santiago America/Mexico_City America/Bogota"
    " America/Caracas Asia/Tokyo Asia/Shanghai Asia/Kolkata Asia/Dubai Asia/Tehran Asia/Jerusalem"
    " Asia/Karachi Asia/Kathmandu Asia/Bangkok Asia/Manila Australia/Sydney Australia/Brisbane"
    " Australia/Adelaide Australia/Perth Pacific/Auckland Africa/Johannesburg Africa/Cairo"
    " Africa/Lagos Atlantic/Reykjavik Asia/Yekaterinburg Asia/Novosibirsk Asia/Vladivostok"
)
_QUARTER = timedelta(minutes=15)
_WIDEST = timedelta(hours=15)
_NEAR = timedelta(days=45)


@dataclass(frozen=True, slots=True)
class Era:
    """A time in which one zone explains every pair; `first` and `last` are wall clocks."""

    first: datetime
    last: datetime
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LearnedZone:
    """What the pairs prove: the zones that fit them all, or those of each era."""

    names: tuple[str, ...]
    pairs: tuple[tuple[datetime, timedelta], ...]  # (wall clock, offset), by wall clock
    eras: tuple[Era, ...] = ()  # where no zone fits all: the blog or its server moved

    @property
    def name(self) -> str | None:
        """The commonest zone that fits; None when the offsets follow no single zone."""
        return self.names[0] if self.names else None

    def offset(self, local: datetime) -> timedelta | None:
        """Offset from UTC for a wall clock; None where the evidence does not reach.

        Winter posts alone cannot tell New York from Bogotá, so the zones must agree, or a pair
        nearby must speak.
        """
        era = next((era for era in self.eras if era.first <= local <= era.last), None)
        names = self.names or (era.names if era else ())
        said = {ZoneInfo(name).utcoffset(local) for name in names}
        if len(said) == 1:
            return said.pop()
        at = bisect_left(self.pairs, (local,))
        around = self.pairs[max(0, at - 1) : at + 1]
        near = {offset for moment, offset in around if abs(moment - local) <= _NEAR}
        return near.pop() if len(near) == 1 else None

    def offset_at(self, instant: datetime) -> timedelta | None:
        """Offset from UTC at an instant; None where the fitting zones disagree."""
        said = {instant.astimezone(ZoneInfo(name)).utcoffset() for name in self.names}
        return said.pop() if len(said) == 1 else None


def learn(pairs: Iterable[Pair]) -> LearnedZone | None:
    """The zones that explain at least 95 % of three or more pairs, else nearby offsets only.

    Platforms changed hands and clocks, so one zone need not fit a whole blog.
    """
    known = sorted((local, step) for i, local in pairs if (step := _offset(i, local)) is not None)
    if len(known) < 3:
        return None
    fitting = [name for name in _CANDIDATES.split() if _fit(name, known) >= 0.95]
    eras = () if fitting else tuple(_eras(known))
    return LearnedZone(names=tuple(fitting), pairs=tuple(known), eras=eras)


def _eras(known: list[tuple[datetime, timedelta]]) -> Iterator[Era]:
    """Longest runs of three or more pairs that one zone explains without exception, in order."""
    zones = {name: ZoneInfo(name) for name in _CANDIDATES.split()}
    run: list[datetime] = []
    fitting: list[str] = []
    for local, offset in known:
        still = [name for name in fitting if zones[name].utcoffset(local) == offset]
        if not still:
            yield from _era(run, fitting)
            run = []
            still = [name for name in zones if zones[name].utcoffset(local) == offset]
        run.append(local)
        fitting = still
    yield from _era(run, fitting)


def _era(run: list[datetime], names: list[str]) -> Iterator[Era]:
    if len(run) >= 3:  # pairs that no zone explains never make a run
        yield Era(run[0], run[-1], tuple(names))


def _fit(name: str, known: list[tuple[datetime, timedelta]]) -> float:
    zone = ZoneInfo(name)
    return sum(zone.utcoffset(local) == offset for local, offset in known) / len(known)


def _offset(instant: datetime, local: datetime) -> timedelta | None:
    """The offset, rounded to a quarter of an hour (pages show minutes, feeds seconds)."""
    exact = local - instant.astimezone(UTC).replace(tzinfo=None)
    rounded = _QUARTER * round(exact / _QUARTER)
    slack = timedelta(minutes=2)
    return rounded if abs(rounded) <= _WIDEST and abs(exact - rounded) <= slack else None
