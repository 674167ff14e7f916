namespace Pqs.Codegen.Toolchain;

/// <summary>A program built for the machine that builds it.</summary>
/// <param name="Path">Full path of the executable.</param>
/// <param name="Compiler">Name of the compiler that built it.</param>
public sealed record HostProgram(string Path, string Compiler);
