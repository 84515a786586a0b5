"""The game: levels are played by a person, beside a simulated player who has met the same ones.

Only this package imports pygame, and of its modules only those that draw, sound or read keys;
this index imports none of them.

- :mod:`.app` the loop and what scenes may ask for; :mod:`.scene` what a scene is, :mod:`.stack`
  those that are open, :mod:`.scenes` the screens, :mod:`.flow` which follows which
- :mod:`.window`, :mod:`.clock` where and when; :mod:`.controls`, :mod:`.pads`, :mod:`.hearing`
  what is pressed
- :mod:`.text`, :mod:`.palette`, :mod:`.icons`, :mod:`.menu`, :mod:`.message`, :mod:`.sound`,
  :mod:`.view` what is seen and heard
- :mod:`.settings`, :mod:`.folders`, :mod:`.playlog`, :mod:`.recording` what is kept
- :mod:`.journey`, :mod:`.director`, :mod:`.companion` which level comes, and who foresaw it;
  :mod:`.choice`, :mod:`.ways`, :mod:`.directed`, :mod:`.plan` what can be wanted, and what came of
  it; :mod:`.memories`, :mod:`.kept` what there was before
- :mod:`.installed` whether the right pygame is there
"""

import os

# Its banner on standard output would stand in the way of what commands print.
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
