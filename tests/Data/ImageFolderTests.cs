using NUnit.Framework;
using Pqs.Reference.Data;

namespace Pqs.Tests.Data;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ImageFolderTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public void Images_beside_each_other_have_no_labels()
    {
        _folder.Write("set/b.pgm", Pgm(3));
        _folder.Write("set/B.PGM", Pgm(2));
        _folder.Write("set/a10.pgm", Pgm(1));
        _folder.Write("set/readme.txt", [1]);
        _folder.Write("set/.hidden.pgm", [1]);
        _folder.Write("set/empty/readme.txt", [1]);
        var data = _folder.Load("set", 1, 1, 2, 1)!;
        Assert.That(_folder.Said(), Is.Empty);
        Assert.That((data.Type, data.Labels), Is.EqualTo((ElementType.UInt8, (object?)null)));
        Assert.That(Enumerable.Range(0, data.Count).Select(i => data.Sample(i)[0]), Is.EqualTo(new[] { 2, 1, 3 }));
    }

    [Test]
    public void Subfolders_are_classes_in_the_order_of_their_names()
    {
        _folder.Write("set/dog/1.pgm", Pgm(30));
        _folder.Write("set/Cat/1.pgm", Pgm(10));
        _folder.Write("set/Cat/2.pgm", Pgm(11));
        Directory.CreateDirectory(_folder.At("set/ant"));
        Directory.CreateDirectory(_folder.At("set/.git"));
        var data = _folder.Load("set/", 1, 1, 2)!;
        Assert.That(data.Labels, Is.EqualTo(new[] { 0, 0, 2 }), "a class without images is one all the same");
        Assert.That(Enumerable.Range(0, data.Count).Select(i => data.Sample(i)[0]), Is.EqualTo(new[] { 10, 11, 30 }));
    }

    [Test]
    public void A_subfolders_number_is_the_label()
    {
        foreach (var label in new[] { 2, 10, 0 })
        {
            _folder.Write($"set/{label}/a.pgm", Pgm((byte)label));
        }

        Assert.That(_folder.Load("set", 1, 1, 2, 1)!.Labels, Is.EqualTo(new[] { 0, 10, 2 }));
    }

    [Test]
    public void Only_conversions_without_loss_are_made()
    {
        _folder.Write("set/a.pgm", Pgm(7));
        Assert.That(_folder.Load("set", 1, 1, 2, 3)!.Sample(0).ToArray(), Is.EqualTo(new[] { 7, 7, 7, 0, 0, 0 }), "grey to colour");
        _folder.Write("set/a.pgm", [.. "P6 2 1 255\n"u8, 7, 7, 7, 0, 0, 0]);
        Assert.That(_folder.Load("set", 1, 1, 2, 1)!.Sample(0).ToArray(), Is.EqualTo(new[] { 7, 0 }), "colours that are grey");
        _folder.Write("set/a.pgm", [.. "P6 2 1 255\n"u8, 7, 7, 7, 0, 0, 1]);
        Assert.That(_folder.Load("set", 1, 1, 2, 1), Is.Null);
        Assert.That(_folder.Said(), Is.EqualTo("PQS0319 set/a.pgm: the image has colours, which 1 channels cannot hold"));
    }

    [Test]
    public void Another_size_is_refused()
    {
        _folder.Write("set/0/a.pgm", Pgm(7));
        _folder.Write("set/0/b.pgm", "P5 3 4 255\n"u8.ToArray());
        Assert.That(_folder.Load("set", 1, 1, 2, 1), Is.Null);
        Assert.That(_folder.Said(), Is.EqualTo("PQS0318 set/0/b.pgm: the image has 3x4 pixels; the model takes 2x1"));
    }

    [Test]
    public void What_is_no_folder_of_images_is_refused()
    {
        _folder.Write("set/readme.txt", [1]);
        Assert.That(_folder.Load("set", 1, 1, 2, 1), Is.Null);
        Assert.That(_folder.Said(), Is.EqualTo("PQS0316 set: images (.png, .jpg, .bmp, .pgm, .ppm): none"));
        _folder.Write("set/a.png", [1]);
        Assert.That(_folder.Load("set", 1, 1, 2, 1), Is.Null);
        Assert.That(_folder.Said(), Is.EqualTo("PQS0317 set/a.png: the image cannot be read: it is neither PNG, JPEG, BMP nor binary PGM or PPM"));
        _folder.Write("set/0/a.png", [1]);
        Assert.That(_folder.Load("set", 1, 1, 2, 1), Is.Null);
        Assert.That(_folder.Said(), Is.EqualTo("PQS0316 set: images (.png, .jpg, .bmp, .pgm, .ppm): both in the folder and in its subfolders"));
    }

    [TestCase(1, 2)]
    [TestCase(1, 1, 2, 4)]
    [TestCase(2, 1, 2, 1)]
    [TestCase(2)]
    public void A_model_without_images_takes_none(params int[] shape)
    {
        _folder.Write("set/a.pgm", Pgm(7));
        Assert.That(_folder.Load("set", shape), Is.Null);
        Assert.That(_folder.Said(), Is.EqualTo($"PQS0315 set: a folder of images does not fit an input of {string.Join('x', shape)}"));
    }

    /// <summary>2 by 1 pixels, the first as given.</summary>
    private static byte[] Pgm(byte first) => [.. "P5 2 1 255\n"u8, first, 0];
}
