"""The cache of weights: resumed, checked, mirrored, offline."""

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import torch

from mmpose_ext.compat import weight_cache
from mmpose_ext.compat.checkpoint import load_from_http
from mmpose_ext.compat.weight_cache import (
    DownloadError,
    cached_file,
    expected_hash,
    fetch_weights,
)

CONTENT = bytes(range(256)) * 40
DIGEST = hashlib.sha256(CONTENT).hexdigest()


class Host(BaseHTTPRequestHandler):
    """Serves CONTENT; /half ends early, /slow knows no ranges, /gone is 404."""

    asked: list[tuple[str, str | None]] = []

    def do_GET(self):
        span = self.headers.get('Range')
        self.asked.append((self.path, span))
        if self.path.startswith('/gone'):
            return self.send_error(404, 'not here')
        if self.path.startswith('/slow'):
            span = None
        start = int(span[6:-1]) if span else 0
        if start >= len(CONTENT):
            return self.send_error(416)
        body = CONTENT[start:]
        self.send_response(206 if span else 200)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body[:1000] if self.path.startswith('/half') else body)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def host(tmp_path, monkeypatch):
    """The address of a local server; the cache is in an empty folder."""
    monkeypatch.setattr(torch.hub, 'get_dir', lambda: str(tmp_path))
    for name in (weight_cache.OFFLINE, weight_cache.MIRRORS):
        monkeypatch.delenv(name, raising=False)
    Host.asked.clear()
    with ThreadingHTTPServer(('127.0.0.1', 0), Host) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f'http://127.0.0.1:{server.server_port}'
        server.shutdown()


def part_of(url):
    target = cached_file(url)
    return target.with_name(f'{target.name}.part')


def test_a_file_is_fetched_once(host):
    url = f'{host}/a/net.pth'
    for _ in range(2):
        assert fetch_weights(url).read_bytes() == CONTENT
    assert Host.asked == [('/a/net.pth', None)]
    assert not part_of(url).exists()


def test_an_interrupted_download_is_continued(host):
    url = f'{host}/half/net.pth'
    with pytest.raises(DownloadError, match='the connection ended after 1000 of 10240'):
        fetch_weights(url)
    assert part_of(url).stat().st_size == 1000
    again = f'{host}/a/net.pth#sha256={DIGEST}'
    assert fetch_weights(again).read_bytes() == CONTENT
    assert Host.asked[-1] == ('/a/net.pth', 'bytes=1000-')


def test_a_host_without_ranges_begins_anew(host):
    url = f'{host}/slow/net.pth'
    part_of(url).parent.mkdir()
    part_of(url).write_bytes(b'other bytes')
    assert fetch_weights(url).read_bytes() == CONTENT


def test_the_rest_of_another_file_is_not_kept(host):
    url = f'{host}/a/net.pth#sha256={DIGEST}'
    part_of(url).parent.mkdir()
    part_of(url).write_bytes(b'other bytes')
    assert fetch_weights(url).read_bytes() == CONTENT
    assert [span for _, span in Host.asked] == ['bytes=11-', None]


def test_a_part_that_is_whole_is_taken(host):
    url = f'{host}/a/net.pth#sha256={DIGEST}'
    part_of(url).parent.mkdir()
    part_of(url).write_bytes(CONTENT)
    assert fetch_weights(url).read_bytes() == CONTENT


def test_a_wrong_file_is_refused(host):
    for end in ('net.pth#sha256=00ff', 'net-0123abcd_20230101.pth'):
        url = f'{host}/a/{end}'
        with pytest.raises(DownloadError, match='its SHA-256 begins with'):
            fetch_weights(url)
        assert not list(cached_file(url).parent.iterdir())


def test_a_cached_file_of_another_hash_is_refused(host):
    fetch_weights(f'{host}/a/net.pth')
    with pytest.raises(DownloadError, match='another SHA-256'):
        fetch_weights(f'{host}/a/net.pth#sha256=00ff')


@pytest.mark.parametrize(
    ('url', 'digits'),
    [
        ('https://h/net-36af842e.pth', '36af842e'),
        ('https://h/net-36af842e_20230504.pth', '36af842e'),
        ('https://h/net-20230504.pth', None),
        ('https://h/net_256x192-72ccd840_20230504.pth#sha256=AB', 'ab'),
        ('https://h/net.pth', None),
        ('https://h/td-hm_hrnet-w32_8xb64-210e_coco.pth', None),
    ],
)
def test_hashes_in_names(url, digits):
    assert expected_hash(url) == digits


def test_mirrors_of_the_environment_and_of_the_file(host, tmp_path, monkeypatch):
    folder = tmp_path / 'zoo'
    folder.mkdir()
    (folder / 'net.pth').write_bytes(CONTENT)
    url = f'{host}/gone/net.pth'
    with pytest.raises(DownloadError, match=r'gone/net.pth \(.*not here') as caught:
        fetch_weights(url)
    assert 'mirrors.txt' in str(caught.value)
    monkeypatch.setenv(weight_cache.MIRRORS, f'{host}/gone/b {host}/c/')
    assert fetch_weights(url).read_bytes() == CONTENT
    assert Host.asked[-1][0] == '/c/gone/net.pth'
    cached_file(url).unlink()
    monkeypatch.delenv(weight_cache.MIRRORS)
    listed = weight_cache.cache_folder() / weight_cache.MIRROR_FILE
    listed.write_text(f'# a folder\n\n{folder}\n')
    assert fetch_weights(url).read_bytes() == CONTENT


def test_offline_says_where_the_file_goes(host, monkeypatch):
    url = f'{host}/a/net.pth'
    monkeypatch.setenv(weight_cache.OFFLINE, '1')
    with pytest.raises(DownloadError, match='offline') as caught:
        fetch_weights(url)
    assert f'copy the file to {cached_file(url)}' in str(caught.value)
    assert not Host.asked
    cached_file(url).parent.mkdir()
    torch.save({'w': torch.ones(2)}, cached_file(url))
    assert load_from_http(url)['state_dict']['w'].tolist() == [1, 1]
