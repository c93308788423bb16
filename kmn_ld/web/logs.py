"""Sets logging up, in text or JSON, unless the host has done so."""

import json
import logging

from kmn_ld.config import Settings

_TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, message, and the traceback if there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line."""
        entry = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


def our_logger() -> logging.Logger:
    """Return the logger above those of all our modules."""
    return logging.getLogger("kmn_ld")


def configure(settings: Settings) -> None:
    """Send our messages to standard error if nobody takes them yet."""
    logger = our_logger()
    if logger.hasHandlers():
        return
    handler = logging.StreamHandler()
    handler.setFormatter(
        JsonFormatter() if settings.log_format == "json" else logging.Formatter(_TEXT)
    )
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
