"""The front layer around an application that a test holds in its hand."""

import asyncio
import threading

from kmn_ld.web.clients import Proxies
from kmn_ld.web.front import Front, Limits
from tests.web.asgi import AsgiClient

LIMITS = Limits(threads=2, query_threads=1, waiting=1, waiting_queries=0, body_bytes=1000)
KEEPABLE = [("ETag", '"t"'), ("Cache-Control", "public"), ("Vary", "Accept")]


class Wsgi:
    """A WSGI application that counts its calls, remembers the environment and may be held."""

    def __init__(self, headers=(), body=b"body", status="200 OK"):
        self.headers = list(headers)
        self.body = body
        self.status = status
        self.environs = []
        self.held = threading.Event()
        self.held.set()
        self.entered = threading.Semaphore(0)

    def __call__(self, environ, start_response):
        self.environs.append(environ)
        self.entered.release()
        if "kmn_ld.error" not in environ:
            assert self.held.wait(10)
        start_response(self.status, [*self.headers, ("Content-Length", str(len(self.body)))])
        return [self.body]


def around(application, runner, limits=LIMITS, **options):
    options.setdefault("proxies", Proxies(()))
    return AsgiClient(Front(application, limits=limits, **options), runner)


async def held(asgi, wsgi, targets, then):
    """Hold the application, send requests until it is in all of them, and then do something."""
    wsgi.held.clear()
    requests = [asyncio.ensure_future(asgi.request("GET", target)) for target in targets]
    for _ in requests:
        await asyncio.to_thread(wsgi.entered.acquire, timeout=10)
    try:
        return await then()
    finally:
        wsgi.held.set()
        await asyncio.gather(*requests)
