"""Compiled tile model: adaptive binary predictions in many contexts, mixed.

First comes one decision about a whole line: does it repeat the last? If not, each of its tiles is a
short chain of binary decisions: is it the tile beside it in the last line, is it the tile above, is
it what followed here before, and, when all these failed, a walk down a binary tree over the tiles
that are left. The last tile of a line that has repeated so far cannot repeat, at no cost.

Each decision is predicted by as many counters as there are contexts; their predictions are mixed in
the logistic domain by weights that follow the gradient of the coding cost, and two last stages
correct what the mixture gets wrong systematically ([Mahoney2005]_). Counters are estimators of the
kind of Krichevsky and Trofimov ([Krichevsky1981]_), with a limit.

Only additions, multiplications and look-ups in tables made by :mod:`.tile` take part, in one fixed
order, so that coder and decoder agree to the last bit.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from procgen_sim.compiled import jit

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Tiles = npt.NDArray[np.uint8]

N_CONTEXTS = 40
"""Contexts that every decision is predicted in; :func:`contexts` lists them."""
N_INPUTS = 2 * N_CONTEXTS + 1
"""Inputs of the mixer: two a context, and a constant."""
N_SETS = 7
"""Weight sets; :func:`predict` says what each is chosen by."""
SET_SIZE = 256
"""Weight vectors in a set."""
N_CANDIDATES = 3
"""Tiles that are asked for one by one before the walk down the tree."""
BUCKET = 8
"""Slots in which a context may live: one cache line."""
COUNT_LEVELS = 12
"""Classes of a count; the classes of both counts and the last outcome make a history."""
N_HISTORIES = 2 * COUNT_LEVELS * COUNT_LEVELS
"""Classes of both counts, times the last outcome."""
N_STAGES = 2
"""Final corrections."""
STAGE_CELLS = 33
"""Cells over ± RANGE."""
STAGE_CONTEXTS = 1024
"""Contexts of each."""
MASK = 0x7FFFFFFF
"""Hashes have 31 bits."""
FORGOTTEN = 16
"""Evidence, in 64ths of an outcome, below which a context counts as never met."""
REPEAT_NODE = 4000
"""Number of the decision whether a line repeats the last one; tiles have lower numbers."""
BORDER = 255
"""What lies outside the level."""
COUNT_LIMIT = 1000 * 64
"""Outcomes of a kind, in 64ths, beyond which both counts of a counter are halved."""
MAP_LIMIT = 1000.0
"""Outcomes after a history before both counts are halved."""
RANGE = 12.0
"""Mixed predictions stay within ± this, in nats of odds."""
SQUASH_STEPS = 64
"""Cells of the squash table a nat."""
LOG_STEPS = 4
"""Cells of the logarithm table a count."""
RATE = 0.0006
FIRST_RATE = 0.015
RATE_DECAY = 200.0
"""A vector of weights learns by ``RATE``, in the beginning by ``FIRST_RATE`` more, of which half is
gone after ``RATE_DECAY`` decisions it took part in: what is often used settles, what is seldom used
still learns fast."""
LAST_RATE = 0.0005
FIRST_LAST_RATE = 0.01
LAST_RATE_DECAY = 20.0
"""The same for the mixers' mixers."""
STAGE_RATE = 0.004
STAGE_EVIDENCE = 1.5
"""A cell of a final correction moves towards the n-th outcome by ``1 / (n + STAGE_EVIDENCE)``, so
that it is their mean, but never by less than ``STAGE_RATE``."""
P_MIN = 1.0 / (1 << 20)
"""No decision is taken for more certain."""


class Tables(NamedTuple):
    """Constants, read only.

    Attributes
    ----------
    log
        Log of a count plus the estimator's constant, at steps of ``1 / LOG_STEPS``.
    squash
        ``1 / (1 + exp(-x))`` from ``-RANGE`` to ``RANGE``.
    level
        Class of a whole count.
    """

    log: Floats
    squash: Floats
    level: Ints


class Memory(NamedTuple):
    """What has been learned; kernels write it. Its size never changes.

    Attributes
    ----------
    slots
        One counter a context and decision, packed: counts of 0 and of 1 in 64ths (16 bits each),
        the last outcome (1 bit), check bits of the context's hash.
    maps
        ``(N_CONTEXTS, 2 N_HISTORIES, 2)`` outcomes seen after each history of a counter, for
        decisions about tiles and about whole lines.
    weights
        ``(2 N_SETS SET_SIZE, N_INPUTS)`` of the mixers.
    last
        ``(8, N_SETS)`` weights of the mixers' mixers.
    stages
        Final corrections: what a mixed prediction was worth, by context and prediction.
    uses, last_uses, stage_uses
        How many decisions each vector of ``weights``, of ``last`` and each cell of ``stages`` has
        learned from.
    guesses
        The tile to ask for after those beside and above, with a confidence, by context.
    age
        Levels learned.
    """

    slots: Ints
    maps: Singles
    weights: Floats
    last: Floats
    stages: Floats
    uses: Ints
    last_uses: Ints
    stage_uses: Ints
    guesses: Ints
    age: Ints


