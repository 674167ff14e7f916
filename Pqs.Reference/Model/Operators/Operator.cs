namespace Pqs.Reference.Model.Operators;

/// <summary>What a node computes, with every number that its result depends on. Derived records are the whole set of operators.</summary>
public abstract record Operator
{
    /// <summary>The operator's name in tables and diagnostics.</summary>
    public abstract string Name { get; }
}
