"""Ways to start from other weights, registered in MMEngine."""

from .pretrained_resnet import LoadReport, PretrainedResNetInit, fit_resnet_weights

__all__ = ['LoadReport', 'PretrainedResNetInit', 'fit_resnet_weights']
