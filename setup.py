"""Packaging of mmpose_ext, aware of mim.

mim and MMEngine look for a package's configs, tools and ``model-index.yml`` in
its ``.mim`` folder. A wheel (and so an install from the sdist) gets copies; an
editable or develop install gets links, so that edits count at once.
"""

import os
import runpy
import shutil
from pathlib import Path

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py
from setuptools.command.develop import develop

ROOT = Path(__file__).resolve().parent
MIM_PARTS = ('configs', 'tools', 'model-index.yml')


def fill_mim_folder(folder: Path, link: bool) -> None:
    """Put what mim looks for into ``folder``, as links or as copies."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in MIM_PARTS:
        source, target = ROOT / name, folder / name
        if target.is_symlink() or target.is_file():
            target.unlink()
        elif target.is_dir():
            shutil.rmtree(target)
        if link:
            target.symlink_to(os.path.relpath(source, folder))
        elif source.is_dir():
            ignore = shutil.ignore_patterns('__pycache__', '*.pyc')
            shutil.copytree(source, target, ignore=ignore)
        else:
            shutil.copy2(source, target)


class BuildPy(build_py):
    """Builds wheels and, in editable mode (``pip install -e``), only links."""

    def run(self) -> None:
        """Build the modules, then fill ``.mim``."""
        super().run()
        if getattr(self, 'editable_mode', False):
            fill_mim_folder(ROOT / 'mmpose_ext' / '.mim', link=True)
        else:
            fill_mim_folder(Path(self.build_lib) / 'mmpose_ext' / '.mim', link=False)


class Develop(develop):
    """``setup.py develop``, which does not run ``build_py``."""

    def run(self) -> None:
        """Link ``.mim``, then install."""
        fill_mim_folder(ROOT / 'mmpose_ext' / '.mim', link=True)
        super().run()


def read(name: str) -> dict:
    """Return the names that a module of the package defines, without importing it."""
    return runpy.run_path(str(ROOT / 'mmpose_ext' / name))


RANGES = read('compat/requirements.py')

setup(
    name='mmpose_ext',
    version=read('version.py')['__version__'],
    description='Five human-pose papers as an MMPose plugin',
    long_description=(ROOT / 'README.md').read_text(encoding='utf-8'),
    long_description_content_type='text/markdown',
    license='Apache-2.0',
    license_files=['LICENSE'],
    keywords='computer vision, human pose estimation, MMPose, OpenMMLab',
    packages=find_packages(
        include=['mmpose_ext', 'mmpose_ext.*', 'mmpose_ext_cli', 'mmpose_ext_runtime']
    ),
    entry_points={
        'console_scripts': [
            'mmpose-ext = mmpose_ext_cli.main:main',
            'mmpose-ext-runtime = mmpose_ext_runtime.command:main',
        ]
    },
    package_data={'mmpose_ext': ['py.typed', 'weights/*.safetensors']},
    python_requires=RANGES['PYTHON'],
    # The OpenMMLab stack is checked on import instead, see the module read above.
    # safetensors: the weights that come with the package.
    install_requires=['packaging', 'safetensors', 'tqdm'],
    extras_require={
        'runtime': ['numpy', 'opencv-python-headless', 'onnxruntime'],
        'export': ['onnx', 'onnxruntime'],
        'stack': [need.packages[0] + need.supported for need in RANGES['REQUIREMENTS']],
        'leaderboard': ['submitit>=1.5', 'plotly>=6'],
    },
    cmdclass={'build_py': BuildPy, 'develop': Develop},
    zip_safe=False,
    classifiers=[
        'Development Status :: 3 - Alpha',
        'Intended Audience :: Science/Research',
        'License :: OSI Approved :: Apache Software License',
        'Operating System :: OS Independent',
        'Programming Language :: Python :: 3.10',
        'Programming Language :: Python :: 3.11',
        'Programming Language :: Python :: 3.12',
        'Programming Language :: Python :: 3.13',
        'Topic :: Scientific/Engineering :: Artificial Intelligence',
    ],
)
