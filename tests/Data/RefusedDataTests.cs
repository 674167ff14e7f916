using System.Buffers.Binary;
using System.IO.Compression;
using NUnit.Framework;
using Pqs.Reference.Data;
using Pqs.Reference.Diagnostics;
using Pqs.Tests.Reference;
using Pqs.Tests.TfLite;

namespace Pqs.Tests.Data;

/// <summary>Damaged and hostile files of samples.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RefusedDataTests : IDisposable
{
    private const long MaximumAllocation = 32L << 20;

    private static readonly byte[] Npy = DataFolder.Npy("|u1", [2, 3], DataFolder.Count(6));
    private static readonly byte[] Floats = DataFolder.Npy("<f4", [2, 3], DataFolder.Bytes(1f, 2, 3, 4, 5, 6));
    private static readonly byte[] Idx = DataFolder.Idx(8, [2, 3], DataFolder.Count(6));
    private static readonly byte[] Npz = DataFolder.Npz(("x", Npy), ("y", DataFolder.Npy("<i4", [2], DataFolder.Bytes(1, 2))));

    private readonly DataFolder _folder = new();

    private static IEnumerable<TestCaseData> Refused =>
    [
        Case("PQS0312", "nothing.idx", []),
        Case("PQS0312", "photo.png", [1, 2, 3]),
        Case("PQS0312", "a.txt.gz", DataFolder.Gzip("1 2 3"u8.ToArray())),
        Case("PQS0312 a.idx", "a.idx", [0, 0, 8]),
        Case("PQS0312 a.idx", "a.idx", [0, 0, 7, 1, 0, 0, 0, 1, 1]),
        Case("PQS0310 a.idx: this is no IDX file that can be read: the rank 0 is not 1 to 4", "a.idx", [0, 0, 8, 0, 1]),
        Case("PQS0310 a.idx: this is no IDX file that can be read: the rank 5 is not 1 to 4", "a.idx", DataFolder.Idx(8, [1, 1, 1, 1, 1], [1])),
        Case("PQS0310 a.idx: this is no IDX file that can be read: the header is cut short", "a.idx", Idx[..9]),
        Case("PQS0310 a.idx: this is no IDX file that can be read: a dimension is -2", "a.idx", DataFolder.Idx(8, [-2, -3], DataFolder.Count(6))),
        Case("PQS0310 a.idx: this is no IDX file that can be read: the number of elements is not what the dimensions say", "a.idx", Idx[..^1]),
        Case("PQS0310", "a.idx", DataFolder.Idx(8, [int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue], DataFolder.Count(6))),
        Case("PQS0310", "a.idx", DataFolder.Idx(0x0E, [65536, 65536, 65536, 65536], [])),
        Case("PQS0310", "a.idx.gz", DataFolder.Gzip(Idx[..^1])),
        Case("PQS0311", "a.idx.gz", Idx),
        Case("PQS0311", "a.idx.gz", [.. DataFolder.Gzip(Idx)[..^8], .. new byte[8]]),
        Case("PQS0302 a.idx: the file holds 0 elements", "a.idx", DataFolder.Idx(8, [0, 3], [])),
        Case("PQS0301 a.npy: this is no .npy file that can be read: the magic string is missing", "a.npy", Idx),
        Case("PQS0301", "a.npy", DataFolder.Npy("<f8", [2, 3], new byte[47])),
        Case("PQS0301", "a.npy", DataFolder.Npy("<f8", [65536, 65536, 65536, 32768], [])),
        Case("PQS0308", "a.npz", []),
        Case("PQS0308", "a.npz", Npy),
        Case("PQS0308", "a.npz", Npz[..^1]),
        Case("PQS0309 a.npz: the file has no array called x, images, inputs, arr_0; it has: none", "a.npz", DataFolder.Npz()),
        Case("PQS0301 a.npz: 'x.npy'", "a.npz", DataFolder.Npz(("x", Idx))),
        Case("PQS0320 a.npz:y", "a.npz", DataFolder.Npz(("x", Npy), ("y", Floats))),
        Case("PQS0301", "a.npz", DataFolder.Npz(("x", Npy), ("y", []))),
        Case("PQS0101", "none.npz:x", null),
        Case("PQS0101", "none.npy", null),
    ];

    public void Dispose() => _folder.Dispose();

    [TestCaseSource(nameof(Refused))]
    public void Each_is_told_in_one_line(string said, string name, byte[]? bytes)
    {
        Assert.That(bytes == null ? _folder.Load(name, 1, 3) : _folder.Load(name, bytes, 1, 3), Is.Null);
        var line = _folder.Said();
        Assert.That(line, Does.StartWith(said).And.Not.Contain("\n"));
    }

    /// <summary>An entry that says that it is small, or another one, than it is; and one that says that it is larger than memory.</summary>
    [Test]
    public void An_npz_that_lies_about_an_entry_is_refused()
    {
        var file = DataFolder.Npz(CompressionLevel.NoCompression, ("x", Npy));
        var directory = file.AsSpan().IndexOf("PK\u0001\u0002"u8);
        foreach (var (offset, value, id) in new[] { (24, 10u, "PQS0308"), (24, 0xFFFFFFF0, "PQS0307"), (24, 0x3FFFFFFFu, "PQS0308"), (16, 1u, "PQS0308") })
        {
            var lying = (byte[])file.Clone();
            BinaryPrimitives.WriteUInt32LittleEndian(lying.AsSpan(directory + offset), value);
            Assert.That(Allocated(() => _folder.Load("a.npz", lying, 1, 3)), Is.LessThan(MaximumAllocation));
            Assert.That(_folder.Said(), Does.StartWith(id), $"{value} at {offset}");
        }
    }

    [TestCase(0, 0)]
    [TestCase(99, 100)]
    [TestCase(100, 100)]
    [TestCase(65535, 65536)]
    [TestCase(200_000, 200_000)]
    public void What_is_unpacked_stays_within_its_limit(int length, int maximum)
    {
        byte[] bytes = [.. Enumerable.Range(0, length).Select(i => (byte)i)];
        Assert.That(Unpacking.ReadToEnd(new MemoryStream(bytes), maximum)!.Value.ToArray(), Is.EqualTo(bytes));
        Assert.That(Unpacking.ReadToEnd(new MemoryStream(new byte[maximum + 1]), maximum), Is.Null);
    }

    /// <summary>Five megabytes that unpack to more than a gigabyte.</summary>
    [Test]
    public void A_bomb_is_not_unpacked_beyond_the_limit()
    {
        if (!Property.IsLong)
        {
            Assert.Ignore("PQS_LONG=1 runs it");
        }

        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest))
        {
            var zeros = new byte[1 << 20];
            for (var i = 0; i <= 1024; i++)
            {
                gzip.Write(zeros);
            }
        }

        Assert.That(_folder.Load("bomb.gz", stream.ToArray(), 1, 3), Is.Null);
        Assert.That(_folder.Said(), Is.EqualTo("PQS0307 bomb.gz: the data would take too many bytes of memory; the limit is 1073741824"));
    }

    [Test]
    public void Damage_is_survived()
    {
        (string Name, byte[] Bytes)[] files =
        [
            ("a.npy", Npy), ("b.npy", Floats), ("a.idx", Idx), ("b.idx", DataFolder.Idx(0x0D, [2, 3], new byte[24])), ("a.npz", Npz), ("a.gz", DataFolder.Gzip(Idx)),
        ];
        for (var number = 0u; number < (Property.IsLong ? 200_000 : 4_000); number++)
        {
            var dice = new Dice(new CsCheck.PCG(7, number));
            var (name, original) = files[number % files.Length];
            var bytes = dice.Chance(20) ? original[..dice.Between(0, original.Length - 1)] : (byte[])original.Clone();
            for (var count = dice.Between(1, 4); count > 0 && bytes.Length > 0; count--)
            {
                bytes[dice.Between(0, bytes.Length - 1)] = dice.Pick((byte)0, (byte)1, (byte)255, (byte)dice.SByte(), (byte)dice.SByte());
            }

            AssertSurvives(name, bytes, number);
        }
    }

    private void AssertSurvives(string name, byte[] bytes, uint number)
    {
        var diagnostics = new DiagnosticBag();
        var path = _folder.Write(name, bytes);
        DataSet? data = null;
        try
        {
            Assert.That(Allocated(() => data = DataSetLoader.Load(path, new(1, 3), diagnostics)), Is.LessThan(MaximumAllocation), $"damage {number}");
        }
        catch (Exception exception) when (exception is not AssertionException)
        {
            throw new InvalidOperationException($"Damage {number} of {name}", exception);
        }

        if ((data == null) != diagnostics.HasErrors || diagnostics.ToImmutable().Any(d => $"{d.Place}{d.Message}".Any(char.IsControl)))
        {
            Assert.Fail($"Damage {number} of {name} gave both data and errors, or neither, or what cannot be printed");
        }
    }

    private static long Allocated(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static TestCaseData Case(string said, string name, byte[]? bytes) => new(said, name, bytes);
}
