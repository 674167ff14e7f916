using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using CsCheck;
using NUnit.Framework;
using Pqs.Reference.Data;
using Pqs.Tests.TfLite;

namespace Pqs.Tests.Reference;

internal sealed class NpyFileTests
{
    private const string Header = "{'descr': '|i1', 'fortran_order': False, 'shape': (2, 3), }";

    private static IEnumerable<TestCaseData> Broken =>
    [
        Case("nothing", Array.Empty<byte>(), "the magic string is missing"),
        Case("magic", new byte[] { 0x93, 0x4E, 0x55, 0x4D, 0x50, 0x58, 1, 0, 2, 0 }, "the magic string is missing"),
        Case("version 0", With(0, Header, 6), "the format version is unknown"),
        Case("version 4", With(4, Header, 6), "the format version is unknown"),
        Case("version 2 cut", With(2, Header, 6)[..11], "the format version is unknown"),
        Case("header cut", With(1, Header, 6)[..40], "the header is cut short"),
        Case("header length", Patched(With(2, Header, 6), 8, uint.MaxValue), "the header is cut short"),
        Case("elements cut", With(1, Header, 5), "the number of elements is not what the shape says"),
        Case("elements over", With(1, Header, 7), "the number of elements is not what the shape says"),
        Case("big-endian", With(1, Header.Replace("|i1", ">f4", StringComparison.Ordinal), 24), "the element type '>f4' is none of i1, u1, <i2, <i4, <i8, <f4, <f8"),
        Case("text", With(1, Header.Replace("|i1", "<U9", StringComparison.Ordinal), 216), "the element type '<U9' is none of i1, u1, <i2, <i4, <i8, <f4, <f8"),
        Case("floats cut", With(1, Header.Replace("|i1", "<f4", StringComparison.Ordinal), 23), "the number of elements is not what the shape says"),
        Case("structured", With(1, Header.Replace("'|i1'", "[('a', '|i1')]", StringComparison.Ordinal), 6), "the header gives no element type"),
        Case("Fortran order", With(1, Header.Replace("False", "True", StringComparison.Ordinal), 6), "the array is not in C order"),
        Case("no shape", With(1, "{'descr': '|i1', 'fortran_order': False}", 6), "the header gives no shape"),
        Case("negative", With(1, Header.Replace("2, 3", "-2, -3", StringComparison.Ordinal), 6), "the header gives no shape"),
        Case("beyond int", With(1, Header.Replace("2, 3", "4294967296", StringComparison.Ordinal), 0), "the header gives no shape"),
        Case("not a number", With(1, Header.Replace("2, 3", "2, x", StringComparison.Ordinal), 6), "the header gives no shape"),
        Case("product overflows", With(1, Header.Replace("2, 3", string.Join(", ", Enumerable.Repeat("65536", 8)), StringComparison.Ordinal), 0), "the number of elements is not what the shape says"),
        Case("product overflows 128 bits", With(1, Header.Replace("2, 3", string.Join(", ", Enumerable.Repeat("2147483647", 40)), StringComparison.Ordinal), 6), "the number of elements is not what the shape says"),
    ];

    [TestCaseSource(nameof(Broken))]
    public void What_is_no_array_is_refused(byte[] bytes, string error)
    {
        var parsed = NpyFile.Parse(bytes);
        Assert.That(parsed.Array, Is.Null);
        Assert.That(parsed.Error, Is.EqualTo(error));
    }

    [TestCase(1, "|i1")]
    [TestCase(2, "<i1")]
    [TestCase(3, "i1")]
    public void Every_version_is_read(int version, string type)
    {
        var array = NpyFile.Parse(With((byte)version, Header.Replace("|i1", type, StringComparison.Ordinal), 6)).Array!;
        Assert.That((array.Shape, array.Type), Is.EqualTo((new[] { 2, 3 }, ElementType.Int8)));
        Assert.That(Enumerable.Range(0, 6).Select(array.IntegerAt), Is.EqualTo(new[] { -1, -2, -3, -4, -5, -6 }));
    }

    [TestCase("|u1", 1, 255)]
    [TestCase("<i2", 2, -257)]
    [TestCase("<i4", 4, -50462977)]
    [TestCase("<i8", 8, -506097522914230529)]
    public void Every_type_of_integers_is_read(string type, int size, long first)
    {
        var array = NpyFile.Parse(With(1, Header.Replace("|i1", type, StringComparison.Ordinal), 6 * size)).Array!;
        Assert.That((array.Count, array.Type.Size(), array.IntegerAt(0), array.RealAt(0)), Is.EqualTo((6, size, first, (float)first)));
    }

    [Test]
    public void Floats_are_read()
    {
        byte[] Floats(string type, byte[] elements) => [.. With(1, Header.Replace("|i1", type, StringComparison.Ordinal).Replace("2, 3", "2", StringComparison.Ordinal), 0), .. elements];
        var single = NpyFile.Parse(Floats("<f4", [.. BitConverter.GetBytes(0.1f), .. BitConverter.GetBytes(float.NaN)])).Array!;
        var twice = NpyFile.Parse(Floats("<f8", [.. BitConverter.GetBytes(0.1), .. BitConverter.GetBytes(-1e300)])).Array!;
        Assert.That((single.RealAt(0), single.RealAt(1)), Is.EqualTo((0.1f, float.NaN)));
        Assert.That((twice.RealAt(0), twice.RealAt(1)), Is.EqualTo((0.1f, float.NegativeInfinity)));
    }

