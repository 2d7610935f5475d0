"""Starts what is asked: ours, and the judges `moto` and `ministack`; each on loopback, each ended by who started it.

STARTS holds a context manager for each; what it yields is where SQS, KMS and DynamoDB are, as clients() takes it.
"""
from .clients import REGION, client, clients
from .judges import ministack, moto
from .ours import built, dev, repository
from .process import listening_address, running

STARTS = {"ours": dev, "moto": moto, "ministack": ministack}

__all__ = ["REGION", "STARTS", "built", "client", "clients", "dev", "listening_address", "ministack", "moto", "repository", "running"]
