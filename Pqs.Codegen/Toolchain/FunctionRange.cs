namespace Pqs.Codegen.Toolchain;

/// <summary>The addresses that a linked function takes.</summary>
/// <param name="Symbol">It, or one of its aliases.</param>
/// <param name="Start">Its first address.</param>
/// <param name="End">The address after its last.</param>
internal sealed record FunctionRange(ElfSymbol Symbol, uint Start, uint End)
{
    public bool Holds(uint address) => address >= Start && address < End;
}