class Work(NamedTuple):
    """Where in a level the reader is, and scratch.

    Attributes
    ----------
    recent
        0 number of the level; 1 to 6 hashes of the last lines; 7 how long the last line has
        lasted; 8 to 10 hashes of the different lines before it; 11 hash of the line so far; 12 how
        many of its tiles differ from the last line's; 13 and 14 how long the lines before lasted;
        15 to 17 hashes of what changed last, the time before and before that; 18 hash of what the
        line so far changes; 19 how often the last tile of a line has changed.
    since, former_since, earlier_since
        ``(line_length,)`` for how many lines each tile has been what it is, for how many it was
        what it was before, and what it was before that.
    former
        ``(line_length,)`` what each tile was before.
    hashes, places, cells
        ``(N_CONTEXTS,)`` of the decision in hand: contexts, their slots, their histories.
    inputs, outputs, finals
        Of the mixers, by the mixers, and of the final stages.
    chosen, used
        What chooses weights. ``used``: rows of weights, row of last weights at ``N_SETS``, then
        1 for decisions about lines, then how many candidates are already excluded.
    stage_cells
        Cells of the final stages to be corrected.
    order, guess_places
        Candidates, likeliest first, and where the guesses came from.
    """

    recent: Ints
    since: Ints
    former_since: Ints
    earlier_since: Ints
    former: Ints
    hashes: Ints
    places: Ints
    cells: Ints
    inputs: Floats
    chosen: Ints
    outputs: Floats
    finals: Floats
    stage_cells: Ints
    order: Ints
    guess_places: Ints
    used: Ints


@jit
def mix(h: int, v: int) -> int:
    """A 31-bit hash of ``h`` and a number below 2^31; nothing exceeds 63 bits on the way."""
    x = (h ^ ((v * 0x9E3779B1) & MASK)) * 0x5851F42D
    return (x ^ (x >> 29)) & MASK


@jit
def at(lines: Tiles, line: int, tile: int) -> int:
    """The tile there, or the border."""
    if line < 0 or tile < 0 or tile >= lines.shape[1]:
        return BORDER
    return int(lines[line, tile])


@jit
def start_level(level: int, work: Work) -> None:
    """Forget where the last level ended; ``level`` is how many were learned."""
    recent = work.recent
    for i in range(len(recent)):
        recent[i] = 0
    recent[0] = level
    for i in range(len(work.since)):
        work.since[i] = 0
        work.former[i] = BORDER
        work.former_since[i] = 0
        work.earlier_since[i] = 0


@jit
def start_line(lines: Tiles, line: int, work: Work) -> None:
    """Take in the line that was completed last."""
    recent = work.recent
    recent[11] = 1
    recent[12] = 0
    recent[18] = 1
    if line == 0:
        return
    h = 1
    change = 1
    same = line > 1
    for r in range(lines.shape[1]):
        v = int(lines[line - 1, r])
        h = mix(h, v)
        if line > 1 and int(lines[line - 2, r]) == v:
            work.since[r] += 1
        else:
            same = False
            work.earlier_since[r] = work.former_since[r]
            work.former_since[r] = work.since[r]
            work.since[r] = 1
            if line > 1:
                work.former[r] = int(lines[line - 2, r])
                change = mix(change, (r << 8) | v)
    if same:
        recent[7] += 1
    else:
        recent[10] = recent[9]
        recent[9] = recent[8]
        recent[8] = recent[1]
        recent[14] = recent[13]
        recent[13] = recent[7]
        recent[19] += line > 1 and work.since[lines.shape[1] - 1] == 1
        recent[17] = recent[16]
        recent[16] = recent[15]
        recent[15] = change
        recent[7] = 1
    for i in range(6, 1, -1):
        recent[i] = recent[i - 1]
    recent[1] = h


