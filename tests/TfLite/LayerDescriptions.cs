using System.Collections.Immutable;

namespace Pqs.Tests.TfLite;

/// <summary>An activation tensor of a model under construction.</summary>
/// <param name="Index">Its number in the file.</param>
internal sealed record Activation(int Index, string Name, ImmutableArray<int> Shape, float Scale, int ZeroPoint)
{
    public int ElementCount => Shape.Aggregate(1, (product, dimension) => product * dimension);
}

/// <summary>Codes as in TensorFlow Lite's ActivationFunctionType.</summary>
internal enum FusedActivation
{
    None = 0,
    Relu = 1,
    ReluMinus1To1 = 2,
    Relu6 = 3,
}

/// <summary>Codes as in TensorFlow Lite's Padding.</summary>
internal enum PaddingKind
{
    Same = 0,
    Valid = 1,
}

/// <summary>How a layer's result is quantized.</summary>
/// <param name="Name">The tensor's name; by default its number.</param>
internal sealed record Result(float Scale, int ZeroPoint, FusedActivation Activation = FusedActivation.None, string? Name = null);

/// <summary>How a window moves.</summary>
internal sealed record Steps(
    PaddingKind Padding = PaddingKind.Valid, int StrideHeight = 1, int StrideWidth = 1, int DilationHeight = 1, int DilationWidth = 1);

/// <summary>The constants of a convolution or matrix.</summary>
/// <param name="Height">Rows of the kernel; 1 for a matrix.</param>
/// <param name="Width">Columns of the kernel; 1 for a matrix.</param>
/// <param name="Channels">Output channels; for a depthwise convolution a multiple of the input's.</param>
/// <param name="Weights">In the operator's own layout: see the records of Pqs.Reference.Model.Operators.</param>
/// <param name="Scales">One scale for all output channels, or one for each.</param>
/// <param name="Bias">One for each output channel, or null for a node without a bias operand.</param>
internal sealed record Filter(
    int Height, int Width, int Channels, ImmutableArray<sbyte> Weights, ImmutableArray<float> Scales, ImmutableArray<int>? Bias = null);
