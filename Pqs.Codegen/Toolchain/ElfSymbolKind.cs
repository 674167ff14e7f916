namespace Pqs.Codegen.Toolchain;

/// <summary>What a symbol names; the values are ELF's.</summary>
public enum ElfSymbolKind
{
    Untyped = 0,
    Object = 1,
    Function = 2,
    Section = 3,
    File = 4,
    Other = 5,
}
