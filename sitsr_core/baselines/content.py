"""What adversarial trainings minimise besides the adversary: distances of pixels, and of VGG's features where its weights are there.

VGG19 (Simonyan and Zisserman 2015, arXiv:1409.1556) is built here; its ImageNet weights are read from the file that torchvision
leaves in torch's hub folder and are never downloaded. Without that file each system has a stated substitute, which a training notes.
VGG sees red, green and blue, reflectance 0 to 0.3 stretched to 0 to 1; further bands are held by the pixels alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sitsr_core.baselines.views import BaselineConfig
from sitsr_core.errors import ModelError

WEIGHTS = "vgg19-dcbb9e9d.pth"
LAYERS = (64, 64, "M", 128, 128, "M", 256, 256, 256, 256, "M", 512, 512, 512, 512, "M", 512, 512, 512, 512)
VISIBLE = ("B04", "B03", "B02")
BRIGHTEST = 0.3  # reflectance that VGG sees as white
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of ImageNet, as VGG expects them

Distance = Callable[[Tensor, Tensor], Tensor]  # of two (B, C, H, W) -> (B, C, H, W)


def absolute(one: Tensor, other: Tensor) -> Tensor:
    """|one - other|."""
    return (one - other).abs()


def squared(one: Tensor, other: Tensor) -> Tensor:
    """(one - other)^2."""
    return (one - other) ** 2


def with_gradients(one: Tensor, other: Tensor) -> Tensor:
    """|one - other|, and the same of their differences from one pixel to the next, downwards and to the right; 0 at the last."""
    error = one - other
    down = F.pad(error.diff(dim=2).abs(), (0, 0, 0, 1))
    right = F.pad(error.diff(dim=3).abs(), (0, 1))
    return error.abs() + down + right


class VggFeatures(nn.Module):
    """Reflectance of red, green and blue (B, 3, H, W) -> VGG19's features before its fifth pooling (B, 512, H / 16, W / 16), frozen.

    Args:
        activated: after the last rectifier (SRGAN) or before it (ESRGAN).
    """

    mean: Tensor
    std: Tensor

    def __init__(self, activated: bool):
        super().__init__()
        layers: list[nn.Module] = []
        width = 3
        for layer in LAYERS:
            if isinstance(layer, int):
                layers += [nn.Conv2d(width, layer, 3, padding=1), nn.ReLU()]
                width = layer
            else:
                layers.append(nn.MaxPool2d(2))
        self.features = nn.Sequential(*layers)
        self.used = len(layers) - (not activated)
        self.register_buffer("mean", torch.tensor(MEAN).view(1, -1, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(STD).view(1, -1, 1, 1), persistent=False)
        self.requires_grad_(False)

    def forward(self, image: Tensor) -> Tensor:
        """See the class."""
        x = ((image / BRIGHTEST).clamp(0, 1) - self.mean) / self.std
        return self.features[: self.used](x).float()


def vgg_weights() -> Path | None:
    """Where torchvision's weights of VGG19 are on this disk, if they are."""
    path = Path(torch.hub.get_dir()) / "checkpoints" / WEIGHTS
    return path if path.is_file() else None


def load_vgg(path: Path, activated: bool) -> VggFeatures:
    """VGG19 with torchvision's weights. Raises ModelError for a file that does not hold them."""
    network = VggFeatures(activated)
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
        network.load_state_dict({name: value for name, value in state.items() if name.startswith("features.")})
    except Exception as error:  # torch raises many kinds for a file that is not what it should be
        raise ModelError(f"'{path}' does not hold VGG19's weights.", "Delete it, or let torchvision write it anew.", repr(error)) from error
    return network.eval()


@dataclass(frozen=True)
class Content:
    """A system's loss besides the adversary, of normalised pixels.

    Attributes:
        pixel, pixel_weight: distance of pixels and its weight beside VGG's features.
        feature, feature_weight: distance of VGG's features; a weight of 0: the system uses none.
        activated: whether the features are those after the rectifier.
        substitute: distance of pixels that takes the place of both without VGG; its weight is 1.
        words: what the substitute is called in a training's notes.
    """

    pixel: Distance
    pixel_weight: float
    feature: Distance
    feature_weight: float
    activated: bool
    substitute: Distance
    words: str

    def features_for(self, config: BaselineConfig, device: str) -> tuple[VggFeatures | None, str]:
        """VGG, if it is to be used and can be, and what a training notes. Raises ModelError for damaged weights."""
        if not self.feature_weight:
            return None, self.words
        path = vgg_weights()
        if path is None:
            return None, f"{self.words}, instead of VGG19's features: its weights are not on this computer"
        if not set(VISIBLE) <= set(config.bands):
            return None, f"{self.words}, instead of VGG19's features: the bands are not red, green and blue"
        return load_vgg(path, self.activated).to(device), f"VGG19's features ({WEIGHTS}) and pixels"
