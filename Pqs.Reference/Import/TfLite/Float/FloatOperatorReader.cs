using Pqs.Reference.FloatModel.Operators;
using Pqs.Reference.Import.TfLite.Operators;
using Pqs.Reference.Model;
using Schema = Pqs.Reference.Import.TfLite.TfLiteSchema.Pool2DOptions;

namespace Pqs.Reference.Import.TfLite.Float;

/// <summary>Operators without weights. Each reader reports what does not fit and returns null.</summary>
internal static class FloatOperatorReader
{
    public static FloatAdd? Add(SourceNode node, Shape first, Shape second)
    {
        if (node.ReadOptions(TfLiteSchema.OptionsType.Add) is not { } options
            || node.ReadFloatRange(options.SignedByte(TfLiteSchema.AddOptions.Activation)) is not { } range)
        {
            return null;
        }

        if (first != second)
        {
            node.Unsupported("shape", $"{first} + {second}", "both inputs must have the same shape; broadcasting is not done");
            return null;
        }

        return new FloatAdd(range);
    }

    public static FloatPool2D? Pool2D(SourceNode node, Shape input)
    {
        if (node.ReadOptions(TfLiteSchema.OptionsType.Pool2D) is not { } options
            || node.ReadFloatRange(options.SignedByte(Schema.Activation)) is not { } range)
        {
            return null;
        }

        return Pool2DImporter.ReadWindow(node, options, input) switch
        {
            null => null,
            { } window when node.Code == BuiltinOperator.AveragePool2D => new FloatAveragePool2D(window, range),
            { } window => new FloatMaxPool2D(window, range),
        };
    }

    public static FloatSoftmax? Softmax(SourceNode node)
    {
        if (node.ReadOptions(TfLiteSchema.OptionsType.Softmax) is not { } options)
        {
            return null;
        }

        if (options.Float(TfLiteSchema.SoftmaxOptions.Beta) is var beta && beta != 1)
        {
            node.Unsupported("beta", beta, "only 1 can be read");
            return null;
        }

        return new FloatSoftmax();
    }

    public static FloatPad? Pad(SourceNode node, Shape input, Shape output) =>
        PadImporter.ReadPaddings(node, input, output) is var (before, after) ? new FloatPad(before, after) : null;
}
