namespace Pqs.Reference.Model.Operators;

/// <summary>A window slid over each channel; padding takes no part. Input and output share their quantization.</summary>
public abstract record Pool2D(Window Window, OutputRange OutputRange) : Operator;

/// <summary>The mean of the valid taps, rounded half away from zero.</summary>
public sealed record AveragePool2D(Window Window, OutputRange OutputRange) : Pool2D(Window, OutputRange)
{
    public override string Name => "AVERAGE_POOL_2D";
}

/// <summary>The largest of the valid taps.</summary>
public sealed record MaxPool2D(Window Window, OutputRange OutputRange) : Pool2D(Window, OutputRange)
{
    public override string Name => "MAX_POOL_2D";
}
