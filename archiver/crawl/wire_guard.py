"""Keeps connections away from addresses that pages have no business to name.

The check stands between name resolution and the connection: Twisted connects to the literal
addresses that pass here, so a name that changes its address in between gains nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from twisted.internet.interfaces import (
    IAddress,
    IHostnameResolver,
    IHostResolution,
    IReactorPluggableNameResolver,
    IResolutionReceiver,
)
from zope.interface import implementer

from archiver.crawl.addresses import AddressPolicy, AddressRefused


class Guard:
    """Applies the policy to one request, and remembers an address that it held back."""

    def __init__(self, policy: AddressPolicy) -> None:
        self._policy = policy
        self.refused: AddressRefused | None = None

    def passes(self, host: str, port: int, address: str) -> bool:
        """Whether this address of the host may be connected to."""
        try:
            self._policy.check(host, port, address)
        except AddressRefused as refusal:
            self.refused = refusal
            return False
        return True


@implementer(IResolutionReceiver)
class _GuardedReceiver:
    def __init__(self, receiver: Any, host: str, port: int, guard: Guard) -> None:
        self._receiver, self._host, self._port, self._guard = receiver, host, port, guard

    def resolutionBegan(self, resolution: IHostResolution) -> None:
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: IAddress) -> None:
        if self._guard.passes(self._host, self._port, getattr(address, "host", "")):
            self._receiver.addressResolved(address)

    def resolutionComplete(self) -> None:
        self._receiver.resolutionComplete()


@implementer(IHostnameResolver)
class _GuardedResolver:
    def __init__(self, resolver: Any, guard: Guard) -> None:
        self._resolver, self._guard = resolver, guard

    def resolveHostName(
        self,
        resolutionReceiver: Any,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type[IAddress]] | None = None,
        transportSemantics: str = "TCP",
    ) -> IHostResolution:
        receiver = _GuardedReceiver(resolutionReceiver, hostName, portNumber, self._guard)
        resolution: IHostResolution = self._resolver.resolveHostName(
            receiver, hostName, portNumber, addressTypes, transportSemantics
        )
        return resolution


@implementer(IReactorPluggableNameResolver)
class GuardedReactor:
    """The reactor as endpoints see it: names resolve to permitted addresses only."""

    def __init__(self, reactor: Any, guard: Guard) -> None:
        self._reactor = reactor
        self.nameResolver = _GuardedResolver(reactor.nameResolver, guard)

    def installNameResolver(self, resolver: IHostnameResolver) -> IHostnameResolver:
        """Part of the interface: resolvers belong to the real reactor."""
        installed: IHostnameResolver = self._reactor.installNameResolver(resolver)
        return installed

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reactor, name)
