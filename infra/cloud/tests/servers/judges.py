"""The judges: servers of other people that speak the same protocols, each in a process of its own."""
import sys
from contextlib import contextmanager

from .clients import REGION, SERVICES
from .process import answers, free_port, running, until


@contextmanager
def moto(folder):
    """Where `moto` serves everything, in memory."""
    port = free_port()
    with running("moto", [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)], folder) as process:
        url = f"http://127.0.0.1:{port}"
        until(process, lambda: answers(f"{url}/moto-api/data.json"))
        yield dict.fromkeys(SERVICES, url)


@contextmanager
def ministack(folder):
    """Where `ministack` serves everything, in memory. It runs functions as processes and is kept from containers."""
    port = free_port()
    settings = {
        "BIND_HOST": "127.0.0.1", "GATEWAY_PORT": str(port), "MINISTACK_HOST": "127.0.0.1", "MINISTACK_REGION": REGION, "TMPDIR": str(folder),
        "IOT_MTLS_ENABLED": "0", "SFTP_ENABLED": "0", "LAMBDA_EXECUTOR": "local", "DOCKER_HOST": f"unix://{folder}/no-docker.sock",
    }
    with running("ministack", [sys.executable, "-m", "ministack"], folder, settings) as process:
        url = f"http://127.0.0.1:{port}"
        until(process, lambda: answers(f"{url}/_ministack/health"))
        yield dict.fromkeys(SERVICES, url)
