using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Pqs.Tests.FloatModel;

/// <summary>What onnxruntime computes: the witness for the import and the arithmetic of float models.</summary>
internal sealed class OnnxRuntimeOracle : IDisposable
{
    /// <summary>Its graph is run as it is: some of its own fusions, such as that of padding and MaxPool, change results.</summary>
    private readonly SessionOptions _options = new()
    {
        GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL,
        IntraOpNumThreads = 1,
        LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
    };

    private readonly InferenceSession _session;

    public OnnxRuntimeOracle(byte[] model) => _session = new InferenceSession(model, _options);

    /// <summary>Shapes of the inputs in the file's order; a dimension of unknown size is 1.</summary>
    public int[][] InputSizes => [.. _session.InputNames.Select(name => _session.InputMetadata[name].Dimensions.Select(size => Math.Max(size, 1)).ToArray())];

    /// <summary>The outputs, with their shapes, in the file's order.</summary>
    public (int[] Sizes, float[] Values)[] Run(float[][] inputs)
    {
        var sizes = InputSizes;
        var values = _session.InputNames.Select((name, index) => NamedOnnxValue.CreateFromTensor(name, new DenseTensor<float>(inputs[index], sizes[index])));
        using var results = _session.Run([.. values], _session.OutputNames);
        return [.. results.Select(result => (result.AsTensor<float>().Dimensions.ToArray(), result.AsTensor<float>().ToArray()))];
    }

    public void Dispose()
    {
        _session.Dispose();
        _options.Dispose();
    }
}
