"""Screening on a Dask cluster: the study, the list and the report stay here, the images are read by the workers.

Dask is an extra and imported when a cluster is asked for. Its scheduler gives what a dying worker had under way to
another; nothing of that is made here.

Dask unpickles what a scheduler or a worker sends, and a pickle may run anything. No option of Dask's turns that off, so
from the connection on this process refuses every pickle that names a function or a class (docs/adr/0027).
"""

from __future__ import annotations

import logging
import sys
import threading
import time
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bloodsmear.classifiers.classifier import Classifier
from bloodsmear.errors import ClusterError
from bloodsmear.review.records import ImageRecord
from bloodsmear.workflows.classifier_set import mark_of
from bloodsmear.workflows.cluster_answers import RemoteRead, encode, record_of
from bloodsmear.workflows.cluster_worker import read_on_worker
from bloodsmear.workflows.reading import ReadRequest
from bloodsmear.workflows.screening_run import crash_record

SCHEME = "dask://"
# With the certificates that Dask's own settings name (distributed.comm.tls).
TLS_SCHEME = "tls://"
# Nobody waits longer than 10 s for a scheduler that isn't there.
_CONNECT_S = 8.0
_CLOSE_S = 2.0
_LOOK_EVERY_S = 2.0
# Workers may start a moment later than the screening, and a PC that restarts is back by then.
_WORKERLESS_S = 60.0
# Each is a thread here, which waits. What a scheduler says is not believed without a limit.
_MOST_THREADS = 1000
_SAME_VERSION = "All its PCs need the same version of Bloodsmear with its extra `cluster` (docs/cluster.md)."
# The scheduler's own error, as it stands in its pickle.
_KILLED = b"KilledWorker"
# Dask's, and of what it stands on: their lines hold texts of others, and tracebacks.
_LOGGERS = (
    "asyncio",
    "distributed",
    "distributed.client",
    "distributed.gc",
    "tornado",
    "tornado.application",
)


class Cluster:
    """A connection to a scheduler. `read` answers from any thread; close it, or use it in a `with`.

    Raises ClusterError where there is no scheduler, or no Dask. From then on this process loads no pickle but of data.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        distributed = _load_dask()
        if address.startswith(TLS_SCHEME):
            _require_certificates(address, distributed.Security())
        sys.addaudithook(_only_data)
        self._client = _connect(distributed.Client, address)

    @property
    def threads(self) -> int:
        """How many images the workers read at once, now; 0 where the scheduler doesn't say."""
        try:
            counts: dict[str, int] = self._client.nthreads(callback_timeout=_CONNECT_S)
            return max(0, min(_MOST_THREADS, sum(map(int, counts.values()))))
        except Exception:  # noqa: BLE001 - no answer, or none that is a count
            return 0

    def read(self, request: ReadRequest, classifiers: Sequence[Classifier]) -> ImageRecord:
        """Read one image on a worker; see `read_image`. Raises ClusterError, ClassifierError."""
        found = request.found
        asked = RemoteRead(
            path=str(found.path.absolute()),
            image=found.image,
            case=found.case,
            check_denoised=request.check_denoised,
            marks=tuple(mark_of(one.card) for one in classifiers),
            page=found.page,
            camera_bits=found.camera_bits,
        )
        # Not pure: the same file may be asked about again after it changed.
        future = self._client.submit(read_on_worker, encode(asked), pure=False)
        try:
            answer = self._wait_for(future)
        finally:
            future.release()
        if answer is None:
            return crash_record(found)
        try:
            record = record_of(answer, asked)
        except ValueError as error:
            raise ClusterError(
                f"A worker of {self._address} gave an answer that is not one of Bloodsmear's. {_SAME_VERSION}"
            ) from error
        if record.status == "unreadable" and not record.sha256 and found.path.is_file():
            raise ClusterError(
                f"A worker of {self._address} cannot open {found.path}, which is there on this PC. Put the images "
                "on a share that every worker sees under the same path."
            )
        return record

    def close(self) -> None:
        """Leave the cluster; its workers stay."""
        try:
            self._client.close(timeout=_CLOSE_S)
        except Exception:  # noqa: BLE001 - Dask closes what has failed already
            _abandon(self._client)

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def _wait_for(self, future: Any) -> object:
        """What the worker answered, unseen; None where the image took down every worker that read it."""
        idle_from = time.monotonic()
        while True:
            try:
                return future.result(timeout=_LOOK_EVERY_S)
            except TimeoutError:
                self._require_listening()
                if self.threads:
                    idle_from = time.monotonic()
                elif time.monotonic() - idle_from > _WORKERLESS_S:
                    raise ClusterError(
                        f"The cluster {self._address} no longer has a worker; start one with `dask worker`."
                    ) from None
            except Exception as error:  # whatever Dask's own errors and those of a worker's Python are
                pickled = error.args[0] if error.args and isinstance(error.args[0], bytes) else None
                if pickled is not None and _KILLED in pickled:
                    # Dask gave the image to other workers as well, and each of them died.
                    return None
                said = _SAME_VERSION if pickled is not None else f"{error}".rstrip(".") + "."
                raise ClusterError(
                    f"The cluster {self._address} gave up an image. {said} The scheduler's log says more."
                ) from error

    def _require_listening(self) -> None:
        """ClusterError once Dask no longer listens to the scheduler: it ends so over what it cannot take."""
        listening = self._client._handle_report_task
        if listening is not None and listening.done():
            raise ClusterError(
                f"The cluster {self._address} sent something other than answers; none of it was run. {_SAME_VERSION}"
            )


