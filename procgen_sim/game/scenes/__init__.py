"""The screens of the game, one a file; :mod:`procgen_sim.game.flow` says which follows which."""
