using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Schema = Pqs.Reference.Import.TfLite.TfLiteSchema.Pool2DOptions;

namespace Pqs.Reference.Import.TfLite.Operators;

internal static class Pool2DImporter
{
    public static Pool2D? Import(SourceNode node, Tensor input, Tensor output)
    {
        if (node.ReadOptions(TfLiteSchema.OptionsType.Pool2D) is not { } options
            || node.ReadActivationRange(options.SignedByte(Schema.Activation), output.Quantization) is not { } range)
        {
            return null;
        }

        return ReadWindow(node, options, input.Shape) switch
        {
            null => null,
            { } w when node.Code == BuiltinOperator.AveragePool2D => new AveragePool2D(w, range),
            { } w => new MaxPool2D(w, range),
        };
    }

    public static Window? ReadWindow(SourceNode node, FlatTable options, Shape input) => node.ReadWindow(
        input,
        (options.Int(Schema.FilterHeight), options.Int(Schema.FilterWidth)),
        (options.Int(Schema.StrideHeight), options.Int(Schema.StrideWidth)),
        (1, 1),
        options.SignedByte(Schema.Padding));
}
