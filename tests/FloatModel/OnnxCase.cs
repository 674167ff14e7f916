namespace Pqs.Tests.FloatModel;

/// <summary>A model to compare with onnxruntime.</summary>
/// <param name="Name">The case in the list of tests.</param>
/// <param name="Build">Adds nodes to a builder, and gives the output.</param>
/// <param name="Opset">Version of the operators.</param>
/// <param name="Operators">Names of the graph's operators in their order, separated by spaces; empty where they do not matter.</param>
internal sealed record OnnxCase(string Name, Func<OnnxModelBuilder, string> Build, long Opset = 17, string Operators = "")
{
    public byte[] Model()
    {
        var builder = new OnnxModelBuilder(Opset);
        return builder.Output(Build(builder)).Build();
    }

    public override string ToString() => $"{Name} at opset {Opset}";
}
