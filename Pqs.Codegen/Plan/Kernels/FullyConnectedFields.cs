using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>Members that the parameter structs of fully connected kernels end with.</summary>
internal static class FullyConnectedFields
{
    public static IEnumerable<KernelField> Create(LayerContext layer, FullyConnected connected) =>
    [
        KernelField.Number("batches", layer.Input.Shape.ElementCount / connected.InputSize),
        KernelField.Number("input_size", connected.InputSize),
        KernelField.Number("output_size", connected.OutputChannels),
        KernelField.Number("output_zero_point", layer.Output.Quantization.ZeroPoint),
        .. ConvolutionFields.Clamp(connected.OutputRange),
    ];
}
