using System.Collections.Immutable;
using Pqs.Reference.FloatModel.Operators;

namespace Pqs.Reference.FloatModel;

/// <summary>One operator applied to tensors.</summary>
/// <param name="Origin">Where it comes from in the model file, for example <c>node 3 Conv</c>.</param>
/// <param name="Operator">What it computes.</param>
/// <param name="Inputs">Tensor ids; their number is fixed by the operator.</param>
/// <param name="Output">Tensor id.</param>
public sealed record FloatNode(string Origin, FloatOperator Operator, ImmutableArray<int> Inputs, int Output);
