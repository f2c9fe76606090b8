"""The port behind which received frames become durable before they are acknowledged."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from h2corridor.model.received_frames import ReceivedFrame


class FrameLog(Protocol):
    """Keeps frames in order of arrival, in numbered segments that are taken away when they are sealed.

    `append` is called on the event loop, by many connections at once; everything else by one other thread.
    """

    async def append(self, frames: Sequence[ReceivedFrame]) -> None:
        """Return when all of them are durable.

        Raises
        ------
        StorageError
            They may not be: none of them is to be acknowledged. A later call may succeed.
        """

    def finish(self) -> None:
        """End the segment that is being written, if it holds anything: what comes later goes into another."""

    def list_finished(self) -> Sequence[int]:
        """The numbers of the segments that can be sealed; a number is never used again."""

    def list_faults(self) -> Sequence[str]:
        """What somebody has to look at, as messages: bytes that were kept and belong to no segment."""

    def read(self, number: int) -> Iterator[ReceivedFrame]:
        """The frames of a finished segment; the same ones whenever it is read."""

    def remove(self, number: int) -> None:
        """Forget a finished segment, durably: its frames stand elsewhere."""

    def close(self) -> None:
        """Let go of it, so that another process can write."""
