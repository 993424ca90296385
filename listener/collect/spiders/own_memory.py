"""Scrapy's memory watch, measuring this process alone.

The system's figure that Scrapy reads (``ru_maxrss``) starts at the size of the process that started this one, so that a
large worker's visits would end at once.
"""

from pathlib import Path

from scrapy.extensions.memusage import MemoryUsage

STATUS = Path("/proc/self/status")


class OwnMemory(MemoryUsage):
    """Ends a visit whose own memory passes the limit."""

    def get_virtual_size(self) -> int:
        """The most memory this process itself has held, in bytes; Scrapy's figure where the system tells none."""
        return most_held() or int(super().get_virtual_size())


def most_held() -> int | None:
    """The most memory that this process has held, in bytes; None where the system does not tell."""
    try:
        lines = STATUS.read_text(encoding="ascii", errors="replace").splitlines()
        return int(next(line.split()[1] for line in lines if line.startswith("VmHWM"))) * 1024
    except (OSError, StopIteration):
        return None
