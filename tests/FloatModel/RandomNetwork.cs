namespace Pqs.Tests.FloatModel;

/// <summary>A small random convolutional network, as exporters write them: normalizations, activations and paddings by themselves.</summary>
internal sealed class RandomNetwork
{
    private readonly Random _random;
    private readonly OnnxModelBuilder _builder;
    private readonly List<(string Name, int Channels, int Height, int Width)> _images = [];

    private RandomNetwork(int number)
    {
        _random = new Random(number);
        _builder = new OnnxModelBuilder(Pick(9L, 11, 13, 14, 17, 18, 21), number);
    }

    public static byte[] Numbered(int number) => new RandomNetwork(number).Build();

    private byte[] Build()
    {
        var (channels, height, width) = (Between(1, 5), Between(5, 12), Between(5, 12));
        _images.Add((_builder.Input(Pick(1, -1), channels, height, width), channels, height, width));
        for (var count = Between(1, 6); count > 0; count--)
        {
            AddLayer();
        }

        var (name, last, rows, columns) = _images[^1];
        if (Chance(30))
        {
            return _builder.Output(name).Build();
        }

        if (Chance(50))
        {
            name = _builder.Node("GlobalAveragePool", name);
            (rows, columns) = (1, 1);
        }

        var features = last * rows * columns;
        name = Chance(50) ? _builder.Node("Flatten", name) : _builder.Node("Reshape", [name, _builder.Integers(Pick(0, 1), -1)]);
        name = Chance(50)
            ? _builder.Node("Gemm", [name, _builder.Weights(7, features), _builder.Weights(7)], ("transB", 1))
            : _builder.Node("Add", [_builder.Node("MatMul", [name, _builder.Weights(features, 7)]), _builder.Weights(7)]);
        return _builder.Output(Chance(50) ? _builder.Node("Softmax", name) : name).Build();
    }

    private void AddLayer()
    {
        var (name, channels, height, width) = Pick(_images.ToArray());
        switch (Between(0, 9))
        {
            case 0 when Equal(channels, height, width) is { } other:
                Push(Activated(_builder.Node("Add", [name, other])), channels, height, width);
                break;
            case 1 when height > 1 && width > 1:
                Push(Pool(name, out var stride), channels, Pooled(height, stride), Pooled(width, stride));
                break;
            case 2:
                Push(Activated(Normalized(name, channels)), channels, height, width);
                break;
            case 3 when _builder.Opset >= 11:
                Push(_builder.Node("Pad", [name, _builder.Integers(0, 0, 1, 0, 0, 0, 0, 2)]), channels, height + 1, width + 2);
                break;
            case 4:
                Push(_builder.Node(Pick("Mul", "Add", "Sub", "Div"), [name, _builder.Positive(Pick<long[]>([], [channels, 1, 1]))]), channels, height, width);
                break;
            default:
                Convolution(name, channels, height, width);
                break;
        }
    }

    private void Convolution(string name, int channels, int height, int width)
    {
        var (kernel, stride, padding) = (Between(1, Math.Min(3, Math.Min(height, width))), Between(1, 2), Between(0, 2));
        var isDepthwise = Chance(30);
        var outputs = isDepthwise ? channels * Between(1, 2) : Between(1, 20);
        string[] bias = Chance(70) ? [_builder.Weights(outputs)] : [];
        var conv = _builder.Node(
            "Conv",
            [name, _builder.Weights(outputs, isDepthwise ? 1 : channels, kernel, kernel), .. bias],
            ("group", isDepthwise ? channels : 1),
            ("pads", new[] { padding, padding, padding, padding }),
            ("strides", new[] { stride, stride }));
        var result = Activated(Chance(60) ? Normalized(conv, outputs) : conv);
        Push(result, outputs, Size(height), Size(width));

        int Size(int size) => ((size + (2 * padding) - kernel) / stride) + 1;
    }

    private string Pool(string name, out int stride)
    {
        stride = Between(1, 2);
        return _builder.Node(Pick("MaxPool", "AveragePool"), name, ("kernel_shape", new[] { 2, 2 }), ("strides", new[] { stride, stride }));
    }

    private static int Pooled(int size, int stride) => ((size - 2) / stride) + 1;

    private string Normalized(string name, int channels) => _builder.Node(
        "BatchNormalization", [name, _builder.Positive(channels), _builder.Weights(channels), _builder.Weights(channels), _builder.Positive(channels)]);

    private string Activated(string name) => Between(0, 3) switch
    {
        0 => name,
        1 when _builder.Opset >= 11 => _builder.Node("Clip", [name, _builder.Scalar(0), _builder.Scalar(6)]),
        _ => _builder.Node("Relu", name),
    };

    private string? Equal(int channels, int height, int width) =>
        _images.Where(image => (image.Channels, image.Height, image.Width) == (channels, height, width)).Select(image => image.Name).LastOrDefault();

    private void Push(string name, int channels, int height, int width) => _images.Add((name, channels, height, width));

    private int Between(int minimum, int maximum) => _random.Next(minimum, maximum + 1);

    private bool Chance(int percent) => _random.Next(100) < percent;

    private T Pick<T>(params ReadOnlySpan<T> choices) => choices[_random.Next(choices.Length)];
}
