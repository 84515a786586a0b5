"""Words on the canvas."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import numpy as np
import pygame
import pytest

import procgen_sim.game
from procgen_sim._checks import InputError
from procgen_sim.game.palette import BLACK, VERMILLION, WHITE
from procgen_sim.game.text import SIZES, Font, Size, draw_text, line_height, text_width, wrap

SENTENCE = "The simulated player foresaw 62 % of this level. How bored are you? (1–5)"
PROMISED = string.printable[:95] + "–—·×…äöüÄÖÜßéè‘’“”←→↑↓•✓ⒶⒷⓍⓎ"


def paper(width: int = 480, height: int = 60) -> pygame.Surface:
    return pygame.Surface((width, height), pygame.SRCALPHA)


def inked(surface: pygame.Surface) -> pygame.Rect:
    """The smallest rectangle around all that was drawn."""
    return surface.get_bounding_rect()


def words_of_the_game() -> set[str]:
    """Every text in the game's modules that is not a docstring."""
    (folder,) = procgen_sim.game.__path__
    texts: set[str] = set()
    for path in Path(folder).rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        texts |= {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
            if id(node) not in said
        }
    return texts


@pytest.mark.parametrize("size", SIZES)
def test_the_font_has_every_character_that_it_promises(size: Size) -> None:
    font = Font.get(size)
    assert [character for character in PROMISED if character not in font] == []
    assert "☃" not in font
    assert "unknown" not in font


def test_the_font_has_every_character_that_the_game_says() -> None:
    characters = {character for text in words_of_the_game() for character in text}
    assert len(characters) > 50
    shown = {character for character in characters if character.isprintable()}
    assert sorted(shown - set(PROMISED) - set(Font.get().glyphs)) == []


@pytest.mark.parametrize("size", SIZES)
def test_glyphs_differ_and_lie_inside_the_sheet(size: Size) -> None:
    font = Font.get(size)
    sheet = pygame.surfarray.array3d(font.sheet).max(axis=2)  # clear pixels are black
    pictures: dict[bytes, str] = {}
    for name, (left, top, width) in font.glyphs.items():
        assert font.sheet.get_rect().contains((left, top, width, font.height)), name
        if name.isspace():
            continue
        picture = sheet[left : left + width, top : top + font.height]
        assert picture.any(), name
        twin = pictures.setdefault(picture.tobytes() + bytes([width]), name)
        same = {frozenset("'’"), frozenset("–−"), frozenset("-–")}
        assert twin == name or frozenset((twin, name)) in same, (twin, name)


def test_figures_are_equally_wide_so_that_numbers_do_not_tremble() -> None:
    for size in SIZES:
        assert len({text_width(figure, size) for figure in string.digits}) == 1


@pytest.mark.parametrize("size", SIZES)
def test_what_is_drawn_lies_where_the_rectangle_says(size: Size) -> None:
    surface = paper()
    rect = draw_text(surface, "Ägypt", (20, 10), WHITE, size=size)
    assert rect == pygame.Rect(20, 10, text_width("Ägypt", size), line_height(size))
    border = Font.get(size).border
    assert rect.inflate(2 * border, 2 * border).contains(inked(surface))
    assert inked(surface).width == rect.width + 2 * border


def test_alignment_moves_the_same_picture() -> None:
    pictures = []
    for align, x in (("left", 100), ("centre", 100 + text_width("Level 7") // 2), ("right", 136)):
        surface = paper()
        rect = draw_text(surface, "Level 7", (x, 5), WHITE, align=align)  # type: ignore[arg-type]
        pictures.append((rect.left - 100, pygame.surfarray.array_alpha(surface)))
    assert text_width("Level 7") == 36
    assert [left for left, _ in pictures] == [0, 0, 0]
    for _, picture in pictures[1:]:
        assert np.array_equal(picture, pictures[0][1])


def test_colour_and_shadow_are_those_asked_for() -> None:
    surface = paper()
    draw_text(surface, SENTENCE, (0, 0), VERMILLION, shadow=BLACK)
    alpha = pygame.surfarray.array_alpha(surface) > 0
    colours = {tuple(pixel) for pixel in pygame.surfarray.array3d(surface)[alpha].tolist()}
    assert colours == {VERMILLION, BLACK}
    plain = paper()
    draw_text(plain, SENTENCE, (0, 0), VERMILLION)
    alpha = pygame.surfarray.array_alpha(plain) > 0
    colours = {tuple(pixel) for pixel in pygame.surfarray.array3d(plain)[alpha].tolist()}
    assert colours == {VERMILLION}


def test_headings_have_an_outline_that_shows_on_any_ground() -> None:
    surface = paper()
    draw_text(surface, "Level", (10, 10), WHITE, size="large")
    alpha = pygame.surfarray.array_alpha(surface) > 0
    lightness = pygame.surfarray.array3d(surface)[alpha].max(axis=1)
    assert lightness.max() == 255
    assert lightness.min() < 60


def test_unknown_characters_are_boxes() -> None:
    one, other = paper(), paper()
    draw_text(one, "a☃b", (0, 0), WHITE)
    draw_text(other, "a☂b", (0, 0), WHITE)
    assert inked(one).width == text_width("a☃b")
    assert one.get_buffer().raw == other.get_buffer().raw
    assert text_width("") == 0
    assert draw_text(paper(), "", (3, 4), WHITE).size == (0, line_height())


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("width", [12, 40, 100, 300])
def test_wrapped_words_fit_and_none_is_lost(size: Size, width: int) -> None:
    lines = wrap(SENTENCE, width, size)
    widest = max(text_width(character, size) for character in SENTENCE)
    assert max(text_width(line, size) for line in lines) <= max(width, widest)
    assert "".join(lines).replace(" ", "") == SENTENCE.replace(" ", "")
    if width == 300 and size == "small":
        assert lines == [
            "The simulated player foresaw 62 % of this level. How bored",
            "are you? (1–5)",
        ]


def test_wrapping_keeps_line_feeds() -> None:
    assert wrap("one\n\ntwo three", 1000) == ["one", "", "two three"]
    assert wrap("", 100) == [""]


def test_a_wrong_size_is_told() -> None:
    with pytest.raises(InputError, match="size: expected one of small, large, found 'big'"):
        text_width("a", "big")  # type: ignore[arg-type]
