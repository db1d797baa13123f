"""The optimizer."""

import torch

from sitsr_core.training.muon import Muon, is_matrix, orthogonalized


def test_orthogonalized_keeps_the_singular_vectors_and_levels_the_values():
    torch.manual_seed(0)
    for shape in ((20, 50), (50, 20)):
        matrix = torch.randn(shape)
        u, _, v = torch.linalg.svd(matrix, full_matrices=False)
        values = (u.mT @ orthogonalized(matrix) @ v.mT).diagonal()
        assert values.min() > 0.6
        assert values.max() < 1.3


def test_convolutions_are_matrices_and_thin_layers_are_not():
    assert is_matrix(torch.zeros(32, 8, 3, 3))
    assert not is_matrix(torch.zeros(32, 1, 3, 3))
    assert not is_matrix(torch.zeros(64))
    assert not is_matrix(torch.zeros(4, 64))


def test_it_fits_a_linear_map_and_its_bias():
    torch.manual_seed(0)
    target, network = torch.nn.Linear(32, 32), torch.nn.Linear(32, 32)
    inputs = torch.randn(256, 32)
    optimizer = Muon(network.parameters(), lr=0.02)
    for step in range(400):
        optimizer.param_groups[0]["lr"] = optimizer.param_groups[1]["lr"] = 0.02 * (1 - step / 400)
        optimizer.zero_grad()
        loss = ((network(inputs) - target(inputs).detach()) ** 2).mean()
        loss.backward()
        optimizer.step()
    assert loss.item() < 1e-4


def test_a_restored_state_goes_on_alike():
    def trained(interrupt: bool) -> torch.Tensor:
        torch.manual_seed(0)
        network = torch.nn.Conv2d(16, 16, 3)
        optimizer = Muon(network.parameters(), lr=0.01)
        for step in range(6):
            if interrupt and step == 3:
                state = optimizer.state_dict()
                optimizer = Muon(network.parameters(), lr=0.01)
                optimizer.load_state_dict(state)
            generator = torch.Generator().manual_seed(step)
            optimizer.zero_grad()
            (network(torch.randn(2, 16, 5, 5, generator=generator)) ** 2).mean().backward()
            optimizer.step()
        return network.weight.detach()

    assert torch.equal(trained(False), trained(True))
