"""Makes a release out of the sources, step by step, all or nothing."""

from kmn_ld.build.checking import check_sources
from kmn_ld.build.progress import Progress, Silent
from kmn_ld.build.releasing import Outcome, build_dataset, build_release

__all__ = ["Outcome", "Progress", "Silent", "build_dataset", "build_release", "check_sources"]
