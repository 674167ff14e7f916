using Pqs.Codegen.Analysis;

namespace Pqs.Codegen.Commands;

/// <summary>Proofs as people and programs read them.</summary>
internal static class ProofText
{
    public static string Name(Proof proof) => proof switch
    {
        Proof.AnyOrder => "any order",
        Proof.SortedOrder => "sorted order",
        _ => "none",
    };
}
