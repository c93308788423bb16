"""Drives a server with wrk: keep-alive connections, requests in turn from a list."""

import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

_SCRIPT = """
local paths, tags = {}, {}
for line in io.lines(os.getenv("BENCH_PATHS")) do
  paths[#paths + 1], tags[#tags + 1] = string.match(line, "^(%S+)%s*(.*)$")
end
local accept = os.getenv("BENCH_ACCEPT")
local unique = os.getenv("BENCH_UNIQUE")
local n = 0
request = function()
  n = n + 1
  local place = (n - 1) % #paths + 1
  local path, headers = paths[place], { Accept = accept }
  if unique ~= "" then path = path .. "%20%23" .. unique .. n end
  if tags[place] ~= "" then headers["If-None-Match"] = tags[place] end
  return wrk.format("GET", path, headers)
end
done = function(summary, latency, requests)
  local failed = summary.errors
  io.write(string.format(
    'RESULT {"requests": %d, "seconds": %f, "errors": %d, "p50": %f, "p99": %f}\\n',
    summary.requests, summary.duration / 1e6,
    failed.status + failed.read + failed.timeout + failed.connect,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
"""


@dataclass(frozen=True)
class Load:
    """What one run measured: requests per second, latencies in milliseconds."""

    rate: float
    p50: float
    p99: float


def is_available() -> bool:
    """Return whether wrk is installed."""
    return shutil.which("wrk") is not None


def drive(
    url: str,
    paths: list[str],
    folder: Path,
    *,
    accept: str,
    unique: bool = False,
    seconds: int = 3,
    connections: int = 8,
) -> Load:
    """Ask for the paths in turn over keep-alive connections; `unique` makes each query text differ
    from all others, also those of other runs.

    A path may be followed by a blank and the entity tag that the client has already.
    Raises RuntimeError where any request failed: a fast error is no answer.
    """
    (folder / "paths").write_text("\n".join(paths) + "\n", encoding="utf-8")
    (folder / "wrk.lua").write_text(_SCRIPT, encoding="utf-8")
    environment = {
        "BENCH_PATHS": str(folder / "paths"),
        "BENCH_ACCEPT": accept,
        "BENCH_UNIQUE": uuid4().hex if unique else "",
        "PATH": "/usr/bin:/bin",
    }
    command = [
        "wrk",
        "-t1",
        f"-c{connections}",
        f"-d{seconds}s",
        "--timeout",
        "20s",
        "-s",
        str(folder / "wrk.lua"),
    ]
    done = subprocess.run(
        [*command, url], env=environment, capture_output=True, text=True, check=True
    )
    match = re.search(r"RESULT (\{.*\})", done.stdout)
    result = json.loads(match[1]) if match else {"errors": done.stdout}
    if result["errors"] or not result["requests"]:
        raise RuntimeError(f"wrk on {url}: {result}")
    return Load(result["requests"] / result["seconds"], result["p50"], result["p99"])
