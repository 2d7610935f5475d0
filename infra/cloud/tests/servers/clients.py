"""Clients of boto3 for an endpoint, with keys that open nothing and without retries that would hide an answer."""
import boto3
from botocore.config import Config

REGION = "eu-north-1"
SERVICES = ("sqs", "kms", "dynamodb")


def client(service, url):
    """A client of one service at a URL."""
    settings = Config(retries={"total_max_attempts": 1}, read_timeout=60, s3={"addressing_style": "path"})
    return boto3.client(service, endpoint_url=url, region_name=REGION, aws_access_key_id="local", aws_secret_access_key="local", config=settings)


def clients(urls):
    """A client of each service, given where each is."""
    return {service: client(service, urls[service]) for service in SERVICES}
