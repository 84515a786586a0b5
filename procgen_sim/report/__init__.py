"""Figures, level pictures and the HTML report of a run, all from what was stored."""