@jit
def contexts(lines: Tiles, line: int, r: int, work: Work) -> None:
    """The hash of each context of the tile to come."""
    recent = work.recent
    out = work.hashes
    far = int(recent[11])
    changes = int(recent[18])
    run = min(int(recent[7]), 40)
    prev = int(recent[1])
    u1 = at(lines, line, r - 1)
    u2 = at(lines, line, r - 2)
    u3 = at(lines, line, r - 3)
    l1 = at(lines, line - 1, r)
    l2 = at(lines, line - 2, r)
    l3 = at(lines, line - 3, r)
    l4 = at(lines, line - 4, r)
    a1 = at(lines, line - 1, r - 1)
    b1 = at(lines, line - 1, r + 1)
    a2 = at(lines, line - 1, r - 2)
    b2 = at(lines, line - 1, r + 2)
    a3 = at(lines, line - 2, r - 1)
    b3 = at(lines, line - 2, r + 1)
    since = min(int(work.since[r]), 30)
    near = (u1 << 16) | (l1 << 8) | b1
    below = 1
    for i in range(r, lines.shape[1]):
        below = mix(below, int(lines[line - 1, i]) if line > 0 else BORDER)
    last = lines.shape[1] - 1
    event = int(recent[15])
    ground = min(int(work.since[last]), 60)
    old = int(work.former[r])
    before = min(int(work.former_since[r]), 60)
    earlier = min(int(work.earlier_since[r]), 60)
    # what is near the tile
    out[0] = r
    out[1] = 0
    out[2] = (u1 << 8) | l1
    out[3] = mix((u1 << 16) | (u2 << 8) | l1, l2)
    out[4] = mix(mix(near, (a1 << 16) | (a2 << 8) | b2), u2)
    out[5] = mix(mix(near, (a1 << 16) | (l2 << 8) | a3), b3)
    out[6] = mix((l1 << 16) | (l2 << 8) | l3, (l4 << 8) | u1)
    out[7] = mix(mix(below, (u1 << 8) | u2), r)
    out[8] = mix(mix(near, (run << 8) | (r & 255)), min(int(recent[12]), 3))
    out[9] = mix(mix((u1 << 16) | (u2 << 8) | u3, r), int(recent[12] > 0))
    # the line so far and the lines before it
    out[10] = mix(far, r)
    out[11] = mix(far, prev)
    out[12] = mix(mix(int(out[11]), run), int(recent[8]))
    out[13] = mix(mix(int(out[12]), int(recent[9])), int(recent[13]))
    out[14] = mix(mix(int(out[11]), int(recent[2])), int(recent[3]))
    out[15] = mix(int(out[14]), int(recent[4]))
    out[16] = mix(mix(int(out[15]), int(recent[5])), int(recent[6]))
    out[17] = mix(mix(far, int(recent[8])), l1)
    out[18] = mix(mix(prev, r), u1)
    # how long things have been as they are in this row, and were before
    out[19] = mix(mix((u1 << 16) | (u2 << 8) | l1, l2), since)
    out[20] = mix(int(out[11]), (since << 8) | min(int(work.since[min(r + 1, last)]), 30))
    out[21] = mix(mix(r, (u1 << 16) | (l1 << 8) | old), since)
    out[22] = mix(mix(u1, (l1 << 8) | old), (since << 8) | before)
    out[23] = mix(mix(r, l1), (since << 16) | (earlier << 8) | before)
    out[24] = mix(mix(r, near), (ground << 8) | at(lines, line - 1, last))
    # what this line has changed so far, and what the last changes were
    out[25] = mix(mix(changes, r), l1)
    out[26] = mix(mix(changes, r), near)
    out[27] = mix(mix(changes, r), below)
    out[28] = mix(int(out[25]), event)
    out[29] = mix(int(out[28]), int(recent[16]))
    out[30] = mix(mix(mix(changes, r), event), run)
    out[31] = mix(int(out[25]), ground)
    out[32] = mix(mix(changes, r), (since << 8) | earlier)
    out[33] = mix(int(out[25]), int(recent[19]))
    out[34] = mix(mix(mix(changes, event), r), min(int(work.earlier_since[last]), 60))
    # where and in which level
    out[35] = mix(mix(r, l1), line)
    out[36] = mix(mix(changes, r), line)
    out[37] = mix(int(out[11]), line)
    out[38] = mix(int(out[11]), int(recent[0]))
    out[39] = mix(near, (int(recent[0]) << 6) | (r & 63))
    for i in range(N_CONTEXTS):
        out[i] = mix(int(out[i]), i + 1)
    work.used[N_SETS + 1] = 0
    # weight sets
    work.chosen[0] = min(r, 63)
    work.chosen[1] = min(run, 15) * 4 + min(int(recent[12]), 3)
    work.chosen[2] = min(since, 15) * 4 + min(int(recent[12]), 3)
    work.chosen[3] = l1 & 63
    work.chosen[4] = u1 & 63
    work.chosen[5] = 0


