using NUnit.Framework;
using Pqs.Reference.Data;
using Pqs.Reference.Model;
using Pqs.Tests.Reference;
using Pqs.Tests.TfLite;

namespace Pqs.Tests.Data;

/// <summary>From stored values to real numbers to int8.</summary>
internal sealed class SampleQuantizerTests
{
    private static readonly Shape Two = new(1, 2);

    [Test]
    public void Bytes_are_fractions_of_255()
    {
        for (var value = 0; value < 256; value++)
        {
            Assert.That(InputScaling.Usual.Real(value, ElementType.UInt8), Is.EqualTo(value / 255f));
        }
    }

    [Test]
    public void Other_values_are_what_they_are()
    {
        Assert.That(InputScaling.Usual.Real(-3.7f, ElementType.Float32), Is.EqualTo(-3.7f));
        Assert.That(InputScaling.Usual.Real(-3, ElementType.Int8), Is.EqualTo(-3));
    }

    [Test]
    public void A_scaling_takes_the_place_of_the_usual_one()
    {
        Assert.That(new InputScaling(2.0 / 255, -1).Real(255, ElementType.UInt8), Is.EqualTo(1));
        Assert.That(new InputScaling(Offset: -0.5).Real(255, ElementType.UInt8), Is.EqualTo(0.5f));
        Assert.That(new InputScaling(Scale: 1).Real(255, ElementType.UInt8), Is.EqualTo(255));
        Assert.That(new InputScaling(1e300, -1e300).Real(3e38f, ElementType.Float32), Is.EqualTo(float.MaxValue));
        Assert.That(new InputScaling(-1e300).Real(3e38f, ElementType.Float32), Is.EqualTo(float.MinValue));
    }

    [TestCase(0.25f, 0)]
    [TestCase(0.75f, 2)]
    [TestCase(1.25f, 2)]
    [TestCase(-0.25f, 0)]
    [TestCase(-0.75f, -2)]
    [TestCase(0.3f, 1)]
    [TestCase(1e30f, 117)]
    [TestCase(-1e30f, -138)]
    public void A_half_goes_to_the_even_integer_and_the_rest_into_the_container(float real, int steps) =>
        Assert.That(SampleQuantizer.Quantize(real, new Quantization(0.5f, 10)), Is.EqualTo(steps + 10));

    [TestCase(float.MaxValue, 127)]
    [TestCase(float.MinValue, -128)]
    public void What_divides_to_infinity_is_clamped(float real, int q) =>
        Assert.That(SampleQuantizer.Quantize(real, new Quantization(1e-30f, -128)), Is.EqualTo(q));

    [Test]
    public void Samples_are_quantized_as_the_models_input()
    {
        var graph = Model(1 / 128f, -10);
        var floats = new DataSet(Two, ElementType.Float32, DataFolder.Bytes(0f, 0.5f, 1, -2));
        Assert.That(SampleQuantizer.Quantize(floats, graph, InputScaling.Usual), Is.EqualTo(new sbyte[][] { [-10, 54], [118, -128] }));
        var bytes = new DataSet(Two, ElementType.UInt8, new byte[] { 0, 255 });
        Assert.That(SampleQuantizer.Quantize(bytes, graph, InputScaling.Usual), Is.EqualTo(new sbyte[][] { [-10, 118] }));
        Assert.That(SampleQuantizer.Quantize(bytes, graph, new InputScaling(2 / 255.0, -1)), Is.EqualTo(new sbyte[][] { [-128, 118] }));
    }

    [Test]
    public void Int8_is_quantized_already_unless_a_scaling_is_asked_for()
    {
        var data = new DataSet(Two, ElementType.Int8, new byte[] { 255, 5 });
        Assert.That(SampleQuantizer.Quantize(data, Model(0.25f, 3), InputScaling.Usual), Is.EqualTo(new sbyte[][] { [-1, 5] }));
        Assert.That(SampleQuantizer.Quantize(data, Model(0.25f, 3), new InputScaling(1)), Is.EqualTo(new sbyte[][] { [-1, 23] }));
    }

    [Test]
    public void The_first_of_the_largest_is_the_choice() =>
        Assert.That(Accuracy.Choice<sbyte>([-128, 7, 7, -3]), Is.EqualTo(1));

    private static Graph Model(float scale, int zeroPoint)
    {
        var builder = new ModelBuilder();
        builder.Output(builder.Reshape(builder.AddInput([1, 2], scale, zeroPoint), [1, 2]));
        return InterpreterTests.Import(builder);
    }
}
