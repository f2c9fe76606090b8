"""A data set as the workspace keeps it: the same paths, read from received bytes."""

from collections.abc import Mapping, Sequence
from typing import BinaryIO

from h2corridor.store.files import Receipt, Workspace


class ReceivedDataset:
    """The files of one run by their paths in the data set; a port of `intake.Dataset` over receipts.

    Parameters
    ----------
    workspace : where the bytes are kept
    receipts : this run's receipts by path
    """

    def __init__(self, workspace: Workspace, receipts: Mapping[str, Receipt]) -> None:
        self._workspace = workspace
        self._receipts = receipts

    def list_paths(self) -> Sequence[str]:
        """Every file, sorted."""
        return sorted(self._receipts)

    def read_bytes(self, path: str) -> bytes | None:
        """The received bytes of a file, or None where none was received."""
        if path not in self._receipts:
            return None
        with self.open_binary(path) as stream:
            return stream.read()

    def open_binary(self, path: str) -> BinaryIO:
        """An open stream on the received bytes; the caller closes it."""
        return self._workspace.open_received(self._receipts[path])


def digests_of(receipts: Mapping[str, Receipt]) -> dict[str, tuple[str, int]]:
    """Give digest and size of every received file, by path."""
    return {path: (receipt.manifest.sha256, receipt.manifest.size) for path, receipt in receipts.items()}
