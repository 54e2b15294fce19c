"""Download of weights by URL, with a cache, resuming, checksums and mirrors.

Files go to torch's cache, ``checkpoints`` below :func:`torch.hub.get_dir`, under their
own names, so that what other tools downloaded is found. Their SHA-256 is checked where
the URL ends in ``#sha256=...``, or where the name holds its first digits, as OpenMMLab
and torch.hub name published files (``hrnet_w32-36af842e.pth``).

Mirrors are base addresses or folders that hold files under the same paths as the
original host, or directly under their names. A user adds mirrors as lines of
``mirrors.txt`` in the cache, or in the environment variable ``MMPOSE_EXT_MIRRORS``,
separated by spaces.
"""

import hashlib
import http.client
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote, urldefrag, urlparse
from urllib.request import Request, urlopen

import torch
from tqdm import tqdm

from ..utils.errors import UserError

OFFLINE = 'MMPOSE_EXT_OFFLINE'
MIRRORS = 'MMPOSE_EXT_MIRRORS'
MIRROR_FILE = 'mirrors.txt'
# Timeout in seconds, after which the next mirror is tried.
_TIMEOUT = 20
_BLOCK = 1 << 20
_HASH_IN_NAME = re.compile(r'-([0-9a-f]{8,64})(?:_\d{8})?\.')
# Errors that urllib and the underlying socket raise for a broken connection.
_BROKEN = (OSError, http.client.HTTPException)


class DownloadError(UserError):
    """A file that could not be downloaded, or that has the wrong checksum."""


def cache_folder() -> Path:
    """Return the folder that stores the weights; it may not exist."""
    return Path(torch.hub.get_dir()) / 'checkpoints'


def cached_file(url: str) -> Path:
    """Return the path in the cache for a URL; the file may not exist."""
    return cache_folder() / os.path.basename(urlparse(url).path)


def expected_hash(url: str) -> str | None:
    """Return the SHA-256 that a URL promises, or its first digits.

    >>> expected_hash('https://host/net.pth#sha256=12AB')
    '12ab'
    >>> expected_hash('https://host/rtmpose-m_256x192-e48f03d0_20230504.pth')
    'e48f03d0'
    >>> expected_hash('https://host/net_256x192-20230504.pth')

    Args:
        url (str): The URL, with or without the fragment ``#sha256=``.
    """
    address, fragment = urldefrag(url)
    if fragment.startswith('sha256='):
        return fragment.removeprefix('sha256=').lower()
    found = _HASH_IN_NAME.search(os.path.basename(urlparse(address).path))
    # Eight plain digits are a date.
    return found.group(1) if found and not found.group(1).isdigit() else None


def mirrors() -> list[str]:
    """Return the user's mirrors, first those of the environment, then of the file."""
    named = os.environ.get(MIRRORS, '').split()
    listed = cache_folder() / MIRROR_FILE
    if listed.is_file():
        lines = listed.read_text(encoding='utf-8').splitlines()
        named += [line.strip() for line in lines if line.strip()[:1] not in ('', '#')]
    return named


def candidates(url: str) -> Iterator[str]:
    """Yield the addresses to try for a file, starting with its own.

    Args:
        url (str): The original address.
    """
    address = urldefrag(url)[0]
    yield address
    path = urlparse(address).path.lstrip('/')
    for mirror in mirrors():
        for end in dict.fromkeys((path, os.path.basename(path))):
            yield f'{mirror.rstrip("/")}/{end}'


def sha256_of(path: str | os.PathLike) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits."""
    digest = hashlib.sha256()
    with open(path, 'rb') as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def is_offline() -> bool:
    """Check whether the user disabled downloads (``MMPOSE_EXT_OFFLINE=1``)."""
    return os.environ.get(OFFLINE, '0') not in ('', '0')


def fetch_weights(url: str, offline: bool | None = None) -> Path:
    """Return the local file of a URL, downloading it if necessary.

    The next call continues an interrupted download. A file that is already in the
    cache is only checked against a hash in the URL's fragment.

    Args:
        url (str): An ``http``, ``https`` or ``file`` URL; ``#sha256=...`` may follow.
        offline (bool, optional): Whether to refuse a download. Default: the result of
            :func:`is_offline`.

    Returns:
        Path: The file in :func:`cache_folder`.

    Raises:
        DownloadError: If it cannot be downloaded; the message lists the addresses that
            were tried, and where to put the file.
    """
    target, wanted = cached_file(url), expected_hash(url)
    if target.is_file():
        if '#sha256=' in url and not sha256_of(target).startswith(str(wanted)):
            raise DownloadError(
                f'{target} is not the file that {url} names: another SHA-256',
                'delete it, or correct the URL',
            )
        return target
    if is_offline() if offline is None else offline:
        raise DownloadError(
            f'offline, and the weights are not in the cache: {urldefrag(url)[0]}',
            f'copy the file to {target}',
        )
    tried = []
    for address in candidates(url):
        try:
            _fetch(address, target, wanted)
            return target
        except _BROKEN as error:
            reason = getattr(error, 'reason', None) or error
            tried.append(f'{address} ({" ".join(str(reason).split())})')
    raise DownloadError(
        f'cannot download the weights {"; nor ".join(tried)}',
        f'copy the file to {target}, or name a mirror in {target.parent / MIRROR_FILE}',
    )


def _fetch(address: str, target: Path, wanted: str | None) -> None:
    """Download one address through a partial file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f'{target.name}.part')
    resumed = part.exists()
    if '://' in address:
        _receive(address, part)
    else:
        shutil.copyfile(address, part)
    found = sha256_of(part)
    if wanted and not found.startswith(wanted):
        part.unlink()
        if resumed:  # the earlier part may have been of another file
            return _fetch(address, target, wanted)
        raise OSError(f'its SHA-256 begins with {found[: len(wanted)]}, not {wanted}')
    part.replace(target)


def _receive(address: str, part: Path) -> None:
    """Append the missing rest to ``part``, or start over."""
    start = part.stat().st_size if part.exists() else 0
    request = Request(quote(address, safe=':/?&=%#@+,;~'))
    request.add_header('User-Agent', 'mmpose_ext')
    if start:
        request.add_header('Range', f'bytes={start}-')
    try:
        answer = urlopen(request, timeout=_TIMEOUT)
    except OSError as error:
        # 416: there is no more, so the part is complete or of another file.
        if start and getattr(error, 'code', None) == 416:
            return
        raise
    with closing(answer):
        resumed = getattr(answer, 'status', None) == 206
        _save(answer, part, start if resumed else 0, address)


def _save(answer: Any, part: Path, start: int, address: str) -> None:
    length = answer.headers.get('Content-Length')
    total = start + int(length) if length else None
    name = os.path.basename(urlparse(address).path)
    bar = tqdm(
        total=total, initial=start, unit='B', unit_scale=True, desc=name, leave=False
    )
    with bar, open(part, 'ab' if start else 'wb') as file:
        while block := answer.read(_BLOCK):
            file.write(block)
            bar.update(len(block))
    size = part.stat().st_size
    if total is not None and size != total:
        raise OSError(f'the connection ended after {size} of {total} bytes')
