"""Recorded pictures hold what was shown, for as long as it was shown, whatever the format."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, features

from procgen_sim._checks import InputError
from procgen_sim.game.recording import Recorder, check_recording, recording

Pixels = npt.NDArray[np.uint8]

FORMATS = [".gif", ".webp", ".png", ".apng"]


def scene(n: int, seed: int = 1, colours: int = 40, size: tuple[int, int] = (41, 67)) -> Pixels:
    """A still backdrop with a small box in another place in every picture."""
    rng = np.random.default_rng(seed)
    palette = rng.integers(0, 256, (colours, 3), dtype=np.uint8)
    palette[:2] = (10, 10, 10), (10, 10, 11)  # nearly the same
    pixels = palette[rng.integers(0, colours, size)]
    pixels[3 + n : 8 + n, 2 * n : 2 * n + 7] = palette[1]
    return pixels


def played(path: Path) -> list[tuple[Pixels, float]]:
    """What a viewer shows: pictures and milliseconds."""
    frames = []
    with Image.open(path) as animation:
        for number in range(getattr(animation, "n_frames", 1)):
            animation.seek(number)
            pixels = np.asarray(animation.convert("RGB"))
            frames.append((pixels, float(animation.info["duration"])))
    return frames


@pytest.mark.parametrize("suffix", FORMATS)
def test_what_was_added_is_what_is_seen(tmp_path: Path, suffix: str) -> None:
    if suffix == ".webp" and not features.check("webp"):
        pytest.skip("this Pillow writes no WebP")
    path = tmp_path / f"a{suffix}"
    added = [(scene(n), 6 + n) for n in range(12)]
    with recording(path) as recorder:
        for pixels, ticks in added:
            recorder.add(pixels, ticks)
    assert recorder.n_frames == 12
    shown = played(path)
    assert len(shown) == 12
    for (before, _), (after, _) in zip(added, shown, strict=True):
        np.testing.assert_array_equal(before, after)
    # No format's rounding adds up.
    ms = np.cumsum([ticks for _, ticks in added]) / 120 * 1000
    np.testing.assert_allclose(np.cumsum([duration for _, duration in shown]), ms, atol=10)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]  # nothing left beside


@pytest.mark.parametrize("suffix", FORMATS)
def test_what_stands_still_is_one_picture(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    with recording(path) as recorder:
        for n in (0, 0, 0, 1, 1, 0):
            recorder.add(scene(n), 6)
    assert [round(duration) for _, duration in played(path)] == [150, 100, 50]


@pytest.mark.parametrize("suffix", FORMATS)
def test_an_hour_of_nothing_is_said_in_numbers_that_fit(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    with recording(path) as recorder:
        for _ in range(720):
            recorder.add(scene(0), 600)
    assert sum(duration for _, duration in played(path)) == pytest.approx(3_600_000)
    for pixels, _ in played(path)[:3]:
        np.testing.assert_array_equal(pixels, scene(0))


def test_a_gif_of_many_colours_looks_like_it(tmp_path: Path) -> None:
    ramp = np.linspace(0, 255, 60 * 80).reshape(60, 80)
    pixels = np.stack([ramp, ramp[::-1], ramp.T.reshape(60, 80)], 2).astype(np.uint8)
    with recording(tmp_path / "a.gif") as recorder:
        recorder.add(pixels, 6)
    ((shown, _),) = played(tmp_path / "a.gif")
    assert np.abs(shown.astype(int) - pixels).mean() < 8
    assert len(np.unique(shown.reshape(-1, 3), axis=0)) <= 256


@pytest.mark.parametrize("colours", [1, 2, 3, 255, 256])
def test_a_gif_of_few_colours_is_exact(tmp_path: Path, colours: int) -> None:
    rng = np.random.default_rng(colours)
    palette = rng.choice(256**3, colours, replace=False)
    codes = palette[np.arange(50 * 50) % colours].reshape(50, 50)
    pixels = np.stack([codes >> 16, codes >> 8 & 255, codes & 255], 2).astype(np.uint8)
    with recording(tmp_path / "a.gif") as recorder:
        recorder.add(pixels, 6)
    np.testing.assert_array_equal(played(tmp_path / "a.gif")[0][0], pixels)


def test_a_folder_gets_a_picture_a_file(tmp_path: Path) -> None:
    folder = tmp_path / "frames"
    with recording(folder) as recorder:
        for n in (0, 1, 1):
            recorder.add(scene(n), 6)
    assert sorted(file.name for file in folder.iterdir()) == [
        f"frame-00000{n}.png" for n in (1, 2, 3)
    ]
    with Image.open(folder / "frame-000003.png") as picture:
        np.testing.assert_array_equal(np.asarray(picture), scene(1))
    with pytest.raises(InputError, match="a folder without recorded pictures, found some"):
        check_recording(folder)


def add(recorder: Recorder, n: int) -> None:
    for i in range(n):
        recorder.add(scene(i % 20, seed=i, size=(135, 240)), 6)


@pytest.mark.parametrize("suffix", FORMATS)
def test_memory_does_not_grow_with_length(tmp_path: Path, suffix: str) -> None:
    def peak(n: int) -> int:
        tracemalloc.start()
        with recording(tmp_path / f"{n}{suffix}") as recorder:
            add(recorder, n)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(2)  # loads what is loaded once
    assert peak(60) < 1.3 * peak(6)


@pytest.mark.parametrize("suffix", FORMATS)
def test_an_error_leaves_nothing_behind_and_what_was_there(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(b"an earlier one")

    def fail() -> None:
        with recording(path) as recorder:
            add(recorder, 3)
            raise RuntimeError("in the game")

    with pytest.raises(RuntimeError, match="in the game"):
        fail()
    assert path.read_bytes() == b"an earlier one"
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_a_full_disk_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("procgen_sim.game.recording_formats.GifEncoder.frame", full)

    def record() -> None:
        with recording(tmp_path / "a.gif") as recorder:
            add(recorder, 3)

    with pytest.raises(InputError, match="room and permission to write, found no space left"):
        record()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["a.gif", "frames"])
def test_nothing_recorded_is_said(tmp_path: Path, name: str) -> None:
    def record() -> None:
        with recording(tmp_path / name):
            pass

    with pytest.raises(InputError, match="expected something to record, found no picture"):
        record()
    assert not list(tmp_path.iterdir())


def test_a_name_that_says_no_format(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(
        InputError, match=r"a name that ends in \.gif, .*, or of a folder, found '\.mp4'"
    ):
        check_recording(tmp_path / "a.mp4")
    check_recording(tmp_path / "A.GIF")
    monkeypatch.setattr(features, "check", lambda _name: False)
    with pytest.raises(InputError, match="a Pillow that writes WebP"):
        check_recording(tmp_path / "a.webp")
