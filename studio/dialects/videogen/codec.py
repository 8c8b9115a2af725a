"""VideoGen's codec, all of it pure: resolved inputs to a request, answers to our words, and requests back to `Inputs`."""

from .codec_answers import decode_execution, decode_file, decode_jobs, decode_submit, link_of, ready_state, refusal
from .codec_encode import encode
from .codec_read import read_request

__all__ = [
    "decode_execution",
    "decode_file",
    "decode_jobs",
    "decode_submit",
    "encode",
    "link_of",
    "read_request",
    "ready_state",
    "refusal",
]
