using Google.Protobuf;
using Pqs.Reference.Onnx;

namespace Pqs.Tests.Onnx;

/// <summary>A quantized model that is refused, and what must be said about it.</summary>
/// <param name="Name">The case in the list of tests.</param>
/// <param name="Id">Id of the first error.</param>
/// <param name="Place">Text that its place must contain.</param>
/// <param name="Message">Text that its message must contain.</param>
/// <param name="Build">Adds nodes to a builder, and gives the last value in real numbers, which is then quantized as the output.</param>
internal sealed record QdqRefusal(string Name, string Id, string Place, string Message, Func<QdqBuilder, string> Build)
{
    public long Opset { get; init; } = 13;

    /// <summary>Quantizes the last value; by default to int8.</summary>
    public Action<QdqBuilder, string> Finish { get; init; } = (builder, value) => builder.Output(builder.Quantize(value));

    /// <summary>Changes the finished file.</summary>
    public Action<ModelProto> Change { get; init; } = _ => { };

    public byte[] Model()
    {
        var builder = new QdqBuilder(Opset);
        Finish(builder, Build(builder));
        var model = ModelProto.Parser.ParseFrom(builder.Build());
        Change(model);
        return model.ToByteArray();
    }

    public override string ToString() => $"{Id} {Name}";
}
