using System.Collections.Immutable;
using Pqs.Reference.Model;

namespace Pqs.Codegen.Passes;

/// <summary>The accumulator that a user asks for.</summary>
/// <param name="Bits">Width P, 8..32.</param>
/// <param name="Schedule">The schedule, or null for the cheapest one that is proven to give what the sorted one gives.</param>
public sealed record AccumulatorRequest(int Bits, Schedule? Schedule);

/// <summary>A request for the layers that a pattern names.</summary>
/// <param name="Pattern">A layer's number, its operator, or the name of its output tensor; <c>*</c> and <c>?</c> stand for any text and any character.</param>
/// <param name="Request">What is asked for.</param>
public sealed record LayerRequest(string Pattern, AccumulatorRequest Request);

/// <summary>What a user asks for, for a whole model. Later layer requests win over earlier ones, and all over the default.</summary>
/// <param name="Default">For layers that no pattern names; null leaves them as the model has them.</param>
/// <param name="Layers">By pattern.</param>
public sealed record AccumulatorRequests(AccumulatorRequest? Default, ImmutableArray<LayerRequest> Layers)
{
    public static AccumulatorRequests None { get; } = new(null, []);
}
