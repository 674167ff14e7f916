namespace Pqs.Tests.FloatModel;

/// <summary>A model that is refused, and what must be said about it.</summary>
/// <param name="Name">The case in the list of tests.</param>
/// <param name="Id">Id of the first error.</param>
/// <param name="Place">Text that its place must contain.</param>
/// <param name="Message">Text that its message must contain.</param>
/// <param name="Build">Adds nodes to a builder, and gives the output.</param>
/// <param name="Opset">Version of the operators.</param>
internal sealed record OnnxRefusal(string Name, string Id, string Place, string Message, Func<OnnxModelBuilder, string> Build, long Opset = 17)
{
    public byte[] Model()
    {
        var builder = new OnnxModelBuilder(Opset);
        return builder.Output(Build(builder)).Build();
    }

    public override string ToString() => $"{Id} {Name}";
}