@jit
def line_contexts(lines: Tiles, line: int, work: Work) -> None:
    """The hash of each context of whether the line to come repeats the last one."""
    recent = work.recent
    out = work.hashes
    prev = int(recent[1])
    run = min(int(recent[7]), 60)
    d1 = int(recent[8])
    d2 = int(recent[9])
    before = min(int(recent[13]), 60)
    earlier = min(int(recent[14]), 60)
    event = int(recent[15])
    level = int(recent[0])
    last = lines.shape[1] - 1
    half = lines.shape[1] // 2
    upper = 1
    lower = 1
    recently = 1
    second = 60
    for r in range(lines.shape[1]):
        since = int(work.since[r])
        if r < half:
            upper = mix(upper, int(lines[line - 1, r]))
        else:
            lower = mix(lower, int(lines[line - 1, r]))
        recently = mix(recently, min(since, 12))
        if recent[7] < since < second:
            second = since
    top = 0
    while top < last and lines[line - 1, top] == lines[line - 1, 0]:
        top += 1
    peak = (top << 16) | (int(lines[line - 1, top]) << 8) | min(int(work.since[top]), 60)
    ground = min(int(work.since[last]), 60)
    floor = (int(lines[line - 1, last]) << 8) | ground
    old_floor = min(int(work.earlier_since[last]), 60)
    # how long the last line has lasted and the lines before it did
    out[0] = 0
    out[1] = mix(mix(run, before), earlier)
    out[2] = mix(mix(event, run), before)
    out[3] = mix(int(out[2]), earlier)
    out[4] = mix(mix(int(recent[16]), run), before)
    # what the last lines are
    out[5] = prev
    out[6] = mix(prev, run)
    out[7] = mix(int(out[6]), d1)
    out[8] = mix(mix(mix(int(out[7]), d2), int(recent[10])), (before << 6) | earlier)
    out[9] = mix(lower, run)
    out[10] = mix(upper, run)
    # what changed last, and before
    out[11] = mix(event, run)
    out[12] = mix(int(out[11]), int(recent[16]))
    out[13] = mix(int(out[12]), int(recent[17]))
    # for how long each row has been as it is
    out[14] = recently
    out[15] = mix(recently, prev)
    out[16] = mix(int(out[11]), second)
    out[17] = peak
    out[18] = mix(mix(peak, second), run)
    out[19] = mix(mix(peak, run), floor)
    # the same for the last row, which is the ground of many games
    out[20] = mix(ground, run)
    out[21] = mix(lower, ground)
    out[22] = mix(int(out[6]), ground)
    out[23] = mix(int(out[7]), ground)
    out[24] = mix(int(out[11]), ground)
    out[25] = mix(floor, old_floor)
    out[26] = mix(int(out[25]), run)
    out[27] = mix(mix(floor, min(int(work.former_since[last]), 60)), event)
    out[28] = mix(int(out[11]), int(recent[19]))
    # where
    out[29] = line
    out[30] = mix(run, line)
    out[31] = mix(prev, line)
    out[32] = mix(int(out[6]), line)
    out[33] = mix(int(out[6]), line >> 3)
    out[34] = mix(int(out[11]), line)
    # in which level
    out[35] = level
    out[36] = mix(prev, level)
    out[37] = mix(int(out[6]), level)
    out[38] = mix(int(out[11]), level)
    out[39] = mix(int(out[12]), level)
    for i in range(N_CONTEXTS):
        out[i] = mix(int(out[i]), i + 101)
    work.chosen[0] = min(run, 63)
    work.chosen[1] = min(before, 63)
    work.chosen[2] = min(line >> 2, 63)
    work.chosen[3] = ground
    work.chosen[4] = event & 63
    work.chosen[5] = prev & 255
    work.used[N_SETS + 1] = 1


@jit
def candidates(lines: Tiles, line: int, r: int, n_tiles: int, memory: Memory, work: Work) -> int:
    """Write the tiles to ask for, likeliest first; returns how many."""
    h = work.hashes
    places = work.guess_places
    size = len(memory.guesses)
    places[0] = h[1] & (size - 1)
    places[1] = h[0] & (size - 1)
    found = 0
    order = work.order
    if line > 0 and n_tiles > 1 and r == lines.shape[1] - 1 and work.recent[12] == 0:
        # Everything else repeats the last line, and it is known that not all does.
        order[0] = at(lines, line - 1, r)
        found = 1
    work.used[N_SETS + 2] = found
    wanted = min(N_CANDIDATES, n_tiles - 1)
    for i in range(4):
        if i == 0:
            tile = at(lines, line - 1, r)
        elif i == 1:
            tile = at(lines, line, r - 1)
        else:
            entry = int(memory.guesses[places[i - 2]])
            if entry == 0:
                continue
            tile = (entry >> 4) - 1
        if tile >= n_tiles:
            continue
        new = True
        for k in range(found):
            if order[k] == tile:
                new = False
        if new and found < wanted:
            order[found] = tile
            found += 1
    return found


