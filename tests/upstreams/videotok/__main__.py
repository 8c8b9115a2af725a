"""`python -m tests.upstreams.videotok --port 0 --key vt_live_1`."""

from tests.upstreams.common import main

from .server import Videotok

main(Videotok())
