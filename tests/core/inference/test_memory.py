"""What a tile is predicted to take, and the tile that follows from the memory that is free."""

import pytest

from sitsr_core.inference import memory
from sitsr_core.inference.memory import TILES, choose_tile, predict_memory
from sitsr_core.models.network import NetworkConfig

USUAL = {"read_dates": 8, "dates": 8, "halo": 60, "mode": "mean", "value_bytes": 4}


@pytest.mark.parametrize("more", [{"tile": 512}, {"read_dates": 40}, {"dates": 40}, {"halo": 90}, {"mode": "sample"}])
def test_more_of_anything_takes_more(more):
    usual = USUAL | {"tile": 256}
    assert predict_memory(NetworkConfig(), **usual | more) > predict_memory(NetworkConfig(), **usual)


def test_half_precision_takes_less():
    assert predict_memory(NetworkConfig(), **USUAL | {"value_bytes": 2}, tile=256) < predict_memory(NetworkConfig(), **USUAL, tile=256)


@pytest.mark.parametrize("tile", [64, 256, 512, 768])
def test_the_largest_tile_that_takes_half_of_the_free_memory(monkeypatch, tile):
    monkeypatch.setattr(memory, "free_memory", lambda: 2 * predict_memory(NetworkConfig(), **USUAL, tile=tile))
    assert choose_tile(NetworkConfig(), **USUAL) == tile


def test_the_smallest_tile_where_there_is_next_to_nothing(monkeypatch):
    monkeypatch.setattr(memory, "free_memory", lambda: 1 << 20)
    assert choose_tile(NetworkConfig(), **USUAL) == TILES[0]
