using NUnit.Framework;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Import;
using Pqs.Reference.Import.TfLite;
using Pqs.Tests.TfLite;

namespace Pqs.Tests.Reference;

internal sealed class TfLiteRefusalTests
{
    /// <summary>Errors that no file brings about, since the importer never makes what they refuse; <see cref="GraphVerifierTests"/> has them.</summary>
    private static readonly string[] NotReachable = ["PQS0201", "PQS0207", "PQS0208", "PQS0209", "PQS0218"];

    /// <summary>Tested below, or with the readers of other models, not by a broken model of this format.</summary>
    private static readonly string[] Others =
    [
        "PQS0101", "PQS0102", "PQS0115", "PQS0116", "PQS0117", "PQS0118", "PQS0119", "PQS0120", "PQS0121", "PQS0122", "PQS0123", "PQS0124", "PQS0125", "PQS0219", "PQS0220",
    ];

    [Test]
    public void The_small_model_is_imported_as_described() => TfLiteRoundTripTests.AssertRoundTrip(SmallModel.Builder());

    [TestCaseSource(typeof(RefusalCases), nameof(RefusalCases.All))]
    public void A_broken_model_is_refused(object testCase)
    {
        var refusal = (RefusalCase)testCase;
        var diagnostics = new DiagnosticBag();
        var graph = TfLiteImporter.Import(TfLiteWriter.Write(refusal.Break(SmallModel.Builder().File)), "net.tflite", "net", diagnostics);
        Assert.That(graph, Is.Null);
        var first = diagnostics.ToImmutable().FirstOrDefault(d => d.Descriptor.Severity == Severity.Error);
        Assert.That(first?.Descriptor.Id, Is.EqualTo(refusal.Id), $"{first}");
        Assert.That(first!.Place, Does.Contain(refusal.Place));
        Assert.That(first.Message, Does.Contain(refusal.Message));
    }

    [Test]
    public void Every_error_has_a_case()
    {
        var ids = typeof(DiagnosticDescriptors).GetFields().Select(field => ((DiagnosticDescriptor)field.GetValue(null)!).Id)
            .Where(id => id.StartsWith("PQS01", StringComparison.Ordinal) || id.StartsWith("PQS02", StringComparison.Ordinal));
        Assert.That(RefusalCases.All.Select(refusal => refusal.Id).Concat(NotReachable).Concat(Others).Distinct(), Is.EquivalentTo(ids));
    }

    [Test]
    public void A_file_that_is_not_there_is_refused()
    {
        AssertNotLoaded(Path.Combine(Path.GetTempPath(), "no", "such", "net.tflite"), "PQS0101", "the file cannot be read: ");
        AssertNotLoaded(Path.GetTempPath(), "PQS0101", "the file cannot be read: ");
        AssertNotLoaded("", "PQS0101", "the file cannot be read: ");
        AssertNotLoaded("a\0b", "PQS0101", "the file cannot be read: ");
    }

    [Test]
    public void A_file_that_is_too_large_is_refused()
    {
        var path = Path.GetTempFileName();
        try
        {
            using (var stream = File.OpenWrite(path))
            {
                stream.SetLength((256L << 20) + 1);
            }

            AssertNotLoaded(path, "PQS0102", "the file has 268435457 bytes; the limit is 268435456");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void A_loaded_file_gives_its_name_to_the_graph()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var path = Path.Combine(folder.FullName, "keyword.spotting.tflite");
            File.WriteAllBytes(path, SmallModel.Builder().Build());
            Assert.That(ModelLoader.Load(path, new DiagnosticBag())?.Name, Is.EqualTo("keyword.spotting"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Test]
    public void A_node_that_nothing_needs_is_noted_and_left_out()
    {
        var builder = SmallModel.Builder();
        builder.Reshape(builder.AddInput([2], 1, 0), [2, 1]);
        var bytes = builder.Build();
        var diagnostics = new DiagnosticBag();
        var graph = TfLiteImporter.Import(bytes, "net.tflite", "net", diagnostics);
        Assert.That(GraphText.Of(graph!), Is.EqualTo(GraphText.Of(builder.ExpectedGraph("net", bytes))));
        Assert.That(
            diagnostics.ToImmutable().Select(d => $"{d}"),
            Is.EqualTo(new[] { "net.tflite: note PQS0115: node 9 RESHAPE does not contribute to an output and is left out" }));
    }

    [Test]
    public void What_is_just_within_a_limit_is_imported()
    {
        foreach (var builder in new[] { RefusalCases.Softened(4095), RefusalCases.Chain(4096, 1), RefusalCases.Chain(3, 1 << 26) })
        {
            TfLiteRoundTripTests.AssertRoundTrip(builder);
        }
    }

    private static void AssertNotLoaded(string path, string id, string message)
    {
        var diagnostics = new DiagnosticBag();
        Assert.That(ModelLoader.Load(path, diagnostics), Is.Null);
        var only = diagnostics.ToImmutable().Single();
        Assert.That((only.Descriptor.Id, only.Place), Is.EqualTo((id, path.Replace('\0', '?'))));
        Assert.That(only.Message, Does.StartWith(message));
    }
}