    [TestCase("()", new int[0], 1)]
    [TestCase("(6,)", new[] { 6 }, 6)]
    [TestCase("(0, 7)", new[] { 0, 7 }, 0)]
    public void Every_kind_of_shape_is_read(string text, int[] shape, int count) =>
        Assert.That(NpyFile.Parse(With(1, Header.Replace("(2, 3)", text, StringComparison.Ordinal), count)).Array?.Shape, Is.EqualTo(shape));

    [Test]
    public void What_is_written_is_read_back() => Property.Holds(Gen.Select(Gen.Int[0, 5].Array[0, 6], Gen.UInt), 300, pair =>
    {
        var dice = new Dice(new PCG(5, pair.Item2));
        sbyte[] elements = [.. Enumerable.Range(0, pair.Item1.Aggregate(1, (product, dimension) => product * dimension)).Select(_ => dice.SByte())];
        var bytes = NpyFile.ToBytes([.. pair.Item1], elements);
        var (array, error) = NpyFile.Parse(bytes);
        Assert.That(error, Is.Null);
        Assert.That((array!.Shape, array.Type), Is.EqualTo((pair.Item1, ElementType.Int8)));
        Assert.That(Enumerable.Range(0, array.Count).Select(array.IntegerAt), Is.EqualTo(elements));
        Assert.That((bytes.Length - elements.Length) % 64, Is.Zero, "NumPy aligns the elements");
    });

    /// <summary>As numpy.save writes it: the bytes of numpy 2, for np.arange(3, dtype=np.int8).</summary>
    [Test]
    public void A_file_is_numpys()
    {
        byte[] expected = [0x93, .. "NUMPY"u8, 1, 0, 0x76, 0, .. Encoding.ASCII.GetBytes("{'descr': '|i1', 'fortran_order': False, 'shape': (3,), }".PadRight(117) + "\n"), 0, 1, 2];
        Assert.That(NpyFile.ToBytes([3], [0, 1, 2]), Is.EqualTo(expected));
    }

    [Test]
    public void A_file_cut_at_any_length_is_refused()
    {
        var bytes = NpyFile.ToBytes([2, 3], new sbyte[6]);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.That(Parse(bytes[..length]), Is.False, $"cut at {length}");
        }

        Assert.That(Parse(bytes), Is.True);
    }

    [Test]
    public void Damage_is_survived()
    {
        byte[][] files = [NpyFile.ToBytes([2, 3], new sbyte[6]), With(2, Header, 6), With(3, Header, 6)];
        foreach (var file in files)
        {
            for (var position = 0; position < file.Length; position++)
            {
                for (var value = 0; value < 256; value++)
                {
                    var bytes = (byte[])file.Clone();
                    bytes[position] = (byte)value;
                    Parse(bytes);
                }
            }
        }

        for (var number = 0u; number < (Property.IsLong ? 1_000_000 : 10_000); number++)
        {
            var dice = new Dice(new PCG(6, number));
            var bytes = (byte[])files[dice.Between(0, 2)].Clone();
            for (var count = dice.Between(1, 8); count > 0; count--)
            {
                bytes[dice.Between(0, bytes.Length - 1)] = (byte)dice.Pick<int>("(),':0123456789-{}[]\\\"\n\0ÿ"u8[dice.Between(0, 24)], dice.SByte());
            }

            Parse(bytes);
        }
    }

    /// <summary>A search that begins anew at each of these, and finds its end at none, takes time in the square of the header.</summary>
    [TestCase("'shape':(")]
    [TestCase("'descr':'")]
    [TestCase("'shape'  ")]
    [TestCase("'descr'")]
    [TestCase("'fortran_order' ")]
    [TestCase("1,")]
    public void A_long_header_takes_time_in_proportion(string repeated)
    {
        foreach (var header in new[] { "", Header[..^3], "{'descr': '|i1', 'fortran_order': False, ", "{'descr': '|i1', 'fortran_order': False, 'shape': (" })
        {
            var clock = Stopwatch.StartNew();
            Parse(With(2, header + string.Concat(Enumerable.Repeat(repeated, (1 << 20) / repeated.Length)), 6));
            Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(60)), $"after {header}");
        }
    }

    /// <returns>Whether there is an array; there is an error if and only if there is none.</returns>
    private static bool Parse(byte[] bytes)
    {
        var (array, error) = NpyFile.Parse(bytes);
        if ((array == null) == (error == null))
        {
            Assert.Fail($"Both an array and an error, or neither, for {Convert.ToHexString(bytes)}");
        }

        return array != null;
    }

    private static byte[] With(byte version, string header, int elements)
    {
        var length = new byte[version == 1 ? 2 : 4];
        if (version == 1)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(length, checked((ushort)header.Length));
        }
        else
        {
            BinaryPrimitives.WriteInt32LittleEndian(length, header.Length);
        }

        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. Encoding.Latin1.GetBytes(header), .. Enumerable.Range(1, elements).Select(i => (byte)-i)];
    }

    private static byte[] Patched(byte[] bytes, int position, uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(position), value);
        return bytes;
    }

    private static TestCaseData Case(string name, byte[] bytes, string error) => new TestCaseData(bytes, error).SetArgDisplayNames(name);
}
