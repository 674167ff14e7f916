using NUnit.Framework;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Import.TfLite;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Pqs.Tests.TfLite;

namespace Pqs.Tests.Reference;

internal sealed class TfLiteRoundTripTests
{
    [Test]
    public void A_random_model_comes_back_as_described() => Property.Holds(RandomModel.WithLayers(8), 500, AssertRoundTrip);

    /// <summary>
    /// TensorFlow Lite multiplies input and weight scale as floats for a FULLY_CONNECTED with one scale, and as doubles everywhere else. The numbers were
    /// computed by hand from the scales 0.1f, 0.3f and 0.7f.
    /// </summary>
    [TestCase(1, 1472560299)]
    [TestCase(2, 1472560321)]
    public void A_matrix_with_one_scale_takes_the_product_of_the_scales_in_single_precision(int scales, int multiplier)
    {
        var builder = new ModelBuilder();
        var filter = new Filter(1, 1, 2, [1, 2], [.. Enumerable.Repeat(0.3f, scales)]);
        builder.Output(builder.FullyConnected(builder.AddInput([1, 1], 0.1f, 0), filter, new Result(0.7f, 0)));
        var dot = (FullyConnected)InterpreterTests.Import(builder).Nodes.Single().Operator;
        Assert.That(dot.Requantizations, Is.All.EqualTo(new Requantization(multiplier, -4)));
    }

    internal static void AssertRoundTrip(ModelBuilder builder)
    {
        var bytes = builder.Build();
        var diagnostics = new DiagnosticBag();
        var graph = TfLiteImporter.Import(bytes, "net.tflite", "net", diagnostics);
        Assert.That(diagnostics.ToImmutable().Select(d => d.ToString()), Is.Empty);
        Assert.That(GraphText.Of(graph!), Is.EqualTo(GraphText.Of(builder.ExpectedGraph("net", bytes))));
    }
}
