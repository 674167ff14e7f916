namespace Pqs.Tests.Onnx;

/// <summary>A quantized model by others, to compare with onnxruntime.</summary>
/// <param name="Name">The case in the list of tests.</param>
/// <param name="Build">Adds nodes to a builder, and gives the last value in real numbers, which is then quantized as the output.</param>
/// <param name="Operators">Names of the graph's operators in their order, separated by spaces.</param>
internal sealed record QdqCase(string Name, Func<QdqBuilder, string> Build, string Operators)
{
    public long Opset { get; init; } = 13;

    /// <summary>Makes the builder, for cases of another type of activations.</summary>
    public Func<long, QdqBuilder> Builder { get; init; } = opset => new QdqBuilder(opset);

    /// <summary>Quantizes the last value; by default to int8.</summary>
    public Func<QdqBuilder, string, QdqBuilder> Finish { get; init; } = (builder, value) => builder.Output(builder.Quantize(value));

    public byte[] Model()
    {
        var builder = Builder(Opset);
        return Finish(builder, Build(builder)).Build();
    }

    public override string ToString() => $"{Name}, opset {Opset}";
}
