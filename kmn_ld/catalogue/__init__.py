"""Produces the VoID and service descriptions that harvesters and query planners read."""

from kmn_ld.catalogue.dataset import describe_dataset
from kmn_ld.catalogue.service import describe_service
from kmn_ld.catalogue.statistics import Statistics, count
from kmn_ld.catalogue.writing import Site

__all__ = ["Site", "Statistics", "count", "describe_dataset", "describe_service"]
