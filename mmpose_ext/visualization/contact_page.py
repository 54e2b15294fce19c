"""A contact sheet as one page of HTML."""

import base64
import html
import os
from collections.abc import Sequence
from pathlib import Path

import cv2

from ..utils.io import atomic_write
from .contact_sheet import SampleView

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>
body {{ font: 14px sans-serif; margin: 1em; }}
main {{ display: flex; flex-wrap: wrap; gap: 1em; }}
figure {{ margin: 0; }} figcaption {{ padding-top: .2em; color: #333; }}
figcaption b {{ color: #c00; font-weight: normal; display: block; }}
</style></head><body><h1>{title}</h1><p>{text}</p><main>
{figures}
</main></body></html>
"""


def save_contact_page(
    views: Sequence[SampleView], out: str | os.PathLike, title: str, text: str = ''
) -> Path:
    """Write a sheet as one page that needs no other file.

    Args:
        views (Sequence[SampleView]): The samples.
        out (str | os.PathLike): The ``.html`` file.
        title (str): Heading.
        text (str): A line below it.

    Returns:
        Path: ``out``.

    Raises:
        UserError: If it cannot be written.
    """
    figures = []
    for view in views:
        pixels = view.framed()[..., ::-1]
        code = cv2.imencode('.jpg', pixels, [cv2.IMWRITE_JPEG_QUALITY, 90])[1]
        data = base64.b64encode(code.tobytes()).decode('ascii')
        caption = html.escape(view.caption)
        problems = ''.join(f'<b>{html.escape(p)}</b>' for p in view.problems)
        figures.append(
            f'<figure><img alt="{caption}" src="data:image/jpeg;base64,{data}">'
            f'<figcaption>{caption}{problems}</figcaption></figure>'
        )
    page = _PAGE.format(
        title=html.escape(title), text=html.escape(text), figures='\n'.join(figures)
    )
    with atomic_write(out) as temporary:
        temporary.write_bytes(page.encode('utf-8', 'backslashreplace'))
    return Path(out)
