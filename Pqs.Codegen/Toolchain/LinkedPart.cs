namespace Pqs.Codegen.Toolchain;

/// <summary>What one object contributes to one section of the linked program.</summary>
/// <param name="OutputSection">The program's section.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Object">The object as the linker names it: a path, for a library's with the member in parentheses.</param>
internal sealed record LinkedPart(string OutputSection, long Size, string Object);
