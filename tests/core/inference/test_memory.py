"""What a tile is predicted to take, and the tile that follows from the memory that is free."""

import dataclasses

import pytest

from sitsr_core.inference import memory
from sitsr_core.inference.memory import TILES, TileWork, choose_tile, predict_memory
from sitsr_core.models.network import NetworkConfig

USUAL = TileWork(NetworkConfig(), read_dates=8, dates=8, halo=60, drawn_halo=20, reach=(9000, 9000), mode="mean", value_bytes=4)


@pytest.mark.parametrize(
    "more",
    [{"read_dates": 40}, {"dates": 40}, {"halo": 90}, {"mode": "sample"}, {"mode": "sample", "drawn_halo": 30}, {"value_bytes": 8}],
)
def test_more_of_anything_takes_more(more):
    assert predict_memory(dataclasses.replace(USUAL, **more), 256) > predict_memory(USUAL, 256)
    assert predict_memory(USUAL, 512) > predict_memory(USUAL, 256)


def test_nothing_beyond_the_image_takes_memory():
    small = dataclasses.replace(USUAL, reach=(300, 200))
    assert predict_memory(small, 256) < predict_memory(USUAL, 256)
    assert predict_memory(small, 512) == predict_memory(small, 1024)


@pytest.mark.parametrize("tile", [64, 256, 512, 768, 1024])
def test_the_largest_tile_that_takes_half_of_the_free_memory(monkeypatch, tile):
    monkeypatch.setattr(memory, "free_memory", lambda: 2 * predict_memory(USUAL, tile))
    assert choose_tile(USUAL) == tile


def test_the_smallest_tile_where_there_is_next_to_nothing(monkeypatch):
    monkeypatch.setattr(memory, "free_memory", lambda: 1 << 20)
    assert choose_tile(USUAL) == TILES[0]
