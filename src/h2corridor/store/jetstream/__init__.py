"""The frame log for more than one machine: a stream of NATS JetStream that several servers keep.

Invariants

- What was appended was acknowledged by a majority of the stream's servers. They hold it; their disks need not have
  synced it yet (`docs/how-to/outgrow-one-machine.md` says what that means).
- A frame that was appended once stands in the log once: its record has an id, a record sent again for want of an answer
  is dropped by the servers, and one that slipped past them by the reader.
- Nothing is dropped for want of room: a full stream refuses.
"""

from h2corridor.store.jetstream.frame_log import JetStreamLog

__all__ = ["JetStreamLog"]
