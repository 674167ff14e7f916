namespace Pqs.Reference.FloatModel.Operators;

/// <summary>What a node computes in real numbers. Derived records are the whole set of operators.</summary>
public abstract record FloatOperator
{
    /// <summary>The operator's name in tables and diagnostics: that of its quantized counterpart.</summary>
    public abstract string Name { get; }
}
