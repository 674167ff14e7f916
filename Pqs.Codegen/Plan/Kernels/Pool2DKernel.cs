using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>Average and maximum over windows.</summary>
internal sealed class Pool2DKernel : IKernel
{
    public IEnumerable<KernelCall> Lower(LayerContext layer)
    {
        if (layer.Node.Operator is not Pool2D pool)
        {
            yield break;
        }

        var (input, output) = (layer.Input.Shape, layer.Output.Shape);
        yield return new KernelCall(
            pool is AveragePool2D ? "pqs_average_pool_2d" : "pqs_max_pool_2d",
            "pqs_pool_2d_params",
            [
                KernelField.Number("batches", input[0]),
                KernelField.Number("input_height", input[1]),
                KernelField.Number("input_width", input[2]),
                KernelField.Number("channels", input[3]),
                KernelField.Number("output_height", output[1]),
                KernelField.Number("output_width", output[2]),
                KernelField.Number("filter_height", pool.Window.Vertical.Kernel),
                KernelField.Number("filter_width", pool.Window.Horizontal.Kernel),
                .. ConvolutionFields.Stride(pool.Window),
                .. ConvolutionFields.Padding(pool.Window),
                .. ConvolutionFields.Clamp(pool.OutputRange),
            ],
            [])
        {
            Work = new KernelWork(
                pool is AveragePool2D ? "average_pool_2d" : "max_pool_2d",
                [
                    ("call", 1),
                    ("pixel", output.ElementCount / output[3]),
                    ("element", output.ElementCount),
                    ("tap", (double)output.ElementCount * pool.Window.Vertical.Kernel * pool.Window.Horizontal.Kernel),
                ]),
        };
    }
}
