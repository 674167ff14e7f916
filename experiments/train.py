#!/usr/bin/python3
"""Trains one of the repository's float example models on Fashion-MNIST and writes it as ONNX.

    python3 experiments/train.py fashion-mlp --output models/fashion-mlp.onnx

Input of every model: float32 [1, 1, 28, 28], pixel / 255 (no mean, no deviation). Output: 10 logits.
README.md beside this file has the recipe, the accuracy reached and the versions used.
"""
import argparse
import gzip
import os
import struct
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

CLASSES = 10
BATCH = 128


def read_idx(path):
    """Reads a gzipped IDX file of unsigned bytes (the format of MNIST: big-endian sizes, then the data)."""
    with gzip.open(path, "rb") as file:
        zero, kind, rank = struct.unpack(">HBB", file.read(4))
        if zero != 0 or kind != 8:
            raise SystemExit(f"{path}: not an IDX file of unsigned bytes")
        shape = struct.unpack(f">{rank}I", file.read(4 * rank))
        return np.frombuffer(file.read(), dtype=np.uint8).reshape(shape)


def load(folder, split):
    """Images as float32 [n, 1, 28, 28] in 0..1 and labels as int64 [n]; split is `train` or `t10k`."""
    images = read_idx(os.path.join(folder, f"{split}-images-idx3-ubyte.gz"))
    labels = read_idx(os.path.join(folder, f"{split}-labels-idx1-ubyte.gz"))
    return torch.from_numpy(images.astype(np.float32) / 255)[:, None], torch.from_numpy(labels.astype(np.int64))


def conv_bn(inputs, outputs, kernel=3, stride=1, groups=1):
    convolution = nn.Conv2d(inputs, outputs, kernel, stride, padding=kernel // 2, groups=groups, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(outputs))


def mlp():
    """784-128-64-10."""
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, CLASSES))


def dscnn():
    """One strided convolution, three depthwise-separable blocks at 14x14 (as in the DS-CNN of keyword spotting), mean, linear."""
    layers = [conv_bn(1, 32, stride=2), nn.ReLU()]
    for inputs, outputs in [(32, 64), (64, 64), (64, 64)]:
        layers += [conv_bn(inputs, inputs, groups=inputs), nn.ReLU(), conv_bn(inputs, outputs, kernel=1), nn.ReLU()]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, CLASSES))


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions beside the identity, or beside a strided 1x1 convolution where the shape changes."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.first = conv_bn(inputs, outputs, stride=stride)
        self.second = conv_bn(outputs, outputs)
        self.shortcut = nn.Conv2d(inputs, outputs, 1, stride) if stride != 1 else nn.Identity()

    def forward(self, x):
        return F.relu(self.second(F.relu(self.first(x))) + self.shortcut(x))


def resnet8():
    """The topology of MLPerf Tiny's image classification model, for 28x28x1 images."""
    blocks = [ResidualBlock(16, 16, 1), ResidualBlock(16, 32, 2), ResidualBlock(32, 64, 2)]
    return nn.Sequential(conv_bn(1, 16), nn.ReLU(), *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, CLASSES))


# name: (network, epochs, peak learning rate, weight decay, largest shift in pixels, label smoothing)
RECIPES = {
    "fashion-mlp": (mlp, 40, 0.05, 2e-4, 0, 0.05),
    "fashion-dscnn": (dscnn, 20, 0.2, 1e-4, 1, 0.0),
    "fashion-resnet8": (resnet8, 12, 0.2, 5e-4, 1, 0.05),
}


def augment(images, shift):
    """Mirrors each image with probability 1/2 and shifts it by -shift..shift pixels each way, filling with zeros."""
    count, _, height, width = images.shape
    padded = F.pad(images, [shift] * 4)[:, 0]
    rows = torch.randint(2 * shift + 1, (count, 1)) + torch.arange(height)
    columns = torch.randint(2 * shift + 1, (count, 1)) + torch.arange(width)
    columns = torch.where(torch.rand(count, 1) < 0.5, columns.flip(1), columns)
    return padded[torch.arange(count)[:, None, None], rows[:, :, None], columns[:, None, :]][:, None]


