using System.Text;
using NUnit.Framework;

namespace Pqs.Tests.Data;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class LabelFileTests : IDisposable
{
    private static readonly int[] Labels = [3, 0, 9];

    private readonly DataFolder _folder = new();

    private static IEnumerable<TestCaseData> Good =>
    [
        new("a.npy", DataFolder.Npy("|u1", [3], [3, 0, 9])),
        new("a.npy", DataFolder.Npy("<i8", [3, 1], DataFolder.Bytes(3L, 0, 9))),
        new("a.npz", DataFolder.Npz(("y", DataFolder.Npy("<i4", [3], DataFolder.Bytes(3, 0, 9))))),
        new("a.npz", DataFolder.Npz(("x", DataFolder.Npy("<f4", [1], DataFolder.Bytes(1f))), ("labels", DataFolder.Npy("<i2", [3], DataFolder.Bytes<short>(3, 0, 9))))),
        new("labels-idx1-ubyte", DataFolder.Idx(8, [3], [3, 0, 9])),
        new("labels-idx1-ubyte.gz", DataFolder.Gzip(DataFolder.Idx(8, [3], [3, 0, 9]))),
        new("a.txt", "3\n0\n9"u8.ToArray()),
        new("a.csv", " 3\r\n0 \r\n\t9\r\n\r\n"u8.ToArray()),
        new("a.txt.gz", DataFolder.Gzip("3\n0\n9\n"u8.ToArray())),
    ];

    private static IEnumerable<TestCaseData> Bad =>
    [
        Text("3\n0\n", "PQS0321 a.txt: there are 2 labels for 3 samples"),
        Text("", "PQS0321 a.txt: there are 0 labels for 3 samples"),
        Text("3\n\n0\n9", "PQS0320 a.txt: these are no labels: line 2 is no integer of at least 0"),
        Text("3\n0.5\n9", "PQS0320 a.txt: these are no labels: line 2 is no integer of at least 0"),
        Text("3\n0\n-9", "PQS0320 a.txt: these are no labels: line 3 is no integer of at least 0"),
        Text("3\n0\n99999999999", "PQS0320 a.txt: these are no labels: line 3 is no integer of at least 0"),
        Text("label\n3\n0\n9", "PQS0320 a.txt: these are no labels: line 1 is no integer of at least 0"),
        new("a.npy", DataFolder.Npy("<f4", [3], new byte[12]), "PQS0320 a.npy: these are no labels: the array has shape (3) and elements of type Float32"),
        new("a.npy", DataFolder.Npy("|u1", [3, 10], new byte[30]), "PQS0320 a.npy: these are no labels: the array has shape (3, 10) and elements of type UInt8"),
        new("a.npy", DataFolder.Npy("|u1", [], new byte[1]), "PQS0320 a.npy: these are no labels: the array has shape () and elements of type UInt8"),
        new("a.npy", DataFolder.Npy("|i1", [3], [3, 255, 9]), "PQS0320 a.npy: these are no labels: sample 1 has -1"),
        new("a.npy", DataFolder.Npy("<i8", [3], DataFolder.Bytes(3, 1L << 32, 9)), "PQS0320 a.npy: these are no labels: sample 1 has 4294967296"),
        new("a.idx", DataFolder.Idx(8, [4], [3, 0, 9, 1]), "PQS0321 a.idx: there are 4 labels for 3 samples"),
        new("a.npz", DataFolder.Npz(("x", DataFolder.Npy("|u1", [3], [3, 0, 9]))), "PQS0309 a.npz: the file has no array called y, labels, arr_1; it has: 'x'"),
    ];

    public void Dispose() => _folder.Dispose();

    [TestCaseSource(nameof(Good))]
    public void Labels_are_read(string name, byte[] bytes)
    {
        Assert.That(_folder.Labels(name, bytes, 3), Is.EqualTo(Labels));
        Assert.That(_folder.Said(), Is.Empty);
    }

    [TestCaseSource(nameof(Bad))]
    public void What_are_no_labels_is_told(string name, byte[] bytes, string said)
    {
        Assert.That(_folder.Labels(name, bytes, 3), Is.Null);
        Assert.That(_folder.Said(), Is.EqualTo(said));
    }

    private static TestCaseData Text(string text, string said) => new("a.txt", Encoding.UTF8.GetBytes(text), said);
}
