"""Levels of a tile model: from a corpus, in the corpus's own tiles."""

from __future__ import annotations

import math
from typing import Any, Final

from procgen_sim._checks import InputError
from procgen_sim.config import RunConfig
from procgen_sim.experiments.preparation import open_corpus
from procgen_sim.generators.tile import TileGenerator
from procgen_sim.injection.tiles import TILE_PROPOSAL_ADDRESS, TileOutside, propose_tiles
from procgen_sim.levels import Affordance, Level
from procgen_sim.levels.body import Body
from procgen_sim.levels.design import PARAMETERS, measure
from procgen_sim.models.tile import TileModel
from procgen_sim.rng import stream

__all__ = ["TileMaker", "tile_outside"]

_BITS_A_NAT: Final = 1 / math.log(2)


def tile_outside(generator: TileGenerator, *, audience: TileModel | None = None) -> TileOutside:
    """What there is beyond a tile generator's model; ``audience`` is what players know of it, all
    that the generator does if None."""
    return TileOutside(
        model=generator.model,
        region=generator.region,
        order=generator.body.order,
        n_lines=generator.n_lines,
        line_length=generator.line_length,
        playable=generator.playable,
        tidied=generator.tidied,
        audience=audience,
    )


class TileMaker:
    """Levels of a tile model that learned a corpus, on it or off it.

    Parameters
    ----------
    config
        Corpus, width, temperature, seed.
    off
        A key of :data:`~procgen_sim.injection.tiles.TILE_PROPOSALS`, or None.

    Attributes
    ----------
    tileset
        The corpus's own.
    remarks
        Sentences on all levels together, without capital and full stop.

    Raises
    ------
    InputError
        If the corpus cannot be read or has several tilesets, or an option does not fit it.
    """

    def __init__(self, config: RunConfig, off: str | None) -> None:
        corpus, _ = open_corpus(config.corpus, tileset=config.tileset, skip_bad=config.skip_bad)
        body = Body.of(corpus.name, corpus.levels)
        if config.columns and body.order != "columns":
            raise InputError(
                "columns",
                expected="0 for levels that are not met in columns",
                found=str(config.columns),
            )
        if off and config.temperature != 1:
            raise InputError(
                "temperature",
                expected="1 with --off, which has temperatures of its own",
                found=f"{config.temperature:g}",
            )
        self.generator = TileGenerator.fit(
            body,
            seed=config.seed,
            n_lines=config.columns or None,
            temperature=config.temperature,
            proof=config.check == "proof",
        )
        self.off, self.tileset = off, self.generator.tileset
        why = self.generator.unscreened
        self.remarks = [why] if why else []
        self._measurable = body.order == "columns" and self.tileset.affords(Affordance.SOLID).any()

    def make(self, index: int, name: str) -> tuple[Level, dict[str, Any]]:
        """Level ``index`` and what is known about it."""
        generator = self.generator
        if self.off:
            address = TILE_PROPOSAL_ADDRESS[self.off]
            rng = stream(generator.seed, "inject", address, index)
            lines = propose_tiles(self.off, tile_outside(generator), generator.body.lines, rng=rng)
            playable = None if generator.unscreened else generator.playable(lines)
            attempts = {}
        else:
            sampled = generator.sample(index)
            lines, playable = sampled.lines, sampled.playable
            attempts = {"attempts": sampled.attempts}
        level = generator.level(lines, name)
        density, region = generator.model.log_density(lines), generator.region
        measured = None
        if self._measurable:
            names = [parameter.name for parameter in PARAMETERS]
            measured = dict(zip(names, map(float, measure(level)), strict=True))
        return level, {
            "playable": playable,
            "proven": bool(playable) and generator.proof,
            "off_model": bool(region.is_off(density)),
            "density_quantile": float(region.quantile(density)),
            f"bits_per_{generator.body.line_name}": -density * _BITS_A_NAT,
            **attempts,
            "measured": measured,
        }
