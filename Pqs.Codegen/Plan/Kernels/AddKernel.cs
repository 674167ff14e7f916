using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>Element-wise addition.</summary>
internal sealed class AddKernel : IKernel
{
    public IEnumerable<KernelCall> Lower(LayerContext layer) => layer.Node.Operator is Add add
        ? [new KernelCall(
            "pqs_add",
            "pqs_add_params",
            [
                KernelField.Number("count", layer.Output.Shape.ElementCount),
                KernelField.Number("input1_zero_point", layer.Input.Quantization.ZeroPoint),
                KernelField.Number("input1_multiplier", add.First.Multiplier),
                KernelField.Number("input1_shift", add.First.Shift),
                KernelField.Number("input2_zero_point", layer.Graph.Tensors[layer.Node.Inputs[1]].Quantization.ZeroPoint),
                KernelField.Number("input2_multiplier", add.Second.Multiplier),
                KernelField.Number("input2_shift", add.Second.Shift),
                KernelField.Number("output_multiplier", add.Output.Multiplier),
                KernelField.Number("output_shift", add.Output.Shift),
                KernelField.Number("output_zero_point", layer.Output.Quantization.ZeroPoint),
                .. ConvolutionFields.Clamp(add.OutputRange),
            ],
            [],
            MayRunInPlace: true)
        {
            Work = new KernelWork("add", [("call", 1), ("element", layer.Output.Shape.ElementCount)]),
        }]
        : [];
}
