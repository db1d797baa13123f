"""What the encoder is told of each date: where the reference would be seen, where its samples lie, whole pixels of shift."""

import pytest
import torch

from sitsr_core.models.temporal_encoder import TemporalEncoder, cubic_matrix, move_whole_pixels, sampled_positions, seen_at


def test_a_date_sees_the_reference_where_its_shift_says():
    """Content at r of the reference lies at r + shift of the date, so pixel r of the date shows the reference's r - shift."""
    row, column = torch.meshgrid(torch.arange(12.0), torch.arange(10.0), indexing="ij")
    seen = seen_at((2 * row - 3 * column)[None, None], torch.tensor([[[0.3, -0.45], [0.0, 0.0]]]))
    expected = 2 * (row - 0.3) - 3 * (column + 0.45)
    assert torch.allclose(seen[0, 0, 0, 2:-2, 2:-2], expected[2:-2, 2:-2], atol=1e-4)
    assert torch.allclose(seen[0, 1, 0], 2 * row - 3 * column, atol=1e-4)


def test_rows_of_the_cubic_matrix_are_the_same_wherever_they_lie():
    """To the last bit: half precision would make a rounding seen between tiles."""
    small, large = (cubic_matrix(torch.tensor([0.3, -0.41]), size) for size in (12, 150))
    assert torch.equal(small[:, 4, :], large[:, 104, 100:112])


def test_rows_of_the_cubic_matrix_keep_constants():
    assert torch.allclose(cubic_matrix(torch.tensor([0.0, 0.2, -0.5]), 8).sum(-1), torch.ones(3, 8), atol=1e-6)


@pytest.mark.parametrize(("shift", "position"), [((0.375, 0.375), 0), ((-0.375, -0.375), 15), ((0.375, -0.375), 3), ((0.125, -0.125), 6)])
def test_samples_belong_to_the_position_they_were_taken_at(shift, position):
    positions = sampled_positions(torch.tensor(shift), 4)
    assert positions.argmax() == position
    assert torch.allclose(positions.max(), torch.tensor(1.0))


@pytest.mark.parametrize(("dy", "dx"), [(1, 0), (0, -2), (-1, 2)])
def test_whole_pixels(dy, dx):
    images = torch.rand(1, 2, 3, 7, 6) + 0.1
    moved = move_whole_pixels(images, torch.tensor([[[0.0, 0.0], [dy, dx]]]))
    assert torch.equal(moved[:, 0], images[:, 0])
    for r in range(7):
        for c in range(6):
            inside = 0 <= r + dy < 7 and 0 <= c + dx < 6
            expected = images[0, 1, :, r + dy, c + dx] if inside else torch.zeros(3)
            assert torch.equal(moved[0, 1, :, r, c], expected)


@torch.inference_mode()
def test_a_date_moved_by_whole_pixels_says_the_same():
    torch.manual_seed(0)
    encoder = TemporalEncoder(bands=2, width=8, blocks=1, heads=2, factor=4)
    wide = torch.rand(1, 2, 2, 20, 20)
    shift, known = torch.tensor([[[0.0, 0.0], [0.3, -0.2]]]), torch.ones(1, 2)
    days, reference, clear = torch.zeros(1, 2), torch.zeros(1, dtype=torch.long), torch.ones(1, 2, 20, 20)
    still, _ = encoder(wide, wide[:, 0], clear, shift, known, days, reference)
    moved = wide.clone()
    moved[:, 1] = wide[:, 1].roll((1, -1), (-2, -1))
    far, aligned = encoder(moved, wide[:, 0], clear, shift + torch.tensor([[[0.0, 0.0], [1.0, -1.0]]]), known, days, reference)
    assert torch.allclose(still[..., 8:-8, 8:-8], far[..., 8:-8, 8:-8], atol=1e-5)
    assert torch.allclose(aligned.shift, shift, atol=1e-6)
    assert torch.equal(aligned.pixels[:, 1, :, 2:-2, 2:-2], wide[:, 1, :, 2:-2, 2:-2])
