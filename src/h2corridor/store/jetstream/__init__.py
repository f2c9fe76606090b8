"""The received log for more than one machine: a stream of NATS JetStream, kept by several servers.

Invariants

- What was appended was acknowledged by a quorum of the stream's servers. What that means on a disk is said in
  `docs/how-to/outgrow-one-machine.md`: those servers hold it, they need not have synced it.
- A record stands in the stream once: every record has an id, one sent again after a lost acknowledgement is dropped by the
  servers, and one that slipped past them is dropped by the reader.
- Nothing is dropped for want of room: a full stream refuses.
"""

from h2corridor.store.jetstream.frame_log import JetStreamLog, LoggedRecord, open_log

__all__ = ["JetStreamLog", "LoggedRecord", "open_log"]
