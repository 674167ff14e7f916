using Pqs.Reference.FloatModel;
using Pqs.Reference.FloatModel.Operators;

namespace Pqs.Reference.Import.Onnx.Float.Passes;

/// <summary>An activation by itself. Only in graphs that are being imported; the passes fuse it into the operator before.</summary>
internal sealed record Clamp(FloatRange Range) : FloatOperator
{
    public override string Name => "CLAMP";
}