def _connect(client_class: Any, address: str) -> Any:
    """A client of the scheduler there. ClusterError where none answers in time."""
    # Made in two steps: what has failed or hangs must be known, to be told that it is closed.
    client = client_class.__new__(client_class)
    failures: list[Exception] = []

    def begin() -> None:
        try:
            client.__init__(address.replace(SCHEME, "tcp://", 1), timeout=_CONNECT_S, set_as_default=False)
        except Exception as error:  # noqa: BLE001 - a scheduler of another kind may answer anything
            failures.append(error)

    # Dask waits without an end for the first word of what took the connection. This thread ends with the program.
    beginning = threading.Thread(target=begin, name="cluster-connection", daemon=True)
    beginning.start()
    beginning.join(_CONNECT_S + 1)
    if failures or beginning.is_alive():
        _abandon(client)
        raise ClusterError(
            f"No Dask scheduler answers at {address}; start one with `dask scheduler`, and workers with "
            "`dask worker`."
        )
    return client


def _abandon(client: Any) -> None:
    """Leave a client as it is. Else it tries to close itself when Python ends, for 16 s, and prints why it can't."""
    client.status = "closed"


def _only_data(event: str, arguments: tuple[object, ...]) -> None:
    """An audit hook: pickles hold lists, texts and numbers from now on, and nothing that could be called.

    Python asks before it looks up a class or a function for a pickle; without one a pickle is data. Dask names the type
    of every answer, which is bytes.
    """
    if event == "pickle.find_class" and arguments != ("builtins", "bytes"):
        # Dask goes on after a TypeError where it wanted a worker's error: that stays a pickle, as bytes.
        raise TypeError(f"It sent {'.'.join(map(str, arguments))} to run here, which was not done")


def _require_certificates(address: str, security: Any) -> None:
    named = (security.tls_ca_file, security.tls_client_cert, security.tls_client_key)
    if not all(name and Path(name).is_file() for name in named):
        raise ClusterError(
            f"For {address} this PC needs a certificate, and Dask's settings name none that is there. Set "
            "DASK_DISTRIBUTED__COMM__TLS__CA_FILE, …__CLIENT__CERT and …__CLIENT__KEY (docs/cluster.md)."
        )


def _load_dask() -> Any:
    """Dask, quiet: what others on the network say is neither printed nor imported."""
    try:
        import dask

        dask.config.set({"logging": dict.fromkeys(_LOGGERS, logging.CRITICAL + 1)})
        import distributed
    except ModuleNotFoundError as error:
        raise ClusterError(
            "Dask is not installed here; install Bloodsmear with its extra `cluster` (docs/cluster.md), or leave "
            "--executor out."
        ) from error
    dask.config.set({"distributed.scheduler.allowed-imports": []})
    distributed.Client._default_event_handlers.clear()
    warnings.filterwarnings("ignore", module="distributed")
    return distributed
