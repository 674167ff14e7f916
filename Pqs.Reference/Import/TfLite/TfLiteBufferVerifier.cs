namespace Pqs.Reference.Import.TfLite;

/// <summary>
/// Walks a whole file by TensorFlow Lite's schema and checks every table, vector and string that is read later. Afterwards reading
/// cannot leave the buffer.
/// </summary>
internal sealed class TfLiteBufferVerifier
{
    private readonly FlatBufferVerifier _verifier;
    private readonly byte[] _bytes;

    private TfLiteBufferVerifier(byte[] bytes)
    {
        _bytes = bytes;
        _verifier = new FlatBufferVerifier(bytes);
    }

    public static bool Verify(byte[] bytes)
    {
        var verifier = new TfLiteBufferVerifier(bytes);
        return verifier._verifier.Root(verifier.Model);
    }

    private bool Model(int table) =>
        _verifier.Table(table)
        && _verifier.Scalar(table, TfLiteSchema.Model.Version, sizeof(int))
        && _verifier.Tables(table, TfLiteSchema.Model.OperatorCodes, OperatorCode)
        && _verifier.Tables(table, TfLiteSchema.Model.Subgraphs, Subgraph)
        && _verifier.Tables(table, TfLiteSchema.Model.Buffers, DataBuffer);

    private bool OperatorCode(int table) =>
        _verifier.Table(table)
        && _verifier.Scalar(table, TfLiteSchema.OperatorCode.DeprecatedBuiltinCode, sizeof(byte))
        && _verifier.Vector(table, TfLiteSchema.OperatorCode.CustomCode, sizeof(byte))
        && _verifier.Scalar(table, TfLiteSchema.OperatorCode.BuiltinCode, sizeof(int));

    private bool Subgraph(int table) =>
        _verifier.Table(table)
        && _verifier.Tables(table, TfLiteSchema.Subgraph.Tensors, Tensor)
        && _verifier.Vector(table, TfLiteSchema.Subgraph.Inputs, sizeof(int))
        && _verifier.Vector(table, TfLiteSchema.Subgraph.Outputs, sizeof(int))
        && _verifier.Tables(table, TfLiteSchema.Subgraph.Operators, Operator);

    private bool Tensor(int table) =>
        _verifier.Table(table)
        && _verifier.Vector(table, TfLiteSchema.Tensor.Shape, sizeof(int))
        && _verifier.Scalar(table, TfLiteSchema.Tensor.Type, sizeof(byte))
        && _verifier.Scalar(table, TfLiteSchema.Tensor.Buffer, sizeof(uint))
        && _verifier.Vector(table, TfLiteSchema.Tensor.Name, sizeof(byte))
        && _verifier.SingleTable(table, TfLiteSchema.Tensor.Quantization, Quantization)
        && _verifier.Scalar(table, TfLiteSchema.Tensor.IsVariable, sizeof(byte));

    private bool Quantization(int table) =>
        _verifier.Table(table)
        && _verifier.Vector(table, TfLiteSchema.Quantization.Scale, sizeof(float))
        && _verifier.Vector(table, TfLiteSchema.Quantization.ZeroPoint, sizeof(long))
        && _verifier.Scalar(table, TfLiteSchema.Quantization.DetailsType, sizeof(byte))
        && _verifier.Scalar(table, TfLiteSchema.Quantization.Dimension, sizeof(int));

    private bool DataBuffer(int table) =>
        _verifier.Table(table)
        && _verifier.Vector(table, TfLiteSchema.Buffer.Data, sizeof(byte))
        && _verifier.Scalar(table, TfLiteSchema.Buffer.Offset, sizeof(ulong))
        && _verifier.Scalar(table, TfLiteSchema.Buffer.Size, sizeof(ulong));

    private bool Operator(int table) =>
        _verifier.Table(table)
        && _verifier.Scalar(table, TfLiteSchema.Operator.OpcodeIndex, sizeof(uint))
        && _verifier.Vector(table, TfLiteSchema.Operator.Inputs, sizeof(int))
        && _verifier.Vector(table, TfLiteSchema.Operator.Outputs, sizeof(int))
        && _verifier.Scalar(table, TfLiteSchema.Operator.OptionsType, sizeof(byte))
        && _verifier.SingleTable(table, TfLiteSchema.Operator.Options, options => Options(options, OptionsTag(table)));

    private int OptionsTag(int operatorTable) =>
        new FlatTable(operatorTable, new Google.FlatBuffers.ByteBuffer(_bytes)).Byte(TfLiteSchema.Operator.OptionsType);

    /// <summary>Checks the options by the union's tag; those of a tag that is not listed are never read.</summary>
    private bool Options(int table, int tag)
    {
        byte[] fieldSizes = tag switch
        {
            TfLiteSchema.OptionsType.Conv2D => [1, 4, 4, 1, 4, 4],
            TfLiteSchema.OptionsType.DepthwiseConv2D => [1, 4, 4, 4, 1, 4, 4],
            TfLiteSchema.OptionsType.Pool2D => [1, 4, 4, 4, 4, 1],
            TfLiteSchema.OptionsType.FullyConnected => [1, 1],
            TfLiteSchema.OptionsType.Softmax => [4],
            TfLiteSchema.OptionsType.Add => [1],
            _ => [],
        };
        return _verifier.Table(table) && fieldSizes.Index().All(field => _verifier.Scalar(table, field.Index, field.Item));
    }
}
