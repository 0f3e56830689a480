"""Screening on a Dask cluster: the study, the list and the report stay here, the images are read by the workers.

Dask is an extra and imported when a cluster is asked for. Its scheduler gives what a dying worker had under way to
another; nothing of that is made here.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bloodsmear.classifiers.classifier import Classifier
from bloodsmear.errors import BloodsmearError, ClusterError
from bloodsmear.review.records import ImageRecord
from bloodsmear.workflows.classifier_set import mark_of
from bloodsmear.workflows.cluster_worker import RemoteRead, read_on_worker
from bloodsmear.workflows.reading import ReadRequest
from bloodsmear.workflows.screening_run import crash_record

SCHEME = "dask://"
# With the certificates that Dask's own settings name (distributed.comm.tls).
TLS_SCHEME = "tls://"
_CONNECT_S = 8.0
_LOOK_EVERY_S = 2.0
# Workers may start a moment later than the screening, and a PC that restarts is back by then.
_WORKERLESS_S = 60.0


class Cluster:
    """A connection to a scheduler. `read` answers from any thread; close it, or use it in a `with`.

    Raises ClusterError where there is no scheduler, or no Dask.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        distributed = _load_dask()
        self._killed: type[Exception] = distributed.KilledWorker
        if address.startswith(TLS_SCHEME):
            _require_certificates(address, distributed.Security())
        try:
            self._client: Any = distributed.Client(
                address.replace(SCHEME, "tcp://", 1), timeout=_CONNECT_S, set_as_default=False
            )
        except (OSError, ValueError) as error:
            raise ClusterError(
                f"No Dask scheduler answers at {address}; start one with `dask scheduler`, and workers with "
                "`dask worker`."
            ) from error

    @property
    def threads(self) -> int:
        """How many images the workers read at once, now."""
        return sum(self._client.nthreads().values())

    def read(self, request: ReadRequest, classifiers: Sequence[Classifier]) -> ImageRecord:
        """Read one image on a worker; see `read_image`. Raises ClusterError, ClassifierError."""
        found = request.found
        marks = tuple(mark_of(one.card) for one in classifiers)
        asked = RemoteRead(
            path=str(found.path.absolute()),
            image=found.image,
            case=found.case,
            check_denoised=request.check_denoised,
            marks=marks,
            page=found.page,
            camera_bits=found.camera_bits,
        )
        # Not pure: the same file may be asked about again after it changed.
        future = self._client.submit(read_on_worker, asked, pure=False)
        try:
            record = self._wait_for(future)
        finally:
            future.release()
        if record is None:
            return crash_record(found)
        if record.status == "unreadable" and not record.sha256 and found.path.is_file():
            raise ClusterError(
                f"A worker of {self._address} cannot open {found.path}, which is there on this PC. Put the images "
                "on a share that every worker sees under the same path."
            )
        return record

    def close(self) -> None:
        """Leave the cluster; its workers stay."""
        self._client.close()

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def _wait_for(self, future: Any) -> ImageRecord | None:
        idle_from = time.monotonic()
        while True:
            try:
                record: ImageRecord = future.result(timeout=_LOOK_EVERY_S)
                return record
            except TimeoutError:
                if self.threads:
                    idle_from = time.monotonic()
                elif time.monotonic() - idle_from > _WORKERLESS_S:
                    raise ClusterError(
                        f"The cluster {self._address} has no worker any more; start one with `dask worker`."
                    ) from None
            except self._killed:
                # Dask gave the image to other workers as well, and each of them died.
                return None
            except BloodsmearError:
                raise
            except Exception as error:  # whatever Dask's own errors and those of a worker's Python are
                raise ClusterError(
                    f"The cluster {self._address} gave up an image ({type(error).__name__}): {error}".rstrip(
                        "."
                    )
                    + ". The scheduler's log says more."
                ) from error


def _require_certificates(address: str, security: Any) -> None:
    named = (security.tls_ca_file, security.tls_client_cert, security.tls_client_key)
    if not all(name and Path(name).is_file() for name in named):
        raise ClusterError(
            f"For {address} this PC needs a certificate, and Dask's settings name none that is there. Set "
            "DASK_DISTRIBUTED__COMM__TLS__CA_FILE, …__CLIENT__CERT and …__CLIENT__KEY (docs/cluster.md)."
        )


def _load_dask() -> Any:
    try:
        import distributed
    except ModuleNotFoundError as error:
        raise ClusterError(
            "Dask is not installed here; install Bloodsmear with its extra `cluster` (docs/cluster.md), or leave "
            "--executor out."
        ) from error
    return distributed
