from __future__ import annotations

from studio.speech import sentences
from studio.speech.sentences import BREATH, MAX_CHARACTERS, PARAGRAPH_PAUSE, SENTENCE_PAUSE, pieces


def test_sentences_and_lines_are_pieces_with_their_pauses() -> None:
    found = pieces('He said "Hi." Then he left! At 9 A.M. on Friday, J. K. came.\nNew line')
    assert [(it.text, it.pause_seconds) for it in found] == [
        ('He said "Hi."', SENTENCE_PAUSE),
        ("Then he left!", SENTENCE_PAUSE),
        ("At 9 A.M. on Friday, J. K. came.", PARAGRAPH_PAUSE),
        ("New line", PARAGRAPH_PAUSE),
    ]


def test_a_long_sentence_is_cut_where_one_breathes_and_nothing_is_lost() -> None:
    sentence = "The beans are roasted by hand, " * 12 + "and shipped on the same day."
    found = pieces(sentence)
    assert max(len(it.text) for it in found) <= MAX_CHARACTERS
    assert all(it.text.endswith(",") for it in found[:-1])
    assert {it.pause_seconds for it in found[:-1]} == {BREATH}
    assert " ".join(it.text for it in found) == sentence


def test_slow_speech_has_shorter_pieces() -> None:
    text = "word " * 200
    assert max(len(it.text) for it in pieces(text, 0.5)) <= MAX_CHARACTERS / 2
    assert len(pieces(text, 2.0)) == len(pieces(text))


def test_a_word_without_end_is_cut_all_the_same() -> None:
    found = pieces("a" * 3000)
    assert "".join(it.text for it in found) == "a" * 3000
    assert max(len(it.text) for it in found) <= sentences.MAX_CHARACTERS


def test_marks_alone_are_no_piece() -> None:
    assert pieces("… — !!\n\n***") == []
