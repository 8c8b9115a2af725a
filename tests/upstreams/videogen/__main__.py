from tests.upstreams.common import main

from .server import VideoGen

main(VideoGen())
