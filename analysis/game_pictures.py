"""Three pictures of the game in one: a level with its forecast, the card after it, the desk.

A bot plays the levels by their proofs, so that the simulated player beside it has met them all.
"""

import argparse
import io
import os
from collections.abc import Callable
from pathlib import Path

from procgen_sim.experiments import RunConfig
from procgen_sim.files import write_bytes
from procgen_sim.platformer import World, solve

SEED = 5
N_LEVELS = 12
SEEN_TICKS = 700
"""How far into the level its picture is taken."""


def played_back(actions: bytes) -> Callable[[World], int]:
    """A pilot that holds what a proof holds."""
    return lambda world: actions[world.tick]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two levels, to see that it runs")
    parser.add_argument("--out", type=Path, default=Path("runs/analysis"), help="folder of results")
    options = parser.parse_args()

    os.environ |= {"SDL_VIDEODRIVER": "dummy", "SDL_AUDIODRIVER": "dummy"}
    os.environ["PYGAME_HIDE_SUPPORT_PROMPT"] = "1"
    import pygame

    from procgen_sim.game.app import App
    from procgen_sim.game.journey import Journey
    from procgen_sim.game.plan import Outcome
    from procgen_sim.game.scenes.card import CardScene
    from procgen_sim.game.scenes.directing import DirectingScene
    from procgen_sim.game.scenes.playing import PlayingScene
    from procgen_sim.game.settings import Settings

    def frame(app: App, n: int) -> pygame.Surface:
        for _ in range(n):
            app.step()
        return pygame.transform.scale_by(app.window.canvas, 2)

    journey = Journey.open(RunConfig(), seed=SEED, log=None, injection="outlier@0.25", person="")
    app = App(settings=Settings(forecast=True, muted=True), paced=False)
    app.journey = journey
    n_levels = 2 if options.quick else N_LEVELS
    for number in range(1, n_levels + 1):
        plan = journey.plan()
        proof = solve(plan.level).replay
        actions = proof.actions if proof else b""
        if number == n_levels:
            scene = PlayingScene(plan, pilot=played_back(actions))
            app.go(scene)
            while scene.world.tick < min(SEEN_TICKS, len(actions) // 2):
                app.step()
            shown = [frame(app, 1)]
        won = Outcome(status="won", ticks=len(actions), deaths=0, coins=0, replay=actions)
        card = journey.finished(won)
    app.go(CardScene(card, journey))
    shown.append(frame(app, 240))
    app.go(DirectingScene(journey, journey.desk()))
    shown.append(frame(app, 60))
    journey.close()
    app.close()

    width, height = shown[0].get_size()
    gap = 12
    picture = pygame.Surface((2 * width + gap, 2 * height + gap), pygame.SRCALPHA)
    places = ((width + gap) // 2, 0), (0, height + gap), (width + gap, height + gap)
    for each, place in zip(shown, places, strict=True):
        picture.blit(each, place)
    path = options.out / "figures" / "game.png"
    png = io.BytesIO()
    pygame.image.save(picture, png, path.name)
    write_bytes(path, png.getvalue())
    print(path)


if __name__ == "__main__":
    main()
