#!/usr/bin/python3
"""Writes the first training images of Fashion-MNIST with their labels as a small .npz, for calibration where the data set is not installed.

    python3 experiments/calibration.py --output models/fashion-calibration.npz

Only the standard library is used; the same images give the same file.
"""
import argparse
import gzip
import io
import os
import zipfile


def read_idx(path, header, size, count):
    """The first elements of a gzipped IDX file of bytes; header and element size in bytes."""
    with gzip.open(path, "rb") as file:
        return file.read(header + count * size)[header:]


def npy(values, shape):
    """A .npy file, version 1.0, of unsigned bytes."""
    head = f"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}"
    padding = -(10 + len(head) + 1) % 64
    head = (head + " " * padding + "\n").encode("ascii")
    return b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head + values


def write_npz(path, folder, split, count):
    """Writes the first images of a split, `train` or `t10k`, as x and their labels as y."""
    images = read_idx(os.path.join(folder, f"{split}-images-idx3-ubyte.gz"), 16, 784, count)
    labels = read_idx(os.path.join(folder, f"{split}-labels-idx1-ubyte.gz"), 8, 1, count)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        for name, array in (("x", npy(images, (count, 28, 28))), ("y", npy(labels, (count,)))):
            file.writestr(zipfile.ZipInfo(name + ".npy", (1980, 1, 1, 0, 0, 0)), array, zipfile.ZIP_DEFLATED, compresslevel=9)
    with open(path, "wb") as file:
        file.write(archive.getvalue())


def main():
    parser = argparse.ArgumentParser(description="Write the first training images of Fashion-MNIST with their labels as .npz.")
    parser.add_argument("--output", required=True, help="the .npz file to write")
    parser.add_argument("--images", type=int, default=200, help="how many (default: 200)")
    parser.add_argument("--data", default="/usr/share/datasets/fashion-mnist", help="folder of the IDX .gz files")
    arguments = parser.parse_args()
    write_npz(arguments.output, arguments.data, "train", arguments.images)


if __name__ == "__main__":
    main()
