using Pqs.Reference.Model;

namespace Pqs.Reference.FloatModel.Operators;

/// <summary>An operator over windows of single channels; padding takes no part.</summary>
public abstract record FloatPool2D(Window Window, FloatRange Activation) : FloatOperator;

/// <summary>The mean of the taps inside the input.</summary>
public sealed record FloatAveragePool2D(Window Window, FloatRange Activation) : FloatPool2D(Window, Activation)
{
    public override string Name => "AVERAGE_POOL_2D";
}

/// <summary>The greatest of the taps inside the input.</summary>
public sealed record FloatMaxPool2D(Window Window, FloatRange Activation) : FloatPool2D(Window, Activation)
{
    public override string Name => "MAX_POOL_2D";
}