def train(model, images, labels, epochs, rate, decay, shift, smoothing):
    """SGD with Nesterov momentum and one cycle of the learning rate; the last epoch's weights are kept."""
    optimizer = torch.optim.SGD(model.parameters(), lr=rate, momentum=0.9, weight_decay=decay, nesterov=True)
    steps = len(images) // BATCH
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, epochs=epochs, steps_per_epoch=steps, pct_start=0.2)
    started = time.time()
    model.train()
    for epoch in range(epochs):
        total = 0.0
        for batch in torch.randperm(len(images))[: steps * BATCH].view(steps, BATCH):
            loss = F.cross_entropy(model(augment(images[batch], shift)), labels[batch], label_smoothing=smoothing)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item()
        print(f"epoch {epoch + 1}/{epochs}: loss {total / steps:.4f}, {time.time() - started:.0f} s", flush=True)


@torch.no_grad()
def count_correct(model, images, labels):
    model.eval()
    return sum((model(x).argmax(1) == y).sum().item() for x, y in zip(images.split(500), labels.split(500)))


@torch.no_grad()
def count_macs(model):
    """Multiply-accumulates of convolutions and linear layers for one image."""
    macs = 0

    def add(layer, _, output):
        nonlocal macs
        macs += output[0].numel() * layer.weight[0].numel()

    hooks = [m.register_forward_hook(add) for m in model.modules() if isinstance(m, (nn.Conv2d, nn.Linear))]
    model.eval()(torch.zeros(1, 1, 28, 28))
    for hook in hooks:
        hook.remove()
    return macs


def export(model, path, keep_batch_norm):
    """ONNX opset 13, batch 1. PyTorch folds batch normalization into the convolutions unless told to keep it."""
    mode = torch.onnx.TrainingMode.PRESERVE if keep_batch_norm else torch.onnx.TrainingMode.EVAL
    model = model.eval().to(memory_format=torch.contiguous_format)
    torch.onnx.export(model, torch.zeros(1, 1, 28, 28), path, opset_version=13, training=mode,
                      do_constant_folding=not keep_batch_norm, input_names=["input"], output_names=["output"])


def main():
    parser = argparse.ArgumentParser(description="Train a float example model on Fashion-MNIST and write it as ONNX.")
    parser.add_argument("model", choices=RECIPES)
    parser.add_argument("--output", required=True, help="the .onnx file to write")
    parser.add_argument("--epochs", type=int, help="passes over the training images (default: the recipe's)")
    parser.add_argument("--seed", type=int, default=1, help="of the weights, the order and the augmentation (default: 1)")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads (default: 1)")
    parser.add_argument("--data", default="/usr/share/datasets/fashion-mnist", help="folder of the four IDX .gz files")
    parser.add_argument("--holdout", type=int, default=0, metavar="N",
                        help="train without the last N training images and score those, not the test images: for choosing a recipe")
    arguments = parser.parse_args()

    torch.manual_seed(arguments.seed)
    torch.set_num_threads(arguments.threads)
    torch.set_flush_denormal(True)
    torch.use_deterministic_algorithms(True)
    build, epochs, *recipe = RECIPES[arguments.model]
    model = build().to(memory_format=torch.channels_last)  # twice as fast on a CPU; the same network
    images, labels = load(arguments.data, "train")
    kept = len(images) - arguments.holdout
    scored = (images[kept:], labels[kept:]) if arguments.holdout else load(arguments.data, "t10k")

    train(model, images[:kept], labels[:kept], arguments.epochs or epochs, *recipe)
    correct = count_correct(model, *scored)
    parameters = sum(p.numel() for p in model.parameters())
    print(f"{arguments.model}: {correct} of {len(scored[0])} right, {parameters} parameters, {count_macs(model)} MACs")
    export(model, arguments.output, keep_batch_norm=arguments.model == "fashion-dscnn")


if __name__ == "__main__":
    main()