@jit
def learn_candidates(tile: int, memory: Memory, work: Work) -> None:
    """Vote for the tile that came: confidence grows when right and falls faster when wrong."""
    for i in range(2):
        place = work.guess_places[i]
        entry = int(memory.guesses[place])
        confidence = entry & 15
        if entry and (entry >> 4) - 1 == tile:
            memory.guesses[place] = entry + (1 if confidence < 15 else 0)
        elif confidence > 1:
            memory.guesses[place] = entry - 1 - (confidence > 4) * (confidence // 2)
        else:
            memory.guesses[place] = ((tile + 1) << 4) | 1


@jit
def squashed(x: float, tables: Tables) -> float:
    """``1 / (1 + exp(-x))`` from a table with interpolation."""
    if x >= RANGE - 0.001:
        x = RANGE - 0.001
    elif x <= 0.001 - RANGE:
        x = 0.001 - RANGE
    place = (x + RANGE) * SQUASH_STEPS
    i = int(place)
    low = float(tables.squash[i])
    return low + (float(tables.squash[i + 1]) - low) * (place - i)


@jit
def find(h: int, slots: Ints) -> int:
    """The slot of a context; −1 − h if it has none, which :func:`claim` takes."""
    start = h & (len(slots) - BUCKET)
    check = (h >> 8) + 1
    for i in range(start, start + BUCKET):
        if slots[i] >> 33 == check:
            return i
    return -1 - h


@jit
def claim(h: int, slots: Ints) -> int:
    """A slot for a context that has none: the poorest of its bucket."""
    start = h & (len(slots) - BUCKET)
    check = (h >> 8) + 1
    poorest = start
    least = (slots[start] & 0xFFFF) + ((slots[start] >> 16) & 0xFFFF)
    for i in range(start + 1, start + BUCKET):
        evidence = (slots[i] & 0xFFFF) + ((slots[i] >> 16) & 0xFFFF)
        if evidence < least:
            poorest, least = i, evidence
    slots[poorest] = check << 33
    return poorest


@jit
def predict(node: int, rank: int, tables: Tables, memory: Memory, work: Work) -> float:
    """Probability that the decision turns out 1.

    Weights are chosen by three things of :func:`contexts` or :func:`line_contexts`, by the decision
    (for lines, by the last line), by how many of the contexts of whole lines are known, and by two
    more things of those functions.
    """
    slots, maps, inputs = memory.slots, memory.maps, work.inputs
    hashes, places, cells = work.hashes, work.places, work.cells
    log, level = tables.log, tables.level
    for i in range(N_CONTEXTS):
        place = find(mix(int(hashes[i]), node), slots)
        places[i] = place
        slot = int(slots[place]) if place >= 0 else 0
        n0 = slot & 0xFFFF
        n1 = (slot >> 16) & 0xFFFF
        inputs[2 * i] = log[(n1 + 8) >> 4] - log[(n0 + 8) >> 4]
        cell = level[(n0 + 32) >> 6] * COUNT_LEVELS + level[(n1 + 32) >> 6]
        if (slot >> 32) & 1:
            cell += COUNT_LEVELS * COUNT_LEVELS
        cell += int(work.used[N_SETS + 1]) * N_HISTORIES
        cells[i] = cell
        m0 = np.float64(maps[i, cell, 0])
        m1 = np.float64(maps[i, cell, 1])
        inputs[2 * i + 1] = log[int(m1 * LOG_STEPS + 0.5)] - log[int(m0 * LOG_STEPS + 0.5)]
    family = int(work.used[N_SETS + 1])
    base = family * N_SETS * SET_SIZE
    inputs[2 * N_CONTEXTS] = 0.3
    known = 0
    for i in (10, 11, 12, 13, 14, 15, 16, 17, 28, 29):
        if cells[i] != family * N_HISTORIES:
            known += 1
    chosen, weights, outputs, finals = work.chosen, memory.weights, work.outputs, work.finals
    rank = min(rank, 3)
    s0 = base + chosen[0] * 4 + rank
    s1 = base + SET_SIZE + chosen[1] * 4 + rank
    s2 = base + 2 * SET_SIZE + chosen[2] * 4 + rank
    s3 = base + 3 * SET_SIZE + (chosen[5] if family else min(node >> 3, SET_SIZE - 1))
    s4 = base + 4 * SET_SIZE + known * 4 + rank
    s5 = base + 5 * SET_SIZE + chosen[3] * 4 + rank
    s6 = base + 6 * SET_SIZE + chosen[4] * 4 + rank
    d0 = 0.0
    d1 = 0.0
    d2 = 0.0
    d3 = 0.0
    d4 = 0.0
    d5 = 0.0
    d6 = 0.0
    for i in range(N_INPUTS):
        x = inputs[i]
        d0 += weights[s0, i] * x
        d1 += weights[s1, i] * x
        d2 += weights[s2, i] * x
        d3 += weights[s3, i] * x
        d4 += weights[s4, i] * x
        d5 += weights[s5, i] * x
        d6 += weights[s6, i] * x
    work.used[0], work.used[1], work.used[2], work.used[3] = s0, s1, s2, s3
    work.used[4], work.used[5], work.used[6] = s4, s5, s6
    outputs[0] = min(max(d0, -RANGE), RANGE)
    outputs[1] = min(max(d1, -RANGE), RANGE)
    outputs[2] = min(max(d2, -RANGE), RANGE)
    outputs[3] = min(max(d3, -RANGE), RANGE)
    outputs[4] = min(max(d4, -RANGE), RANGE)
    outputs[5] = min(max(d5, -RANGE), RANGE)
    outputs[6] = min(max(d6, -RANGE), RANGE)
    top = family * 4 + rank
    work.used[N_SETS] = top
    total = 0.0
    for k in range(N_SETS):
        total += memory.last[top, k] * outputs[k]
    total = min(max(total, 0.01 - RANGE), RANGE - 0.01)
    finals[0] = squashed(total, tables)
    # Final stages: what such a prediction was worth, here and for this tile.
    spot = (total + RANGE) * (STAGE_CELLS - 1) / (2 * RANGE)
    cell = int(spot)
    part = spot - cell
    c0 = family * 512 + chosen[0] * 4 + rank
    c1 = mix(node, chosen[1]) & (STAGE_CONTEXTS - 1)
    near = cell + 1 if part > 0.5 else cell
    work.stage_cells[0] = c0 * STAGE_CELLS + near
    work.stage_cells[1] = (STAGE_CONTEXTS + c1) * STAGE_CELLS + near
    stages = memory.stages
    i = c0 * STAGE_CELLS + cell
    finals[1] = stages[i] * (1 - part) + stages[i + 1] * part
    i = (STAGE_CONTEXTS + c1) * STAGE_CELLS + cell
    finals[2] = stages[i] * (1 - part) + stages[i + 1] * part
    p = 0.5 * float(finals[0]) + 0.25 * float(finals[1]) + 0.25 * float(finals[2])
    return min(max(p, P_MIN), 1 - P_MIN)


@jit
def update(bit: int, tables: Tables, memory: Memory, work: Work) -> None:
    """Learn how the decision predicted last turned out."""
    slots, maps, inputs = memory.slots, memory.maps, work.inputs
    last, outputs = memory.last, work.outputs
    row = work.used[N_SETS]
    rate = LAST_RATE + FIRST_LAST_RATE / (1.0 + memory.last_uses[row] / LAST_RATE_DECAY)
    memory.last_uses[row] += 1
    error = (bit - work.finals[0]) * rate
    for k in range(N_SETS):
        last[row, k] += error * outputs[k]
    for k in range(N_SETS):
        row = work.used[k]
        rate = RATE + FIRST_RATE / (1.0 + memory.uses[row] / RATE_DECAY)
        memory.uses[row] += 1
        error = (bit - squashed(outputs[k], tables)) * rate
        weights = memory.weights[row]
        for i in range(N_INPUTS):
            weights[i] += error * inputs[i]
    for k in range(N_STAGES):
        i = work.stage_cells[k]
        memory.stage_uses[i] += 1
        rate = max(STAGE_RATE, 1.0 / (memory.stage_uses[i] + STAGE_EVIDENCE))
        memory.stages[i] += (bit - memory.stages[i]) * rate
    for i in range(N_CONTEXTS):
        cell = work.cells[i]
        m = np.float64(maps[i, cell, bit]) + 1.0
        other = np.float64(maps[i, cell, 1 - bit])
        if m + other > MAP_LIMIT:
            m *= 0.5
            other *= 0.5
        maps[i, cell, bit] = m
        maps[i, cell, 1 - bit] = other
        place = int(work.places[i])
        if place < 0:
            place = find(-1 - place, slots)  # two contexts may be the same
        if place < 0:
            place = claim(-1 - place, slots)
        slot = int(slots[place])
        n0 = slot & 0xFFFF
        n1 = (slot >> 16) & 0xFFFF
        if bit:
            n1 += 64
        else:
            n0 += 64
        if max(n0, n1) > COUNT_LIMIT:  # both, or it would take a frequent outcome for a rare one
            n0 >>= 1
            n1 >>= 1
        slots[place] = ((slot >> 33) << 33) | (bit << 32) | (n1 << 16) | n0


@jit
def decide(bit: int, node: int, rank: int, tables: Tables, memory: Memory, work: Work) -> float:
    """Predict, learn; returns the probability of what happened."""
    p = predict(node, rank, tables, memory, work)
    update(bit, tables, memory, work)
    return p if bit else 1.0 - p


@jit
def after_tile(lines: Tiles, line: int, r: int, work: Work) -> None:
    """Take in a tile of the line that is being met."""
    tile = int(lines[line, r])
    work.recent[11] = mix(int(work.recent[11]), tile)
    if at(lines, line - 1, r) != tile:
        work.recent[12] += 1
        work.recent[18] = mix(int(work.recent[18]), (r << 8) | tile)


@jit
def walk(
    tile: int,
    found: int,
    n_tiles: int,
    learns: bool,
    tables: Tables,
    memory: Memory,
    work: Work,
) -> float:
    """Probability of the decisions that lead to a tile; learns them where ``learns``."""
    probability = 1.0
    for k in range(int(work.used[N_SETS + 2]), found):
        candidate = int(work.order[k])
        bit = 1 if candidate == tile else 0
        p = predict(candidate * 8 + min(k, 1), k, tables, memory, work)
        if learns:
            update(bit, tables, memory, work)
        if bit:
            return probability * p
        probability *= 1.0 - p
    low, high, node = 0, 256, 1
    while high - low > 1:
        middle = (low + high) // 2
        left = remaining(low, min(middle, n_tiles), found, work)
        right = remaining(middle, min(high, n_tiles), found, work)
        bit = 1 if tile >= middle else 0
        if left > 0 and right > 0:
            p = predict(2048 + node, 5, tables, memory, work)
            if learns:
                update(bit, tables, memory, work)
            probability *= p if bit else 1.0 - p
        node = 2 * node + bit
        if bit:
            low = middle
        else:
            high = middle
    return probability


@jit
def learn_tile(
    lines: Tiles, line: int, r: int, n_tiles: int, tables: Tables, memory: Memory, work: Work
) -> float:
    """Bits that this tile costs; learns it."""
    tile = int(lines[line, r])
    contexts(lines, line, r, work)
    found = candidates(lines, line, r, n_tiles, memory, work)
    first = int(work.used[N_SETS + 2])
    if found > first and work.order[first] == tile:
        probability = decide(1, tile * 8 + min(first, 1), first, tables, memory, work)
    else:
        # All decisions of a tile are predicted before any is learned: what a tile costs is then
        # what tile_distribution() says, which cannot learn.
        probability = walk(tile, found, n_tiles, False, tables, memory, work)
        walk(tile, found, n_tiles, True, tables, memory, work)
    learn_candidates(tile, memory, work)
    after_tile(lines, line, r, work)
    return -math.log2(probability)


@jit
def remaining(low: int, high: int, found: int, work: Work) -> int:
    """How many tiles of ``low <= tile < high`` are not among the candidates."""
    n = max(high - low, 0)
    for k in range(found):
        if low <= work.order[k] < high:
            n -= 1
    return n


@jit
def tile_distribution(
    lines: Tiles,
    line: int,
    r: int,
    n_tiles: int,
    tables: Tables,
    memory: Memory,
    work: Work,
    out: Floats,
) -> None:
    """Write the probability of every tile; learns nothing."""
    contexts(lines, line, r, work)
    found = candidates(lines, line, r, n_tiles, memory, work)
    rest = 1.0
    for k in range(int(work.used[N_SETS + 2]), found):
        candidate = int(work.order[k])
        p = predict(candidate * 8 + min(k, 1), k, tables, memory, work)
        out[candidate] = rest * p
        rest *= 1.0 - p
    spread(0, 256, rest, found, n_tiles, tables, memory, work, out)


@jit
def spread(
    low: int,
    high: int,
    rest: float,
    found: int,
    n_tiles: int,
    tables: Tables,
    memory: Memory,
    work: Work,
    out: Floats,
) -> None:
    """Share ``rest`` among the tiles left, down the tree without recursion."""
    depth_low = np.zeros(512, np.int64)
    share = np.zeros(512)
    share[1] = rest
    depth_low[1] = low
    width = high - low
    first = 1
    while width > 1:
        half = width // 2
        for node in range(first, 2 * first):
            start = (node - first) * width
            left = remaining(start, min(start + half, n_tiles), found, work)
            right = remaining(start + half, min(start + width, n_tiles), found, work)
            if left > 0 and right > 0:
                p = predict(2048 + node, 5, tables, memory, work)
            else:
                p = 1.0 if right > 0 else 0.0
            share[2 * node] = share[node] * (1.0 - p)
            share[2 * node + 1] = share[node] * p
        width = half
        first *= 2
    if work.used[N_SETS + 2]:
        out[work.order[0]] = 0.0
    for tile in range(n_tiles):
        taken = False
        for k in range(found):
            if work.order[k] == tile:
                taken = True
        if not taken:
            out[tile] = share[256 + tile]


@jit
def learn_repeat(
    bit: int, lines: Tiles, line: int, tables: Tables, memory: Memory, work: Work
) -> float:
    """Probability of what happened: the line repeats the last one, or not; learns it."""
    line_contexts(lines, line, work)
    return decide(bit, REPEAT_NODE, 0, tables, memory, work)


@jit
def learn_level(
    lines: Tiles, n_tiles: int, tables: Tables, memory: Memory, work: Work, bits: Floats
) -> None:
    """Learn a level; writes what each tile cost when it was met."""
    start_level(int(memory.age[0]), work)
    length = lines.shape[1]
    for line in range(lines.shape[0]):
        start_line(lines, line, work)
        first = 0
        told = 0.0
        if line > 0 and n_tiles > 1:
            while first < length and lines[line, first] == lines[line - 1, first]:
                first += 1
            told = -math.log2(
                learn_repeat(1 if first == length else 0, lines, line, tables, memory, work)
            )
            if first == length:
                for r in range(length):
                    bits[line, r] = told / length
                continue
        for r in range(length):
            bits[line, r] = learn_tile(lines, line, r, n_tiles, tables, memory, work)
        bits[line, first] += told
    memory.age[0] += 1


@jit
def forget(slots: Ints, factor: float, age: int) -> None:
    """Multiply the evidence of every context; one with next to none is forgotten altogether.

    Fractions are rounded up as often as they should be, by turns that follow from slot and age:
    rounded to the nearest, small counts would never fall.
    """
    for i in range(len(slots)):
        slot = int(slots[i])
        if slot:
            turn = (mix(i, age) & 0xFFFF) / 65536.0
            n0 = int((slot & 0xFFFF) * factor + turn)
            n1 = int(((slot >> 16) & 0xFFFF) * factor + turn)
            slots[i] = ((slot >> 32) << 32) | (n1 << 16) | n0 if n0 + n1 >= FORGOTTEN else 0


# A model that has stopped learning: what a generator is.


@jit
def sharpened(p: float, sharpness: float) -> float:
    """A probability whose odds are raised to a power."""
    if sharpness == 1.0:
        return p
    odds: float = ((1.0 - p) / p) ** sharpness
    return 1.0 / (1.0 + odds)


@jit
def pass_tile(
    lines: Tiles,
    line: int,
    r: int,
    n_tiles: int,
    tables: Tables,
    memory: Memory,
    work: Work,
    drawn: bool,
    sharpness: float,
    rng: np.random.Generator,
) -> float:
    """Probability of this tile, as :func:`learn_tile` has it; nothing is learned. Where ``drawn``,
    it is decided first which tile."""
    tile = int(lines[line, r])
    contexts(lines, line, r, work)
    found = candidates(lines, line, r, n_tiles, memory, work)
    probability = 1.0
    hit = False
    for k in range(int(work.used[N_SETS + 2]), found):
        candidate = int(work.order[k])
        p = predict(candidate * 8 + min(k, 1), k, tables, memory, work)
        bit = rng.random() < sharpened(p, sharpness) if drawn else candidate == tile
        probability *= p if bit else 1.0 - p
        if bit:
            tile = candidate
            hit = True
            break
    if not hit:
        low, high, node = 0, 256, 1
        while high - low > 1:
            middle = (low + high) // 2
            left = remaining(low, min(middle, n_tiles), found, work)
            right = remaining(middle, min(high, n_tiles), found, work)
            bit = right > 0 if drawn else tile >= middle
            if left > 0 and right > 0:
                p = predict(2048 + node, 5, tables, memory, work)
                bit = rng.random() < sharpened(p, sharpness) if drawn else tile >= middle
                probability *= p if bit else 1.0 - p
            if bit:
                low = middle
                node = 2 * node + 1
            else:
                high = middle
                node = 2 * node
        tile = low
    if drawn:
        lines[line, r] = tile
    after_tile(lines, line, r, work)
    return probability


@jit
def pass_level(
    lines: Tiles,
    n_tiles: int,
    tables: Tables,
    memory: Memory,
    work: Work,
    drawn: bool,
    sharpness: float,
    rng: np.random.Generator,
    bits: Floats,
) -> None:
    """Write what each line ``(n_lines,)`` of a level costs. Where ``drawn``, draw the level as
    well, the odds of every decision raised to the power of ``sharpness``."""
    start_level(int(memory.age[0]), work)
    length = lines.shape[1]
    for line in range(lines.shape[0]):
        start_line(lines, line, work)
        bits[line] = 0.0
        if line > 0 and n_tiles > 1:
            line_contexts(lines, line, work)
            p = predict(REPEAT_NODE, 0, tables, memory, work)
            if drawn:
                repeats = rng.random() < sharpened(p, sharpness)
            else:
                repeats = True
                for r in range(length):
                    if lines[line, r] != lines[line - 1, r]:
                        repeats = False
            bits[line] = -math.log2(p if repeats else 1.0 - p)
            if repeats:
                for r in range(length):
                    lines[line, r] = lines[line - 1, r]
                continue
        for r in range(length):
            bits[line] -= math.log2(
                pass_tile(lines, line, r, n_tiles, tables, memory, work, drawn, sharpness, rng)
            )
