using Pqs.Reference.Model;

namespace Pqs.Compress.Requests;

/// <summary>A layer with dot products, as requests see it.</summary>
/// <param name="Index">Its position among all nodes.</param>
/// <param name="Operator">The operator's name.</param>
/// <param name="Output">The name of the output tensor.</param>
/// <param name="IsDepthwise">True for depthwise convolutions.</param>
/// <param name="IsFirst">True for the first layer with dot products.</param>
public sealed record LayerIdentity(int Index, string Operator, string Output, bool IsDepthwise, bool IsFirst)
{
    /// <summary>True where the pattern names this layer (<see cref="LayerPattern"/>).</summary>
    public bool Matches(string pattern) => LayerPattern.Matches(pattern, Index, Operator, Output);
}
