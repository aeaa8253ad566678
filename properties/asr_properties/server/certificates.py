"""TLS for a server on this machine: an authority of its own, made anew at each start, and a certificate of it.

The official SDKs send a bearer token over TLS only. Keys live in memory; a file is written only where a folder was
named, and that file is the authority's certificate, which is no secret.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import trustme

FILE: Final = "asr-conformance-ca.pem"
"""The name of the authority's certificate in the folder."""

LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")

#: What tells a client to trust a further authority, and which clients. `requests` carries the synchronous Python SDK
#: and `az`; OpenSSL's own variable serves Python's asynchronous SDK (aiohttp), and Go.
TRUST: Final = (
    ("REQUESTS_CA_BUNDLE", "Python SDK, az"),
    ("SSL_CERT_FILE", "Python SDK (async), Go"),
    ("CURL_CA_BUNDLE", "curl"),
    ("NODE_EXTRA_CA_CERTS", "JavaScript SDK"),
)


class Certificates:
    """An authority and a server's certificate of it.

    names: the host names and addresses that the certificate is for; the loopback ones always are.
    """

    def __init__(self, names: Sequence[str] = ()) -> None:
        self._authority = trustme.CA(organization_name="asr-conformance serve")
        self._own = self._authority.issue_cert(*dict.fromkeys((*names, *LOOPBACK)))

    @property
    def authority(self) -> str:
        """The authority's certificate, as PEM."""
        return self._authority.cert_pem.bytes().decode("ascii")

    def write(self, folder: Path) -> Path:
        """Write the authority's certificate into a folder, which is made if there is none; gives the file.

        Raises:
            OSError: it can't be written.
        """
        folder.mkdir(parents=True, exist_ok=True)
        path = folder.resolve() / FILE
        path.write_text(self.authority, encoding="ascii")
        return path

    def context(self) -> ssl.SSLContext:
        """What a server needs to speak TLS as the certificate says."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        pem = self._own.private_key_and_cert_chain_pem
        if not hasattr(os, "memfd_create"):  # Python reads keys from files only: one that is gone at once
            with pem.tempfile() as path:
                context.load_cert_chain(path)
            return context
        with os.fdopen(os.memfd_create("certificate"), "wb") as file:
            file.write(pem.bytes())
            file.flush()
            context.load_cert_chain(f"/proc/self/fd/{file.fileno()}")
        return context
