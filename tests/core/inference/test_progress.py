"""What a run tells while it computes."""

import pytest
from engine_fixtures import run, small_model, write_series

from sitsr_core.inference.events import Message
from sitsr_core.inference.reporter import Reporter
from sitsr_core.models import temporal_encoder


@pytest.mark.parametrize(("mode", "dates"), [("mean", 3), ("mean", 1), ("sample", 3)])
def test_the_layers_of_a_tile_add_up_to_it(tmp_path, monkeypatch, mode, dates):
    """Layers that a mode does without are missing, so the sum is less than one; more than one would be a bar that is full too early."""
    shares = []
    monkeypatch.setattr(Reporter, "step", lambda _, share: shares.append(share))
    monkeypatch.setattr(temporal_encoder, "PIXELS_AT_ONCE", 1)  # each date by itself, as in large tiles
    inputs, model = write_series(tmp_path / "in", 40, 50), small_model(tmp_path / "model.safetensors")
    run(inputs, tmp_path / "fine.tif", model, mode=mode, steps=2, max_dates=dates)
    assert 0.6 < sum(shares) <= 1.0001


@pytest.mark.parametrize(("window", "said"), [([0, 0, 30, 20], 30), ([0, 0, 90, 20], 64)])
def test_tiles_are_told_as_large_as_they_are(tmp_path, monkeypatch, window, said):
    """A window smaller than a tile is one tile of its own size."""
    heard = []
    monkeypatch.setattr(Reporter, "tell", lambda _, event: heard.append(event))
    inputs, model = write_series(tmp_path / "in", 40, 100), small_model(tmp_path / "model.safetensors")
    run(inputs, tmp_path / "fine.tif", model, window=window, max_dates=1)
    texts = [event.text for event in heard if isinstance(event, Message)]
    assert any(text.startswith(f"Tiles of {said} pixels on ") for text in texts)
