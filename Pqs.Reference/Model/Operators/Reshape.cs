namespace Pqs.Reference.Model.Operators;

/// <summary>The same elements in the same order under another shape, which is the output tensor's.</summary>
public sealed record Reshape : Operator
{
    public override string Name => "RESHAPE";
}
