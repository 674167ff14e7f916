using System.IO.Compression;
using NUnit.Framework;
using Pqs.Reference.Data;
using Pqs.Reference.Model;

namespace Pqs.Tests.Data;

/// <summary>Which files become which samples.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class DataSetLoaderTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public void Every_format_gives_the_same_samples()
    {
        var elements = DataFolder.Count(12);
        var npy = DataFolder.Npy("|u1", [2, 2, 3], elements);
        var idx = DataFolder.Idx(8, [2, 2, 3], elements);
        (string Name, byte[] Bytes)[] files =
        [
            ("a.npy", npy), ("A.NPY", npy), ("a.npy.gz", DataFolder.Gzip(npy)), ("images-idx3-ubyte", idx), ("images-idx3-ubyte.gz", DataFolder.Gzip(idx)),
            ("a.idx", idx), ("x.npz", DataFolder.Npz(("x", npy))), ("stored.npz", DataFolder.Npz(CompressionLevel.NoCompression, ("arr_0", npy))),
            ("two.npz", DataFolder.Npz(("other", DataFolder.Npy("|u1", [1], [9])), ("images", npy))),
        ];
        foreach (var (name, bytes) in files)
        {
            var data = _folder.Load(name, bytes, 1, 2, 3, 1)!;
            Assert.That(_folder.Said(), Is.Empty, name);
            Assert.That((data.Count, data.Type, data.Labels), Is.EqualTo((2, ElementType.UInt8, (object?)null)), name);
            Assert.That(data.Sample(1).ToArray(), Is.EqualTo(new[] { 6f, 7, 8, 9, 10, 11 }), name);
        }
    }

    [TestCase("|u1", new byte[] { 0, 255 }, new float[] { 0, 255 }, ElementType.UInt8)]
    [TestCase("|i1", new byte[] { 0, 255 }, new float[] { 0, -1 }, ElementType.Int8)]
    [TestCase("<i2", new byte[] { 0, 1, 254, 255 }, new float[] { 256, -2 }, ElementType.Float32)]
    [TestCase("<i4", new byte[] { 0, 1, 0, 0, 255, 255, 255, 255 }, new float[] { 256, -1 }, ElementType.Float32)]
    [TestCase("<i8", new byte[] { 0, 1, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255 }, new float[] { 256, -1 }, ElementType.Float32)]
    [TestCase("<f4", new byte[] { 0, 0, 128, 63, 0, 0, 0, 192 }, new float[] { 1, -2 }, ElementType.Float32)]
    [TestCase("<f8", new byte[] { 0, 0, 0, 0, 0, 0, 240, 63, 154, 153, 153, 153, 153, 153, 185, 63 }, new float[] { 1, 0.1f }, ElementType.Float32)]
    public void Values_are_kept(string type, byte[] elements, float[] values, ElementType kept)
    {
        var data = _folder.Load("a.npy", DataFolder.Npy(type, [1, 2], elements), 1, 2)!;
        Assert.That(data.Type, Is.EqualTo(kept));
        Assert.That(data.Sample(0).ToArray(), Is.EqualTo(values));
    }

    [TestCase(9, new byte[] { 0, 255 }, new float[] { 0, -1 })]
    [TestCase(0x0B, new byte[] { 1, 0, 255, 254 }, new float[] { 256, -2 })]
    [TestCase(0x0C, new byte[] { 0, 0, 1, 0, 255, 255, 255, 255 }, new float[] { 256, -1 })]
    [TestCase(0x0D, new byte[] { 63, 128, 0, 0, 192, 0, 0, 0 }, new float[] { 1, -2 })]
    [TestCase(0x0E, new byte[] { 63, 240, 0, 0, 0, 0, 0, 0, 63, 185, 153, 153, 153, 153, 153, 154 }, new float[] { 1, 0.1f })]
    public void Idx_is_big_endian(byte type, byte[] elements, float[] values) =>
        Assert.That(_folder.Load("a.idx", DataFolder.Idx(type, [1, 2], elements), 1, 2)!.Sample(0).ToArray(), Is.EqualTo(values));

    [TestCase(new[] { 1, 2, 3, 1 }, new[] { 2, 3, 1 }, 0)]
    [TestCase(new[] { 1, 2, 3, 1 }, new[] { 5, 2, 3, 1 }, 5)]
    [TestCase(new[] { 1, 2, 3, 1 }, new[] { 5, 1, 2, 3, 1 }, 5)]
    [TestCase(new[] { 1, 2, 3, 1 }, new[] { 5, 2, 3 }, 5)]
    [TestCase(new[] { 1, 2, 3, 1 }, new[] { 5, 1, 2, 3 }, 5)]
    [TestCase(new[] { 1, 2, 3, 1 }, new[] { 5, 6 }, 5)]
    [TestCase(new[] { 1, 6 }, new[] { 5, 2, 3 }, 5)]
    [TestCase(new[] { 1, 2, 3, 2 }, new[] { 5, 2, 3, 2 }, 5)]
    [TestCase(new[] { 1, 2, 3, 2 }, new[] { 5, 12 }, 5)]
    [TestCase(new[] { 1, 2, 3, 2 }, new[] { 2, 3, 2 }, 0)]
    [TestCase(new[] { 1, 2, 3, 1 }, new[] { 5, 3, 2 }, 0)]
    [TestCase(new[] { 1, 2, 3, 1 }, new[] { 2, 3 }, 0)]
    [TestCase(new[] { 1, 2, 3, 1 }, new[] { 30 }, 0)]
    [TestCase(new[] { 1, 2, 3, 1 }, new int[0], 0)]
    [TestCase(new[] { 2, 2, 3 }, new[] { 5, 2, 2, 3 }, 5)]
    [TestCase(new[] { 2, 2, 3 }, new[] { 2, 2, 3 }, 1)]
    [TestCase(new[] { 2, 2, 3 }, new[] { 4, 2, 3 }, 0)]
    [TestCase(new[] { 2, 2, 3 }, new[] { 2, 12 }, 0)]
    public void Shapes_fit_or_do_not(int[] sample, int[] array, int samples)
    {
        var elements = DataFolder.Count(array.Aggregate(1, (product, dimension) => product * dimension));
        var data = _folder.Load("a.npy", DataFolder.Npy("|u1", array, elements), sample);
        Assert.That(data?.Count ?? 0, Is.EqualTo(samples));
        var refusal = $"PQS0303 a.npy: the array has shape ({string.Join(", ", array)}), where one sample is (";
        Assert.That(_folder.Said(), samples > 0 ? Is.Empty : Does.StartWith(refusal));
        if (data != null)
        {
            Assert.That(data.Sample(samples - 1).ToArray(), Is.EqualTo(elements[^data.SampleElements..].Select(value => (float)value)));
        }
    }

    [Test]
    public void Channels_first_are_turned_round_and_told()
    {
        var data = _folder.Load("a.npy", DataFolder.Npy("<i2", [2, 2, 2, 3], DataFolder.Bytes([.. Enumerable.Range(0, 24).Select(i => (short)i)])), 1, 2, 3, 2)!;
        Assert.That(_folder.Said(), Is.EqualTo("PQS0314 a.npy: the array (2, 2, 2, 3) is taken as channels first, and turned into (2, 2, 3, 2)"));
        Assert.That(data.Sample(0).ToArray(), Is.EqualTo(new[] { 0f, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11 }));
        Assert.That(data.Sample(1).ToArray(), Is.EqualTo(new[] { 12f, 18, 13, 19, 14, 20, 15, 21, 16, 22, 17, 23 }));
        _folder.Load("b.npy", DataFolder.Npy("|u1", [1, 3, 3, 3], DataFolder.Count(27)), 1, 3, 3, 3);
        Assert.That(_folder.Said(), Is.Empty, "what fits as it is stays as it is");
    }

    [TestCase("<f4", float.NaN, "NaN")]
    [TestCase("<f4", float.PositiveInfinity, "an infinite value")]
    [TestCase("<f8", float.NegativeInfinity, "an infinite value")]
    public void A_value_that_is_none_is_told_with_its_place(string type, float value, string text)
    {
        var elements = type == "<f4" ? DataFolder.Bytes(1f, 2, 3, 4, 5, value) : DataFolder.Bytes(1.0, 2, 3, 4, 5, value);
        Assert.That(_folder.Load("a.npy", DataFolder.Npy(type, [3, 2], elements), 1, 2), Is.Null);
        Assert.That(_folder.Said(), Is.EqualTo($"PQS0313 a.npy: sample 2 has {text} at element 1"));
    }

    [Test]
    public void Raw_elements_have_the_type_that_the_model_wants()
    {
        var floats = _folder.Load("a.bin", DataFolder.Bytes(1f, 2, 3, 4), 1, 2)!;
        Assert.That((floats.Count, floats.Sample(1)[1]), Is.EqualTo((2, 4f)));
        var bytes = DataSetLoader.Load(_folder.Write("b.bin", [0, 0, 8, 1]), new Shape(1, 2), _folder.Diagnostics, ElementType.Int8)!;
        Assert.That((bytes.Count, bytes.Sample(1)[0]), Is.EqualTo((2, 8f)), "not taken for IDX");
        Assert.That(_folder.Load("c.bin", new byte[13], 1, 2), Is.Null);
        Assert.That(_folder.Said(), Is.EqualTo("PQS0302 c.bin: the file holds 3.25 elements, which are not whole samples of 2 (1x2)"));
    }

    [Test]
    public void An_npz_has_labels_beside_the_samples()
    {
        var x = ("x", DataFolder.Npy("|u1", [2, 3], DataFolder.Count(6)));
        Assert.That(_folder.Load("a.npz", DataFolder.Npz(x, ("y", DataFolder.Npy("<i8", [2], DataFolder.Bytes(7L, 1)))), 1, 3)!.Labels, Is.EqualTo(new[] { 7, 1 }));
        Assert.That(_folder.Load("a.npz:x", 1, 3)!.Labels, Is.Null, "a named array is all that is read");
        Assert.That(_folder.Said(), Is.Empty);
        Assert.That(_folder.Load("b.npz", DataFolder.Npz(x, ("labels", DataFolder.Npy("<i8", [3], DataFolder.Bytes(7L, 1, 2)))), 1, 3), Is.Null);
        Assert.That(_folder.Said(), Is.EqualTo("PQS0321 b.npz:labels: there are 3 labels for 2 samples"));
    }

    [Test]
    public void An_array_of_an_npz_can_be_named()
    {
        _folder.Write("a.npz", DataFolder.Npz(("train", DataFolder.Npy("|u1", [2, 3], DataFolder.Count(6))), ("test", DataFolder.Npy("|u1", [1, 3], [7, 8, 9]))));
        Assert.That(_folder.Load("a.npz:test", 1, 3)!.Sample(0)[0], Is.EqualTo(7));
        Assert.That(_folder.Load("a.npz", 1, 3), Is.Null);
        Assert.That(_folder.Said(), Is.EqualTo("PQS0309 a.npz: the file has no array called x, images, inputs, arr_0; it has: 'test', 'train'"));
        Assert.That(_folder.Load("a.npz:valid", 1, 3), Is.Null);
        Assert.That(_folder.Said(), Is.EqualTo("PQS0309 a.npz: the file has no array called valid; it has: 'test', 'train'"));
    }

    [Test]
    public void A_part_is_samples_with_their_labels()
    {
        var data = _folder.Load("a.npz", DataFolder.Npz(("x", DataFolder.Npy("|u1", [4, 2], DataFolder.Count(8))), ("y", DataFolder.Npy("|u1", [4], DataFolder.Count(4)))), 1, 2)!;
        var part = data.Take(1, 2);
        Assert.That((part.Count, part.Sample(0)[0], part.Sample(1)[1]), Is.EqualTo((2, 2f, 5f)));
        Assert.That(part.Labels, Is.EqualTo(new[] { 1, 2 }));
        Assert.That(data.Take(3, int.MaxValue).Count, Is.EqualTo(1));
    }
}
