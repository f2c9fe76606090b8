"""Every fuzz target: add yours to one of these modules."""

import target_evidence
import target_figures
import target_frames
import target_gateway
import target_raw
import target_received
from target import Target

TARGETS: tuple[Target, ...] = (
    *target_frames.TARGETS,
    *target_gateway.TARGETS,
    *target_received.TARGETS,
    *target_evidence.TARGETS,
    *target_figures.TARGETS,
    *target_raw.TARGETS,
)
