"""Engines: the libraries that run a graph."""

import os
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from .errors import InputError
from .manifest import IMAGES

ARRAYS = dict[str, np.ndarray]
#: Precisions that OpenVINO can compute with, and its names for them.
PRECISIONS = {'float32': 'f32', 'bf16': 'bf16', 'fp16': 'f16'}


class Engine(Protocol):
    """A loaded graph."""

    name: str

    def run(self, images: np.ndarray) -> ARRAYS:
        """Return the outputs for a batch of inputs, by name.

        Raises:
            InputError: If the library cannot compute them.
        """


class OnnxRuntimeEngine:
    """A graph in ONNX Runtime, on the CPU, with the precision of the file.

    Args:
        path (str): The ONNX file.
        threads (int, optional): Number of threads per operation. Default: the
            library's.
        precision (str, optional): Must be None or ``'float32'``: the file decides.

    Raises:
        InputError: If the library is missing, refuses the file, or another precision
            is asked for.
    """

    name = 'onnxruntime'

    def __init__(
        self, path: str, threads: int | None = None, precision: str | None = None
    ) -> None:
        try:
            import onnxruntime
        except ImportError as error:
            raise _missing('onnxruntime', error) from error
        if precision not in (None, 'float32'):
            raise InputError(
                f'--precision {precision}: ONNX Runtime computes as the file says',
                'export the network with this precision, or use --engine openvino',
            )
        self._path = path
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        if threads is not None:
            options.intra_op_num_threads = options.inter_op_num_threads = threads
        try:
            self._session = onnxruntime.InferenceSession(
                path, options, providers=['CPUExecutionProvider']
            )
        except Exception as error:  # its exceptions have no common base
            raise _refused(path, self.name, error) from error
        self._outputs = [output.name for output in self._session.get_outputs()]

    def run(self, images: np.ndarray) -> ARRAYS:
        """Return the outputs for a batch of inputs, by name."""
        try:
            found = self._session.run(self._outputs, {IMAGES: images})
        except Exception as error:
            raise _failed(self._path, self.name, images, error) from error
        return dict(zip(self._outputs, found, strict=True))


class OpenVinoEngine:
    """A graph in OpenVINO, on the CPU.

    By default OpenVINO computes in bfloat16 if the processor can, which moves key
    points. Here it computes in float32 unless told otherwise.

    Args:
        path (str): The ONNX file.
        threads (int, optional): Number of threads. Default: the library's.
        precision (str, optional): ``'float32'``, ``'bf16'`` or ``'fp16'``. Default:
            ``'float32'``.

    Raises:
        InputError: If the library is missing or refuses the file.
    """

    name = 'openvino'

    def __init__(
        self, path: str, threads: int | None = None, precision: str | None = None
    ) -> None:
        try:
            import openvino
        except ImportError as error:
            raise _missing('openvino', error) from error
        self._path = path
        settings: dict[str, Any] = {
            'INFERENCE_PRECISION_HINT': PRECISIONS[precision or 'float32'],
            'PERFORMANCE_HINT': 'LATENCY',
        }
        if threads is not None:
            settings['INFERENCE_NUM_THREADS'] = threads
        try:
            self._model = openvino.Core().compile_model(path, 'CPU', settings)
        except Exception as error:  # RuntimeError with a C++ trace
            raise _refused(path, self.name, error) from error

    def run(self, images: np.ndarray) -> ARRAYS:
        """Return the outputs for a batch of inputs, by name."""
        try:
            found = self._model(images)
        except Exception as error:
            raise _failed(self._path, self.name, images, error) from error
        # An output may have more names than the one in the file.
        return {
            name: np.array(array)
            for port, array in found.items()
            for name in port.get_names()
        }


#: Engines by name.
ENGINES: dict[str, Callable[..., Engine]] = {
    'onnxruntime': OnnxRuntimeEngine,
    'openvino': OpenVinoEngine,
}


def load_engine(
    path: str | os.PathLike,
    name: str = 'onnxruntime',
    threads: int | None = None,
    precision: str | None = None,
) -> Engine:
    """Load a graph.

    Args:
        path (str | os.PathLike): The ONNX file.
        name (str): A key of :data:`ENGINES`.
        threads (int, optional): Number of threads. Default: the library's.
        precision (str, optional): A key of :data:`PRECISIONS`. Default: float32.

    Returns:
        Engine: The loaded graph.

    Raises:
        InputError: If a name is unknown, a library is missing or refuses the file, or
            the number of threads is not positive.
    """
    for value, choices in ((name, ENGINES), (precision or 'float32', PRECISIONS)):
        if value not in choices:
            raise InputError(f'{value} is unknown', f'choose from {", ".join(choices)}')
    if threads is not None and threads < 1:
        raise InputError(f'--threads {threads} is too small', 'give 1 or more')
    return ENGINES[name](str(path), threads, precision)


def _missing(name: str, error: ImportError) -> InputError:
    return InputError(
        f'{name} cannot be imported ({error})', f'install it: pip install {name}'
    )


def _refused(path: str, name: str, error: Exception) -> InputError:
    reason = ' '.join(str(error).split())[:200]
    return InputError(
        f'{name} cannot load the model {path}: {reason}',
        'copy or export it again, or update the library',
    )


def _failed(path: str, name: str, images: np.ndarray, error: Exception) -> InputError:
    reason = ' '.join(str(error).split())[:200]
    return InputError(
        f'{name} cannot run the model {path} on a batch of {len(images)}: {reason}',
        'export it again; if memory ran out, use a smaller batch',
    )
